import { beforeAll, describe, expect, it } from '@jest/globals';
import { submit, visit } from '../../infra/local/loop-pages.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { all, rowsOf } from '../../lambdas/adapters/dynamo.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import {
  aLoop,
  answerOf,
  asked,
  kept,
  type Loop,
  mailed,
  offered,
  PACKAGE,
  wrong,
} from './a-loop.ts';

let loop: Loop;
beforeAll(async () => {
  loop = await aLoop();
}, 600_000);

/** The address of the download, as the page has it. */
async function downloadFrom(answer: Response): Promise<string> {
  const [, url = ''] = /<a class="button" href="([^"]+)"/.exec(await answer.text()) ?? [];
  return url.replaceAll('&amp;', '&');
}
const downloads = async (requestId: string) =>
  (
    await all(rowsOf<{ event: string }>(configuration().ledgerTable, `request/${requestId}`))
  ).filter(({ event }) => event === 'packageDownloaded').length;

describe('a package', () => {
  it('is offered in two mails to the registered admin: where it is, and what opens it', async () => {
    const { requestId, page, code } = await offered(loop);
    const mails = await mailsNaming(requestId);
    expect(mails.map(({ To }) => To.join())).toEqual(Array(2).fill('tenant-admin@shop.example'));
    const [where, what] = mails.map(({ BodyText }) => BodyText);
    expect(where).toContain(page);
    expect(where).not.toContain(code);
    expect(what).toContain(code);
    expect(what).not.toContain(page);
    for (const { BodyText } of mails) expect(BodyText).not.toMatch(/X-Amz|\.zip/);
  });

  it('is handed over once, for a code, and the download stands in the ledger', async () => {
    const { requestId, page, code } = await offered(loop);
    const answer = await submit(page, { code });
    expect(answer.status).toBe(200);
    const url = await downloadFrom(answer);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
    const file = await fetch(url);
    expect(await file.text()).toBe(PACKAGE);
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="export-${requestId}.zip"`,
    );
    expect(await answerOf(requestId, 'collection')).toMatchObject({ option: 'collected' });
    expect(await downloads(requestId)).toBe(1);

    const second = await submit(page, { code });
    expect(second.status).toBe(410);
    expect(await second.text()).toContain('The package was collected.');
    expect(await downloads(requestId)).toBe(1);
  });

  it('that is encrypted is offered with the words that open it, and named as what it is', async () => {
    const { requestId, page, code } = await offered(loop, 'age1thekey');
    const opening = `age -d -i key.txt -o export-${requestId}.zip export-${requestId}.zip.age`;
    const [where] = await mailsNaming(requestId);
    for (const text of [where?.BodyText, await (await fetch(page)).text()]) {
      expect(text).toContain('age1thekey');
      expect(text).toContain(opening);
    }
    const file = await fetch(await downloadFrom(await submit(page, { code })));
    expect(await file.text()).toBe(PACKAGE);
    expect(file.headers.get('content-disposition')).toBe(
      `attachment; filename="export-${requestId}.zip.age"`,
    );
  });

  it('that was cut off is taken up within the minute', async () => {
    const { page, code } = await offered(loop);
    const url = await downloadFrom(await submit(page, { code }));
    const rest = await fetch(url, { headers: { Range: 'bytes=10-' } });
    expect(rest.status).toBe(206);
    expect(await rest.text()).toBe(PACKAGE.slice(10));
  });

  it('that was cut off later is handed over once more, while it is kept', async () => {
    const { requestId, page, code } = await offered(loop);
    await submit(page, { code });
    expect(await loop.steps.reissuePackage(requestId, 'an-admin')).toEqual({ outcome: 'gone' });
    await kept(requestId, new Date(Date.now() + 3_600_000));
    expect(await loop.steps.reissuePackage(requestId, 'an-admin')).toEqual({ outcome: 'reissued' });
    const again = await mailed(requestId);
    expect((await submit(page, { code })).status).toBe(403);
    const url = await downloadFrom(await submit(again.page, { code: again.code }));
    expect(await (await fetch(url)).text()).toBe(PACKAGE);
    expect((await submit(again.page, { code: again.code })).status).toBe(410);
    expect(await downloads(requestId)).toBe(2);
  });

  it('whose link a clock that ran ahead has signed is handed over once more by the right one', async () => {
    const { requestId, page, code } = await offered(loop);
    const typed = { link: page.split('/').at(-1) ?? '', code };
    const anHourAhead = new Date(Date.now() + 3_600_000);
    expect((await loop.steps.collectByCode(typed, anHourAhead)).outcome).toBe('accepted');
    expect((await submit(page, { code })).status).toBe(410);
    await kept(requestId, new Date(Date.now() + 7_200_000));
    expect(await loop.steps.reissuePackage(requestId, 'an-admin')).toEqual({ outcome: 'reissued' });
    const again = await mailed(requestId);
    const url = await downloadFrom(await submit(again.page, { code: again.code }));
    expect(await (await fetch(url)).text()).toBe(PACKAGE);
  });

  it('is kept for another code until its time, and not a moment longer', async () => {
    const { requestId, page, code } = await offered(loop);
    await submit(page, { code });
    await kept(requestId, new Date(Date.now() + 1));
    await loop.steps.reissuePackage(requestId, 'an-admin');
    const again = await mailed(requestId);
    const late = await submit(again.page, { code: again.code });
    expect(late.status).toBe(410);
    expect(await late.text()).toContain('This has expired');
  });

  it('is not handed over to who opens and submits everything', async () => {
    const { requestId, page } = await offered(loop);
    for (const method of ['GET', 'HEAD', 'GET'])
      expect((await visit(page, { method })).status).toBe(200);
    for (const form of [{}, { code: '' }, { code: 'download' }])
      expect((await submit(page, form as Record<string, string>)).status).toBe(403);
    expect(await answerOf(requestId, 'collection')).toBeUndefined();
    expect(await downloads(requestId)).toBe(0);
  });

  it('is not handed over for the code that confirmed, nor for that of another package', async () => {
    const [mine, other] = [await offered(loop), await offered(loop)];
    const confirmation = await asked(loop);
    for (const { code } of [other, confirmation])
      expect((await submit(mine.page, { code })).status).toBe(403);
    expect(await answerOf(mine.requestId, 'collection')).toBeUndefined();
  });

  it('is locked after five wrong codes, until a new one is sent', async () => {
    const { requestId, page, code } = await offered(loop);
    for (let i = 0; i < 5; i += 1) await submit(page, { code: wrong(code) });
    expect((await submit(page, { code })).status).toBe(423);
    expect((await visit(page)).status).toBe(423);
    expect(await loop.steps.reissuePackage(requestId, 'an-operator')).toEqual({
      outcome: 'reissued',
    });
    const again = await mailed(requestId);
    expect((await submit(again.page, { code: again.code })).status).toBe(200);
  });

  it('of which nothing was packed keeps its code, and tells a number for the operator', async () => {
    const { requestId, page, code } = await asked(loop);
    await loop.steps.offerPackage(requestId, 2);
    const { page: collect, code: opens } = await mailed(requestId);
    expect(collect).not.toBe(page);
    expect(opens).not.toBe(code);
    const answer = await submit(collect, { code: opens });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toMatch(/<code>[0-9A-Z]{26}<\/code>/);
    expect(await answerOf(requestId, 'collection')).toBeUndefined();
  });
});
