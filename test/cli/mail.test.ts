import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { renderMail, renderMailbox, renderMails } from '../../cli/render/mail.ts';
import { openMailbox } from '../../infra/local/mail/mailbox.ts';
import { mailboxPage } from '../../infra/local/mail/mailbox-page.ts';
import { startFakeAws } from './fake-aws.ts';
import { CLOCK, REQUEST_ID } from './reports.ts';
import { runDsr } from './run-dsr.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
afterAll(() => rmSync(folder, { recursive: true }));
let aws: Awaited<ReturnType<typeof startFakeAws>> | undefined;
afterEach(() => aws?.stop());

const listed = [
  {
    mailId: 'a1b2c3',
    receivedAt: '2026-11-23T12:00:00Z',
    fate: 'quarantined' as const,
    reason: 'repeatedHeader',
    header: 'from',
    requestIds: [],
  },
  {
    mailId: 'd4e5f6',
    receivedAt: '2026-11-23T11:00:00Z',
    fate: 'request' as const,
    requestIds: [REQUEST_ID],
  },
];

describe('dsr mail', () => {
  it('lists what came in, with its fate and what told', () => {
    const [head, first, second] = renderMails(listed, CLOCK).split('\n');
    expect(head).toMatch(/^Message +Received +Fate +Requests$/);
    expect(first).toMatch(/^a1b2c3 .*quarantined, repeated header, from$/);
    expect(second).toContain(REQUEST_ID);
  });

  it('shows a message as the caller, and steers no terminal with it', async () => {
    const shown = {
      outcome: 'disclosed' as const,
      from: 'mallory@elsewhere.example',
      subject: 'hello\u001b[2J',
      lines: ['one', 'two'],
    };
    expect(renderMail(shown)).toBe(
      'From: mallory@elsewhere.example\nSubject: hello�[2J\n\none\ntwo',
    );
    const arn = 'arn:aws:iam::000000000000:user/dsr-operator';
    aws = await startFakeAws({ DiscloseMail: () => shown }, arn);
    const ended = await runDsr(['mail', 'show', 'a1b2c3', '--json'], { endpoint: aws.endpoint });
    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual(shown);
    expect(aws.invoked).toEqual([
      { name: 'DiscloseMail', input: { mailId: 'a1b2c3', by: 'dsr-operator' } },
    ]);
  });

  it.each([
    [{ outcome: 'handled', fate: 'unclear' }, 0, 'Read again: unclear.'],
    [{ outcome: 'alreadyHandled', fate: 'request' }, 4, 'was handled (request)'],
    [{ outcome: 'onItsWay' }, 4, 'within seven hours'],
    [{ outcome: 'unknown' }, 3, 'no such message'],
  ])('has a message read again, and says what came of it: %j', async (answer, exitCode, words) => {
    aws = await startFakeAws({ RereadMail: () => answer }, 'arn:x:y:z:1:user/dsr-operator');
    const ended = await runDsr(['mail', 'again', 'a1b2c3'], { endpoint: aws.endpoint });
    expect(ended.stdout).toContain(words);
    expect(ended.exitCode).toBe(exitCode);
    expect(aws.invoked).toEqual([
      { name: 'RereadMail', input: { mailId: 'a1b2c3', by: 'dsr-operator' } },
    ]);
  });

  it('says that a message is not kept any more', async () => {
    aws = await startFakeAws({ DiscloseMail: () => ({ outcome: 'gone' }) }, 'arn:x:y:z:1:user/a');
    const ended = await runDsr(['mail', 'show', 'a1b2c3'], { endpoint: aws.endpoint });
    expect(ended.exitCode).toBe(3);
    expect(ended.stdout).toContain('two weeks');
  });
});

describe('the mailbox', () => {
  it('keeps mails in their order, and shows them as text', async () => {
    const mailbox = openMailbox(folder);
    for (const subject of ['first', '<script>alert(1)</script>'])
      mailbox.keep(Buffer.from(`To: a@b.example\r\nSubject: ${subject}\r\n\r\n<img src=x>\r\n`));
    const mails = await mailbox.mails();
    expect(mails.map(({ number, subject }) => [number, subject])).toEqual([
      [1, 'first'],
      [2, '<script>alert(1)</script>'],
    ]);
    const page = String(await mailboxPage(mails));
    expect(page).not.toMatch(/<script|<img/);
    expect(page.indexOf('&lt;script')).toBeLessThan(page.indexOf('first'));
    expect(renderMailbox(mails)).toContain('a@b.example');
  });
});
