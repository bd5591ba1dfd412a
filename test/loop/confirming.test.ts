import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { submit, visit } from '../../infra/local/loop-pages.ts';
import { until } from '../../infra/local/patience.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, dynamo, rowsOf } from '../../lambdas/adapters/dynamo.ts';
import { findWait } from '../../lambdas/adapters/waits.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import {
  aLoop,
  answerOf,
  aRequest,
  asked,
  type Loop,
  mailed,
  offered,
  statusOf,
  wrong,
} from './a-loop.ts';

let loop: Loop;
beforeAll(async () => {
  loop = await aLoop();
}, 600_000);

const decision = (requestId: string) => answerOf(requestId, 'confirmation');
const reasonOf = async (requestId: string) =>
  (await findWait(requestId, 'confirmation', 1))?.reasonCode;
const ledgerOf = async (requestId: string) =>
  (
    await all(
      rowsOf<{ event: string; facts?: object }>(
        configuration().ledgerTable,
        `request/${requestId}`,
      ),
    )
  ).map(({ event }) => event);

describe('a confirmation', () => {
  it('goes to the registered admin alone, and names nobody in full', async () => {
    const { requestId } = await asked(loop);
    const mails = await mailsNaming(requestId);
    expect(mails.map(({ To }) => To)).toEqual([['tenant-admin@shop.example']]);
    const [mail] = mails;
    expect(mail?.Subject).toBe(`Please confirm request ${requestId}`);
    expect(mail?.BodyText).toContain('email a…t@e….org');
    expect(mail?.BodyText).not.toContain('anna.schmidt');
  });

  it('is given by a code that is typed, however it is typed', async () => {
    const { requestId, page, code } = await asked(loop);
    const answer = await submit(page, { code: ` ${code.toLowerCase().replace('-', ' ')} ` });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<h1>Confirmed</h1>');
    expect(await decision(requestId)).toMatchObject({ option: 'confirmed', by: 'tenantAdmin' });
    expect(await statusOf(requestId)).toBe('open');
    expect(await ledgerOf(requestId)).toEqual([
      ...['askForConfirmation', 'codeIssued', 'waitTold', 'codeTried', 'decided'],
    ]);
  });

  it('is denied by the same code, and the reason is kept where nobody reads it', async () => {
    const { requestId, page, code } = await asked(loop);
    const answer = await submit(page, {
      code,
      answer: 'deny',
      reason: 'Anna never asked for this',
    });
    expect(await answer.text()).toContain('<h1>Denied</h1>');
    expect(await decision(requestId)).toMatchObject({ option: 'denied', reasonCode: 'given' });
    const rows = JSON.stringify(await all(rowsOf(configuration().requestsTable, requestId)));
    expect(rows).toContain('FREETEXT#reason WAIT#confirmation#1');
    expect(rows).not.toContain('never asked');
  });

  it('is asked once, whatever repeats the step', async () => {
    const { requestId, code } = await asked(loop);
    const again = await loop.steps.askForConfirmation(requestId);
    expect(again).toEqual({ outcome: 'asked', wait: 'WAIT#confirmation#1' });
    expect((await mailed(requestId)).code).toBe(code);
    expect(await mailsNaming(requestId)).toHaveLength(1);
  });

  it('of which no mail left gets a new code, and the old one is void', async () => {
    const { requestId, page, code } = await asked(loop);
    await dynamo.send(
      new UpdateCommand({
        TableName: configuration().requestsTable,
        Key: { pk: requestId, sk: 'WAIT#confirmation#1' },
        UpdateExpression: 'REMOVE toldAt',
      }),
    );
    await loop.steps.askForConfirmation(requestId);
    const now = await mailed(requestId);
    expect(now.page).toBe(page);
    expect(now.code).not.toBe(code);
    expect((await submit(page, { code })).status).toBe(403);
    expect((await submit(page, { code: now.code })).status).toBe(200);
  });
});

