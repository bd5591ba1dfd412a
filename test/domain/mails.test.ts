import { describe, expect, it } from '@jest/globals';
import {
  closedMail,
  decisionMail,
  reminderMail,
  requestStoppedMail,
  resurrectedMail,
  sourceWarningMail,
  stillHeldMail,
} from '../../lambdas/domain/mails.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const WAIT = {
  waitId: `${ID}/whoIsMeant#1`,
  owner: ID,
  reasonCode: 'sharedIdentity',
  options: ['followNone', 'followAll', 'only-1'],
  deadline: '2026-03-06T10:00:00.000Z',
};

describe('the mail to a source’s owner', () => {
  const held = { requestId: ID, answer: 'stillHeld' as const, detail: '3 rows' };
  const silent = { requestId: 'other', answer: 'unreachable' as const, detail: 'timedOut' };
  const unable = { requestId: ID, answer: 'cannotTell' as const, detail: 'email' };

  it('names every request that waits, and how to look the person up', () => {
    const { subject, text } = stillHeldMail('crm', [held, silent]);
    expect(subject).toBe('[crm] 2 erasure requests wait for you');
    expect(text).toContain(`- ${ID} (still held: 3 rows)`);
    expect(text).toContain('- other (unreachable: timed out)');
    expect(text).toContain('dsr show <request id>');
  });

  it('asks to confirm only what the source cannot tell', () => {
    const confirming = 'confirmDeleted --as sourceOwner';
    expect(stillHeldMail('crm', [held, unable]).text).toContain(confirming);
    for (const answer of [held, silent])
      expect(stillHeldMail('crm', [answer]).text).not.toContain(confirming);
  });

  it('says what unreachable means, where a source was', () => {
    expect(stillHeldMail('crm', [held, silent]).text).toContain('could not be asked');
    expect(stillHeldMail('crm', [held]).text).not.toContain('could not be asked');
  });

  it('counts one as one', () => {
    expect(stillHeldMail('crm', [held]).subject).toBe('[crm] 1 erasure request waits for you');
  });
});

describe('the mail to whoever has to decide', () => {
  it('names the request alone in its subject', () => {
    expect(decisionMail(WAIT, 'tenantAdmin').subject).toBe(`Request ${ID} waits for your decision`);
    expect(reminderMail(WAIT, 'operator').subject).toBe(`Still waiting: ${ID}`);
  });

  it.each([
    ['asked', decisionMail(WAIT, 'tenantAdmin')],
    ['reminded', reminderMail(WAIT, 'tenantAdmin')],
  ])('lists every option when %s, and says how to choose one', (_, { text }) => {
    for (const option of WAIT.options) expect(text).toContain(`  - ${option}\n`);
    expect(text).toContain(`dsr decide ${WAIT.waitId} <option> --as tenantAdmin --reason`);
  });

  it('says why in words', () => {
    const { text } = decisionMail({ ...WAIT, reasonCode: 'heldForLoss' }, 'tenantAdmin');
    expect(text).toContain('cannot go on by itself: held for loss.');
  });

  it('says until when, and what happens then', () => {
    const { text } = decisionMail(WAIT, 'tenantAdmin');
    expect(text).toContain(`Without an answer by ${WAIT.deadline}, the next one up is asked.`);
    const patient = decisionMail({ ...WAIT, deadline: undefined }, 'tenantAdmin');
    expect(patient.text).not.toContain('Without an answer');
  });

  it('says which option its deadline is, where nobody else is asked', () => {
    const { text } = decisionMail({ ...WAIT, expires: true }, 'tenantAdmin');
    expect(text).toContain(`Without an answer by ${WAIT.deadline}, it goes on with: followNone.`);
    const again = reminderMail({ ...WAIT, expires: true }, 'tenantAdmin');
    expect(again.text).toContain(`by ${WAIT.deadline}, it goes on with: followNone.`);
  });

  it.each([
    ['asked', decisionMail],
    ['reminded', reminderMail],
  ])(
    'says what it is about when %s: a reminder may be the first that somebody reads',
    (_, mail) => {
      const details = ['Declare each column, or decide:', 'note of source crm'];
      expect(mail({ ...WAIT, details }, 'operator').text).toContain(
        'Declare each column, or decide:\n  - note of source crm\n',
      );
      expect(mail(WAIT, 'operator').text).not.toContain('undefined');
    },
  );

  it('does not threaten the operator with one above', () => {
    expect(decisionMail(WAIT, 'operator').text).not.toContain('next one up');
  });

  it('offers no choice where none is needed', () => {
    const { text } = reminderMail({ ...WAIT, options: [] }, 'sourceOwner');
    expect(text).not.toContain('dsr decide');
    expect(text).toContain('goes on by itself');
  });
});

