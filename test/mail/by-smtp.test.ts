import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { SendMailOptions } from 'nodemailer';
import type { MailDoorServer } from '../../infra/local/mail/mail-door.ts';
import type { SentMail } from '../../infra/local/mail/mailbox.ts';
import { openDoorOf } from '../../infra/local/mail/open-door.ts';
import { readMailbox, sendTo } from '../../infra/local/mail/writing.ts';
import { until } from '../../infra/local/patience.ts';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { patientDesk } from '../emulator/patient-desk.ts';
import { testMailbox, testPlatform } from '../emulator/platform.ts';

const ADMIN = 'tenant-admin@shop.example';
const DOOR = 'privacy@requests.shop.example';
/** Nobody whom another test knows. */
const PERSON = 'written.by.mail@example.org';

let platform: RunningPlatform;
let mailbox: string;
let door: MailDoorServer;

beforeAll(async () => {
  mailbox = await testMailbox();
  const shared = await testPlatform();
  platform = { ...shared, desk: patientDesk(shared.desk) };
  door = await openDoorOf(platform, 0);
}, 600_000);
afterAll(() => door?.close());

const send = (mail: SendMailOptions) => sendTo(door, { to: DOOR, ...mail });

/** What came out by SMTP and speaks of something, oldest first; waits for the first. */
const mailsAbout = (about: string | RegExp): Promise<SentMail[]> =>
  until(`a mail about ${about} left`, async () => {
    const mails = (await readMailbox(mailbox)).filter(
      ({ subject, text }) => `${subject}\n${text}`.search(about) >= 0,
    );
    return mails.length > 0 ? mails : undefined;
  });

/** Of the one request that mail has opened, newest first. */
const opened = (kind: string): Promise<string> =>
  until('the request is opened', async () => {
    const [mail] = (await platform.desk.mails()).filter(({ fate }) => fate === kind);
    return mail?.requestIds[0];
  });
const fates = async () => (await platform.desk.mails()).map(({ fate }) => fate);

it('erases by mail: asked by SMTP, confirmed by a reply with the code, and by nothing else', async () => {
  await send({ from: ADMIN, subject: `delete ${PERSON}`, text: 'She called.' });
  const requestId = await opened('request');
  const listed = (await platform.desk.list()).find((one) => one.requestId === requestId);
  expect(listed?.status).not.toBe('closed');
  const [understood] = await mailsAbout(new RegExp(`was understood of your mail[^]*${requestId}`));
  expect(understood?.to).toBe(ADMIN);
  expect(understood?.text).toContain(requestId);
  expect(understood?.text).not.toContain(PERSON);

  const [asked] = await mailsAbout(`confirm request ${requestId}`);
  expect(asked?.to).toBe(ADMIN);
  const [, code = ''] = /Code: (\S+)/.exec(asked?.text ?? '') ?? [];
  const quoted = `On Wednesday, Privacy wrote:\n${asked?.text.replace(/^/gm, '> ')}`;
  const subject = `Re: ${asked?.subject}`;
  // Somebody else, a forged admin, and the admin's out-of-office: all of them have the code.
  const text = `${code}\n\n${quoted}`;
  await send({ from: 'mallory@elsewhere.example', subject, text });
  const envelope = { from: 'mallory@elsewhere.example', to: DOOR };
  await send({ from: ADMIN, envelope, subject, text });
  const away = { 'Auto-Submitted': 'auto-replied' };
  await send({ from: ADMIN, subject: `Automatic reply: ${asked?.subject}`, text, headers: away });
  await send({ from: ADMIN, subject, text: `I am away.\n\n${quoted}` });
  await until('their fates are recorded', async () => {
    const recorded = await fates();
    return recorded.length === 5 && recorded.every(Boolean) ? true : undefined;
  });
  expect((await fates()).sort()).toEqual([
    ...['ignored', 'intake', 'quarantined', 'request', 'unclear'],
  ]);
  const waiting = await platform.desk.status(requestId);
  expect(waiting?.waits.map(({ kind }) => kind)).toEqual(['confirmation']);

  await send({ from: ADMIN, subject, text });
  await mailsAbout(`Request ${requestId}: confirmed`);
  const closed = await until('the request closes', async () => {
    const report = await platform.desk.status(requestId);
    return report?.request.status === 'closed' ? report.request : undefined;
  });
  expect(closed).toMatchObject({ kind: 'erasure', channel: 'mail', outcome: 'nothingHeld' });
}, 600_000);

it('shows what somebody wrote to whoever asks for it by name', async () => {
  const [mail] = (await platform.desk.mails()).filter(({ fate }) => fate === 'request');
  const shown = await platform.desk.discloseMail({ mailId: mail?.mailId ?? '', by: 'test' });
  expect(shown).toMatchObject({ outcome: 'disclosed', from: ADMIN, lines: ['She called.'] });
});

it('refreshes a source that the support contact asks for, and decides nothing by it', async () => {
  const { email: from } = platform.demo.platform.supportContact;
  await send({ from, subject: 'Re: [crm] refresh failed for good', text: 'retry' });
  await until(
    'a refresh was asked for',
    async () => (await fates()).includes('refresh') || undefined,
  );
  const [answer] = await mailsAbout('A refresh is queued');
  expect(answer?.to).toBe(from);
  expect(answer?.text).toContain('crm is refreshed by the next cycle');
});