describe('nobody confirms', () => {
  it('who opens every page and submits every form without the code', async () => {
    const { requestId, page } = await asked(loop);
    for (let i = 0; i < 8; i += 1) {
      for (const method of ['GET', 'HEAD'])
        expect((await visit(page, { method })).status).toBe(200);
      for (const form of [
        {},
        { code: '' },
        { code: 'test@example.com', reason: 'test', answer: 'confirm' },
        { answer: 'deny', code: 'true', reason: 'x'.repeat(500) },
      ])
        expect((await submit(page, form as Record<string, string>)).status).toBe(403);
    }
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await visit(page, { method })).status).toBeGreaterThanOrEqual(400);
    expect(await decision(requestId)).toBeUndefined();
    const { code } = await mailed(requestId);
    expect((await submit(page, { code })).status).toBe(200);
  });

  it('with the code of another request, or of another purpose', async () => {
    const [mine, other] = [await asked(loop), await asked(loop)];
    const packaged = await offered(loop);
    for (const { code } of [other, packaged])
      expect((await submit(mine.page, { code })).status).toBe(403);
    const swapped = packaged.page.replace('/collect/', '/confirm/');
    expect((await submit(swapped, { code: packaged.code })).status).toBe(404);
    for (const { requestId } of [mine, other]) expect(await decision(requestId)).toBeUndefined();
  });

  it('twice with one code', async () => {
    const { requestId, page, code } = await asked(loop);
    await submit(page, { code });
    const replay = await submit(page, { code, answer: 'deny' });
    expect(replay.status).toBe(410);
    expect(await replay.text()).toContain('Already done');
    expect(await decision(requestId)).toMatchObject({ option: 'confirmed' });
  });

  it('with one code at once, but for one of them', async () => {
    const { requestId, page, code } = await asked(loop);
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, i) =>
        submit(page, { code, answer: i % 2 ? 'deny' : 'confirm' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await ledgerOf(requestId)).filter((event) => event === 'decided')).toHaveLength(1);
  });

  it('after five wrong codes, with the right one', async () => {
    const { requestId, page, code } = await asked(loop);
    const words: string[] = [];
    for (let i = 0; i < 5; i += 1)
      words.push(await (await submit(page, { code: wrong(code) })).text());
    expect(words[0]).toContain('4 tries are left');
    expect(words[3]).toContain('1 try is left');
    expect(words[4]).toContain('This code is locked');
    const right = await submit(page, { code });
    expect(right.status).toBe(423);
    expect(await decision(requestId)).toBeUndefined();
    expect(await reasonOf(requestId)).toBe('codeLocked');
  });

  it('by guessing at once more often than one after the other', async () => {
    const { requestId, page, code } = await asked(loop);
    await Promise.all(Array.from({ length: 12 }, () => submit(page, { code: wrong(code) })));
    expect((await submit(page, { code })).status).toBe(423);
    const tries = (await ledgerOf(requestId)).filter((event) => event === 'codeTried');
    expect(tries).toHaveLength(5);
  });

  it('when it has expired, before the sweeper comes by and after', async () => {
    const { requestId, page, code } = await asked(loop);
    await overdue(requestId);
    const answer = await submit(page, { code });
    expect(answer.status).toBe(410);
    expect(await answer.text()).toContain('This has expired');
    expect(await decision(requestId)).toBeUndefined();
  });

  it('of an erasure, which does not expire, but for the one who has the code', async () => {
    const { requestId, page, code } = await asked(loop, 'erasure');
    await overdue(requestId);
    expect((await submit(page, { code })).status).toBe(200);
    expect(await decision(requestId)).toMatchObject({ option: 'confirmed' });
  });

  it('of a link that nobody was sent', async () => {
    const { page } = await asked(loop);
    for (const path of ['0'.repeat(32), 'x', '%2e%2e%2f', "1' OR '1'='1", 'a/b'])
      expect((await visit(page.replace(/[^/]+$/, path))).status).toBe(404);
  });
});

describe('a reply with the code', () => {
  it('confirms the request that it names, and no other', async () => {
    const [mine, other] = [await asked(loop), await asked(loop)];
    const reply = (requestId: string, code: string) =>
      loop.steps.confirmByCode({ requestId, code, via: 'reply' }, new Date());
    expect(await reply(other.requestId, mine.code)).toMatchObject({
      outcome: 'wrongCode',
      triesLeft: 4,
    });
    expect(await reply(mine.requestId, mine.code)).toEqual({
      outcome: 'accepted',
      requestId: mine.requestId,
    });
    expect(await reply(mine.requestId, mine.code)).toMatchObject({ outcome: 'alreadyUsed' });
    expect(await reply(ulid(), mine.code)).toEqual({ outcome: 'unknown' });
    expect(await reply('not an id', mine.code)).toEqual({ outcome: 'unknown' });
  });

  it('is about nothing when it names one request beside the link of another', async () => {
    const [mine, other] = [await asked(loop), await asked(loop)];
    const link = mine.page.split('/').at(-1) ?? '';
    const typed = { link, requestId: other.requestId, code: mine.code, via: 'page' as const };
    expect(await loop.steps.confirmByCode(typed, new Date())).toEqual({ outcome: 'unknown' });
  });
});