describe('the mail about a request that stopped', () => {
  it('gives the operator the command that starts it again', () => {
    const { subject, text } = requestStoppedMail(ID);
    expect(subject).toBe(`Request ${ID} has stopped`);
    for (const command of ['status', 'show', 'resume'])
      expect(text).toContain(`dsr ${command} ${ID}`);
    expect(text).not.toContain('dsr decide');
  });
});

describe('the mail to the support contact', () => {
  it('names the source, what happened, and the cause', () => {
    const held = sourceWarningMail('crm', 'c-7', 'heldForLoss', 'it gave 0 rows');
    expect(held.subject).toBe('[crm] refresh held: it would lose most rows');
    expect(held.text).toContain('“held for loss”: it gave 0 rows');
    const failed = sourceWarningMail('crm', 'c-7', 'failedPermanent', 'refused the login');
    expect(failed.subject).toBe('[crm] refresh failed for good');
    expect(held.text).toContain('decides about no request: that is for the tenant admin');
    expect(failed.text).toContain('decides about no request: that is for the operator');
    expect(failed.text).toMatch(/dsr decide crm\n.*if nothing waits:\n {2}dsr refresh crm/);
  });
});

describe('the mail about the end', () => {
  it('names outcome and certificate, and gives the secret that opens the commitment', () => {
    const { subject, text } = closedMail(ID, 'erased', 'the-secret');
    expect(subject).toBe(`Request ${ID}: erased`);
    expect(text).toContain(`dsr certificate ${ID}`);
    expect(text).toContain('  the-secret\n');
  });

  it('says an outcome in words', () => {
    const { subject, text } = closedMail(ID, 'partlyErased');
    expect(subject).toBe(`Request ${ID}: partly erased`);
    expect(text).toContain('has ended: partly erased.');
  });

  it('does not speak of a secret that cannot be read any more', () => {
    expect(closedMail(ID, 'erased').text).not.toContain('secret');
  });
});

describe('the mail about people who came back', () => {
  const people = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ waitId: `${n}/resurrected#3`, owner: String(n) }));

  it('names each by the wait in which to decide', () => {
    const { subject, text } = resurrectedMail(people(1), { reminds: false });
    expect(subject).toBe('1 erased person came back');
    expect(text).toContain('- 0/resurrected#3');
    for (const option of ['keepOut', 'signedUpAnew'])
      expect(text).toContain(`dsr decide <id> ${option}`);
    expect(resurrectedMail(people(2), { reminds: true }).subject).toBe(
      'Still waiting: 2 erased people came back',
    );
  });

  it('is one mail of a length that is read, however many a backup brought back', () => {
    const { subject, text } = resurrectedMail(people(9000), { reminds: false });
    expect(subject).toBe('9000 erased people came back');
    expect(text).toContain('and 8950 more');
    expect(text.split('\n').length).toBeLessThan(80);
  });
});

describe('the mail about the end of an export', () => {
  it('says which erasure of the same person has ended it', () => {
    const { text } = closedMail(ID, 'cancelled', undefined, 'another');
    expect(text).toContain('The person was erased, by request another');
    expect(closedMail(ID, 'cancelled').text).not.toContain('was erased');
  });
});