describe('a page', () => {
  it('says what is asked, escaped, and tells no cache, frame, script or other site', async () => {
    const requestId = await aRequest('portability', '<b>"x"&amp;@<script>.org');
    await loop.steps.askForConfirmation(requestId);
    const { page } = await mailed(requestId);
    const answer = await visit(page);
    const text = await answer.text();
    expect(text).toContain('machine-readable');
    expect(text).toContain(requestId);
    expect(text).not.toMatch(/<b>|<script/i);
    expect(text).toContain('&lt;…');
    const { headers } = answer;
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(headers.get('content-security-policy')).not.toMatch(/script|unsafe/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it('escapes a reason that it shows again', async () => {
    const { page, code } = await asked(loop);
    const reason = '</textarea><script>alert(1)</script>';
    const text = await (await submit(page, { code: wrong(code), answer: 'deny', reason })).text();
    expect(text).toContain('&lt;/textarea&gt;&lt;script&gt;');
    expect(text).not.toContain('<script');
  });

  it('takes no form of a size that no person types', async () => {
    const { page, code } = await asked(loop);
    const answer = await submit(page, { code, reason: 'x'.repeat(20_000) });
    expect(answer.status).toBe(413);
  });
});

describe('whoever was denying', () => {
  it('is asked again when “confirm” comes with a reason, as Enter sends it, and nothing is done', async () => {
    const { requestId, page, code } = await asked(loop);
    const answer = await submit(page, { code, answer: 'confirm', reason: 'She never asked.' });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('Nothing was done');
    expect(await answerOf(requestId, 'confirmation')).toBeUndefined();
    expect((await submit(page, { code, answer: 'deny', reason: 'She never asked.' })).status).toBe(
      200,
    );
    expect(await answerOf(requestId, 'confirmation')).toMatchObject({ option: 'denied' });
  });

  it('finds the button that denies first after a mistyped code: Enter presses that', async () => {
    const { page } = await asked(loop);
    const text = await (await submit(page, { code: 'what?', answer: 'deny' })).text();
    expect(text.indexOf('value="deny"')).toBeLessThan(text.indexOf('value="confirm"'));
  });
});

describe('a mail that comes back', () => {
  it('is shown on its wait, and told to the operator, who can send a new code', async () => {
    const { requestId } = await asked(loop);
    const asking = await findWait(requestId, 'confirmation', 1);
    if (!asking) throw new Error('Nobody was asked.');
    const words = { subject: 'Comes back', text: 'Nobody lives there.' };
    await loop.steps.sendAbout(asking, 'bounce@simulator.amazonses.com', words);
    await until('the wait shows it', async () =>
      (await reasonOf(requestId)) === 'undeliverable' ? true : undefined,
    );
    const wait = await findWait(requestId, 'confirmation', 1);
    expect(wait?.answer).toBeUndefined();
    expect(wait?.deadline && wait.deadline > new Date().toISOString()).toBe(true);
    const told = async () =>
      (await mailsNaming(requestId)).filter(({ To }) => To.includes('operator@shop.example'));
    const [mail] = await until('the operator is told', async () => {
      const mails = await told();
      return mails.length > 0 ? mails : undefined;
    });
    expect(mail?.Subject).toBe(`Request ${requestId}: a mail could not be delivered`);
    expect(mail?.BodyText).toContain(`dsr reissue ${requestId}`);

    expect(await loop.steps.reissuePackage(requestId, 'an-operator')).toEqual({
      outcome: 'reissued',
    });
    expect(await reasonOf(requestId)).toBe('unconfirmed');
    const { page, code } = await mailed(requestId);
    expect((await submit(page, { code })).status).toBe(200);
  });

  it('as SES tells it of a configuration set is known too, once', async () => {
    const { requestId } = await asked(loop);
    const [{ MessageId: messageId } = { MessageId: '' }] = await mailsNaming(requestId);
    const complaint = { eventType: 'Complaint', mail: { messageId } };
    for (let i = 0; i < 2; i += 1)
      await new SNSClient(loop.platform.connection).send(
        new PublishCommand({
          TopicArn: loop.platform.outputs.MailEventsTopic,
          Message: JSON.stringify(complaint),
        }),
      );
    await until('the wait shows it', async () =>
      (await reasonOf(requestId)) === 'undeliverable' ? true : undefined,
    );
    expect(await decision(requestId)).toBeUndefined();
  });
});

/** Its deadline passed a second ago. */
async function overdue(requestId: string): Promise<void> {
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: { pk: requestId, sk: 'WAIT#confirmation#1' },
      UpdateExpression: 'SET deadline = :past REMOVE duePartition, dueAt',
      ExpressionAttributeValues: { ':past': new Date(Date.now() - 1000).toISOString() },
    }),
  );
}
