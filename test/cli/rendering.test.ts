import { describe, expect, it } from '@jest/globals';
import { dueDay, duration, relative } from '../../cli/clock.ts';
import { renderChoices } from '../../cli/render/choices.ts';
import { renderDisclosure, renderFaults } from '../../cli/render/disclosure.ts';
import { renderChain, renderCheck } from '../../cli/render/ledger.ts';
import { renderLines, stoppedNotice } from '../../cli/render/lines.ts';
import { renderOpened } from '../../cli/render/opened.ts';
import { renderPreview } from '../../cli/render/preview.ts';
import { happenings, standing } from '../../cli/render/progress.ts';
import { renderRequestList } from '../../cli/render/request-list.ts';
import { renderSnapshot } from '../../cli/render/snapshot.ts';
import { renderSources } from '../../cli/render/sources.ts';
import { renderStatus } from '../../cli/render/status.ts';
import { renderSuppressed } from '../../cli/render/suppressed.ts';
import { renderWait, waitsForPerson } from '../../cli/render/wait.ts';
import { byteSize } from '../../cli/words.ts';
import type { WaitSummary } from '../../lambdas/domain/request.ts';
import { mayDecide } from '../../lambdas/domain/wait.ts';
import {
  aBrokenLedger,
  aLine,
  aListed,
  aReport,
  aRequest,
  aStoppedLine,
  aWait,
  aWaitOn,
  aWaitOnTheAdmin,
  CLOCK,
  REQUEST_ID,
} from './reports.ts';

describe('times', () => {
  it.each([
    [0, '0 s'],
    [59, '59 s'],
    [240, '4 min'],
    [7_300, '2 h'],
    [86_400, '1 day'],
    [200_000, '2 days'],
  ])('says %d seconds as %s', (seconds, words) => {
    expect(duration(seconds)).toBe(words);
  });

  it('looks back and ahead', () => {
    expect(relative('2026-11-23T11:56:00Z', CLOCK)).toBe('4 min ago');
    expect(relative('2026-11-25T12:00:00Z', CLOCK)).toBe('in 2 days');
  });

  it.each([
    ['2026-12-23', '2026-12-23 (30 days left)'],
    ['2026-11-24', '2026-11-24 (1 day left)'],
    ['2026-11-23', '2026-11-23 (today)'],
    ['2026-11-20', '2026-11-20 (3 days overdue)'],
  ])('counts the days to %s', (dueOn, words) => {
    expect(dueDay({ dueOn, timeZone: 'Europe/Berlin' }, CLOCK)).toBe(words);
  });

  it.each([
    ['Europe/Berlin', '2026-11-24 (today)'],
    ['America/New_York', '2026-11-24 (1 day left)'],
  ])('counts days where the platform is (%s), wherever the reader is', (timeZone, words) => {
    const inTokyo = { now: new Date('2026-11-23T23:30:00Z'), timeZone: 'Asia/Tokyo' };

    expect(dueDay({ dueOn: '2026-11-24', timeZone }, inTokyo)).toBe(words);
  });
});

describe('the status of a request', () => {
  it('says what it waits for and on whom, the deadline and the steps', () => {
    expect(renderStatus(aReport(), CLOCK)).toBe(
      `
Request ${REQUEST_ID}: open, round 1
Received 2026-11-23 12:00:00 (1 h ago)
Legal deadline 2026-12-23 (30 days left)

Waits since 4 min on the source’s owner (crm): still held.
It goes on by itself when the source has let go. It may also be decided:
  npm run dsr -- decide ${REQUEST_ID}/sourcesLetGo#1 giveUp --as tenantAdmin

Source  Says                Asked  Last       Next     Owner told
crm     still held (1 row)      3  12 s ago   in 48 s  3 min ago
orders  gone                    1  4 min ago

Step                Round  At                   Result
resolve identities      1  2026-11-23 12:55:30  clear, identities 4
`.trim(),
    );
  });

  it('says that a source whose turn has come is asked now', () => {
    const crm = { answer: 'unreachable', asks: 2, nextAskAt: '2026-11-23T11:59:00Z' };

    expect(renderStatus(aReport({ verification: { crm } }), CLOCK)).toMatch(/unreachable .* now/);
  });

  it('announces no further question of a source, nor speaks of its owner, once the request has gone on', () => {
    const [nextAskAt, ownerToldAt] = ['2026-11-23T11:59:00Z', '2026-11-23T11:50:00Z'];
    const crm = { answer: 'stillHeld', asks: 8, nextAskAt, ownerToldAt };
    const report = aReport({ waits: [], verification: { crm } });

    expect(renderStatus(report, CLOCK)).toMatch(/^crm +still held +8$/m);
  });

  it('does not speak of a next one up where the operator is asked', () => {
    const wait = aWait({ on: 'operator', role: 'operator', deadline: '2026-11-28T12:00:00Z' });

    expect(renderWait(wait, CLOCK)).toContain('on the operator: still held; due in 5 days.');
  });

  it('gives the decisions as commands when a person is asked', () => {
    const report = aReport({ waits: [aWaitOnTheAdmin()], verification: {}, steps: [] });

    expect(renderStatus(report, CLOCK)).toContain(
      `
Waits since 4 min on the tenant admin: ambiguous; asks the next one up in 5 days.
Decide with one of:
  npm run dsr -- decide ${REQUEST_ID}/whoIsMeant#1 only-1 --as tenantAdmin
  npm run dsr -- decide ${REQUEST_ID}/whoIsMeant#1 all --as tenantAdmin`,
    );
  });

  it.each([
    ['a source that cannot be reached (crm)', 'unreachable'],
    ['a source that cannot tell (crm)', 'cannotTell'],
    ['the sources’ answers', undefined],
  ])('waits on %s', (words, answer) => {
    const verification = { crm: { asks: 1, ...(answer && { answer }) } };

    expect(renderStatus(aReport({ verification }), CLOCK)).toContain(
      `Waits since 4 min on ${words}`,
    );
  });

  it('waits on a source that cannot tell also when its owner is asked to confirm', () => {
    const waits = [aWait({ options: ['confirmDeleted', 'giveUp'] })];
    const verification = { crm: { asks: 1, answer: 'cannotTell' as const } };
    const words = renderStatus(aReport({ verification, waits }), CLOCK);
    expect(words).toContain('Waits since 4 min on a source that cannot tell (crm)');
    expect(words).toContain('confirmDeleted --as sourceOwner');
  });

  it('names the cycle and its phase', () => {
    const waits = [aWaitOn('cycle', { kind: 'refreshCycle', reasonCode: 'joined' })];
    const report = aReport({ waits, cycle: { cycleId: 'c-3', phase: 'refreshing' } });

    expect(standing(report, CLOCK)).toBe('waits since 4 min on refresh cycle c-3 (refreshing)');
    const over = aReport({ waits, cycle: { cycleId: 'c-3', phase: 'ended' } });
    expect(standing(over, CLOCK)).toBe('waits since 4 min on the refresh cycle');
  });

  it.each([
    ['3 of 4 sources refreshed', { done: 3, failed: 0, of: 4 }, { done: 0, failed: 0, of: 9 }],
    ['5 of 9 tables built', { done: 4, failed: 0, of: 4 }, { done: 5, failed: 0, of: 9 }],
    ['1 of 4 sources refreshed, 2 failed', { done: 1, failed: 2, of: 4 }, undefined],
    ['9 of 9 tables built', { done: 3, failed: 1, of: 4 }, { done: 9, failed: 0, of: 9 }],
  ])('says how far the cycle is: %s', (words, sources, tables) => {
    const cycle = { cycleId: 'c-3', phase: 'refreshing', sources, ...(tables && { tables }) };
    const waits = [aWaitOn('cycle', { kind: 'refreshCycle', reasonCode: 'joined' })];

    expect(renderStatus(aReport({ waits, cycle }), CLOCK)).toContain(
      `on refresh cycle c-3 (refreshing: ${words})`,
    );
  });

  it('says how it ended, what was given up, and which faults there were', () => {
    const request = aRequest({
      status: 'closed',
      outcome: 'partlyErased',
      closedAt: '2026-11-23T11:59:00Z',
      gaveUpOn: ['source crm'],
    });
    const faults = [
      { faultId: 'F1', step: 'certify', class: 'EngineError', at: '2026-11-23T11:58:00Z' },
    ];
    const words = renderStatus(aReport({ request, faults, waits: [] }), CLOCK);

    expect(words).toContain('partly erased');
    expect(words).toContain('Closed 2026-11-23 12:59:00 (1 min ago); it was due on 2026-12-23');
    expect(words).toContain('Given up on: source crm');
    expect(words).toContain(`1 fault (\`npm run dsr -- show ${REQUEST_ID}\` has the messages)`);
  });

  it('tells the day to aim at when the deadline was rolled past a weekend', () => {
    const request = aRequest({ unrolledDueOn: '2026-12-20' });

    expect(renderStatus(aReport({ request }), CLOCK)).toContain('; aim at 2026-12-20');
  });
});

describe('a wait that takes a code', () => {
  const waiting = (kind: string, options: string[], reasonCode = 'unconfirmed') =>
    renderStatus(
      aReport({
        waits: [
          aWait({
            waitId: `${REQUEST_ID}/${kind}#1`,
            kind,
            on: 'tenantAdmin',
            role: 'tenantAdmin',
            reasonCode,
            deadline: '2026-11-30T12:00:00Z',
            expires: true,
            options,
          }),
        ],
      }),
      CLOCK,
    );

  it('says who has the code, when it expires, and how to deny or have it sent again', () => {
    const words = waiting('confirmation', ['confirmed', 'denied']);
    expect(words).toContain('expires in 7 days');
    expect(words).toContain('The registered tenant admin has a mail with a code');
    expect(words).toContain(`decide ${REQUEST_ID}/confirmation#1 denied --as tenantAdmin`);
    expect(words).toContain(`reissue ${REQUEST_ID}`);
    expect(words).not.toContain('confirmed --as');
  });

  it('names the recipient who is waited for, and lets nobody acknowledge for them', () => {
    const wait = aWaitOn('recipient', {
      ...{ kind: 'acknowledgement', role: 'recipient' as const, recipient: 'mailing' },
      ...{ reasonCode: 'unacknowledged', options: ['acknowledged'], expires: true },
      deadline: '2026-11-30T12:00:00Z',
    });
    const words = renderWait(wait, CLOCK);
    expect(words).toContain('on the recipient mailing: unacknowledged; expires in 7 days');
    expect(words).toContain('the certificate says that they have not acknowledged');
    expect(words).toContain('reissue');
    expect(words).not.toContain('decide');
    expect(mayDecide('operator', { role: 'recipient' }, 'acknowledged')).toBe(false);
  });

  it.each([
    ['codeLocked', 'Five wrong codes were typed'],
    ['undeliverable', 'A mail about it came back'],
  ])('sends nobody to a code that is of no use (%s)', (reasonCode, why) => {
    for (const kind of ['confirmation', 'collection', 'acknowledgement', 'adminChange']) {
      const words = waiting(kind, [], reasonCode);
      expect(words).toContain(why);
      expect(words).not.toContain(' has a mail ');
      expect(words.includes(`A new code:\n  npm run dsr -- reissue ${REQUEST_ID}`)).toBe(
        kind !== 'adminChange',
      );
    }
  });

  it('offers no command that would collect a package', () => {
    const words = waiting('collection', ['collected']);
    expect(words).toContain('the page of the package, and its code');
    expect(words).not.toContain('decide');
  });
});

describe('whether a person is waited for', () => {
  it.each([
    ['not while the sources are asked', aWaitOn('verifier'), false],
    ['not while a refresh runs', aWaitOn('cycle', { kind: 'refreshCycle' }), false],
    ['not when an owner has only to delete', aWait(), false],
    [
      'when an owner must confirm what a source cannot tell',
      aWait({ options: ['confirmDeleted'] }),
      true,
    ],
    ['when the patience is over', aWait({ on: 'tenantAdmin', role: 'tenantAdmin' }), true],
    ['when somebody must say who is meant', aWaitOnTheAdmin(), true],
    ['at a fault', aWaitOn('operator', { kind: 'fault' }), true],
  ])('%s', (_when, wait, expected) => {
    expect(waitsForPerson(wait)).toBe(expected);
  });

  it('tells the operator to resume after a fault', () => {
    expect(renderWait(aWaitOn('operator', { kind: 'fault' }), CLOCK)).toContain(
      `Repair what failed, then:\n  npm run dsr -- resume ${REQUEST_ID}`,
    );
  });
});

describe('what happened', () => {
  it('is steps, answers, the cycle and faults, none of them moving with the clock', () => {
    const report = aReport({ cycle: { cycleId: 'c-3', phase: 'proving' } });
    const later = { ...CLOCK, now: new Date('2026-11-23T13:00:00Z') };

    expect(happenings(report, CLOCK)).toEqual([
      '12:55:30  round 1  resolve identities: clear, identities 4',
      'crm says still held (round 1)',
      'orders says gone (round 1)',
      'refresh cycle c-3: proving',
    ]);
    expect(happenings(report, later)).toEqual(happenings(report, CLOCK));
  });
});

describe('other answers', () => {
  it('lists requests with what they wait for', () => {
    expect(renderRequestList([aListed()], CLOCK)).toBe(
      `
Request                     Kind     Received          Due                        State
${REQUEST_ID}  erasure  2026-11-23 12:00  2026-12-23 (30 days left)  waits since 4 min on the tenant admin: ambiguous
`.trim(),
    );
    expect(renderRequestList([], CLOCK)).toBe('There are no such requests.');
  });

  it('lists sources with figures and causes', () => {
    const words = renderSources(
      [
        {
          source: 'crm',
          kind: 'postgres',
          status: 'successful',
          rows: 10_000,
          bytes: 1_234_567,
          seconds: 1.26,
          at: '2026-11-23T11:58:00Z',
          cycleId: 'c-3',
        },
        {
          source: 'web',
          kind: 's3',
          status: 'failedPermanent',
          cause: 'events.jsonl, line 7: no JSON',
          cycleId: 'c-3',
        },
        { source: 'loyalty', kind: 'dynamodb', status: 'never' },
      ],
      CLOCK,
    );

    expect(words).toContain(
      'crm      postgres  successful        10,000  1.2 MB  1.3 s  2 min ago  c-3',
    );
    expect(words).toContain(
      'web: events.jsonl, line 7: no JSON (`npm run dsr -- show c-3` has what it said)',
    );
    expect(words).toContain('never refreshed');
  });

  it('says how many wait for a source, and how one decision answers for all', () => {
    const wait = aWait({
      waitId: `${REQUEST_ID}/whatToDo#1`,
      kind: 'refreshDecision',
      on: 'tenantAdmin',
      role: 'tenantAdmin',
      reasonCode: 'heldForLoss',
      options: ['acceptLoss', 'tryAgain', 'giveUp'],
    });
    const words = renderSources(
      [
        {
          source: 'crm',
          kind: 'postgres',
          status: 'heldForLoss',
          cause: 'it gave 0 rows',
          decision: { requests: 2, wait },
        },
      ],
      CLOCK,
    );

    expect(words).toContain('crm: 2 requests wait for a decision. One decision answers for all');
    expect(words).toContain(
      `npm run dsr -- decide ${REQUEST_ID}/whatToDo#1 acceptLoss --as tenantAdmin`,
    );
    expect(words).toContain('crm: it gave 0 rows\n');
  });

  it('shows the snapshot, and says when there is none', () => {
    const tables = [
      {
        kind: 'model' as const,
        name: 'customers',
        rows: 8_000,
        bytes: 90_000,
        prefix: 'snapshots/c-3/models/customers/',
      },
    ];
    const words = renderSnapshot(
      { snapshotId: 'c-3', publishedAt: '2026-11-23T11:00:00Z', tables, inactive: 1 },
      CLOCK,
    );

    expect(words).toContain('Active snapshot c-3, published 2026-11-23 12:00:00 (1 h ago)');
    expect(words).toContain('1 inactive snapshot is still kept.');
    expect(renderSnapshot({ tables: [], inactive: 0 }, CLOCK)).toContain('No snapshot');
  });

  it('previews counts only, and says that nothing was started', () => {
    const words = renderPreview({
      outcome: 'found',
      identities: { email: 2, phone: 1 },
      ambiguous: true,
      sources: [{ source: 'crm', answer: 'stillHeld', rows: 1 }],
      tables: [
        { kind: 'model', name: 'customers', where: 'active', rows: 1 },
        { kind: 'segment', name: 'vips', where: 'active', rows: 0 },
      ],
      undeclared: [
        {
          ...{ in: 'source', kind: 'source', name: 'crm', column: 'note', rows: 2 },
          ...{ types: ['email', 'phone'], whole: false },
        },
        {
          ...{ in: 'lake', kind: 'model', name: 'visits', column: 'by[]', rows: 1 },
          ...{ types: ['email'], whole: true },
        },
      ],
      notRead: [{ source: 'orders', reason: 'timedOut' }],
    });

    expect(words).toContain('Identities linked: email 2, phone 1.');
    expect(words).toContain('the tenant admin would be asked who');
    expect(words).toContain('customers  active     1');
    expect(words).not.toContain('vips');
    expect(words).toContain(
      'in the source itself: source crm, column note (2 rows): sources.crm.identities: - { type: email, column: note, within: text } and - { type: phone, column: note, within: text }',
    );
    expect(words).toContain(
      'model visits, column by[] (1 row): models.visits.identities: - { type: email, column: "by[]" }',
    );
    expect(words).toContain('Not every column of orders was read: timed out.');
    expect(words).toContain('Nothing was started.');
  });

  it('discloses identities, candidates, free text and faults', () => {
    const words = renderDisclosure(
      {
        outcome: 'disclosed',
        identities: [{ type: 'phone', value: '+49301234', shared: true }],
        candidates: [{ number: 1, type: 'customer_id', value: 'C-1' }],
        freeText: [{ name: 'reference', text: 'ticket 7' }],
        faults: [
          {
            faultId: 'F1',
            step: 'certify',
            class: 'EngineError',
            message: 'no disk',
            at: CLOCK.now.toISOString(),
          },
        ],
      },
      CLOCK,
    );

    expect(words).toContain('phone  +49301234  shared with others, not followed');
    expect(words).toContain('only-1  customer_id  C-1');
    expect(words).toContain('reference: ticket 7');
    expect(words).toContain('Fault F1 in certify, 2026-11-23 13:00:00, EngineError:\nno disk');
  });

  it('shows a fault whose message had no key', () => {
    const fault = { faultId: 'F2', step: 'sweep', class: 'Error', at: CLOCK.now.toISOString() };

    expect(renderFaults([fault], CLOCK)).toContain('(its message could not be kept)');
  });

  it('says that a request is open already, and which', () => {
    const words = renderOpened({ outcome: 'alreadyOpen', requestId: REQUEST_ID }, CLOCK);

    expect(words).toContain(`already in request ${REQUEST_ID}`);
  });

  it('says what may be decided: on nobody’s wait too, that a request can be ended', () => {
    const choices = { owner: REQUEST_ID, status: 'waiting' as const, waits: [aWaitOn('verifier')] };

    expect(renderChoices(choices, CLOCK)).toContain('Nobody is asked anything just now.');
    expect(renderChoices(choices, CLOCK)).toContain(`npm run dsr -- cancel ${REQUEST_ID}`);
    expect(renderChoices({ ...choices, status: 'closed' }, CLOCK)).toContain('nothing to decide');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [2_500_000_000, '2.5 GB'],
  ])('sizes %d as %s', (bytes, words) => {
    expect(byteSize(bytes)).toBe(words);
  });
});

describe('the lines', () => {
  it('say whose turn it is, and how many wait', () => {
    const asleep = aLine({
      line: 'verification',
      turn: 'v-40',
      startsAt: '2026-11-23T12:00:40Z',
      begun: false,
      waiting: 12,
    });

    expect(renderLines([aLine(), asleep], CLOCK)).toBe(
      `
Line                Turn  State           Died  Waiting
refresh cycles      c-12  at work            0        3
asking the sources  v-40  starts in 40 s     0       12
`.trim(),
    );
  });

  it.each([
    ['over', { ...aStoppedLine(), stuck: false }],
    ['none yet', { ...aStoppedLine(), stuck: false, lastTurn: undefined }],
    ['starting', aLine({ begun: false })],
  ])('say %s', (words, line) => {
    expect(renderLines([line], CLOCK)).toContain(words);
  });

  it('that stopped say what the last turn met, and how to go on', () => {
    const words = renderLines([aStoppedLine()], CLOCK);

    expect(words).toContain('Refresh cycles stopped: 3 in a row died, the last was c-12.');
    expect(words).toContain('npm run dsr -- show c-12');
    expect(words).toContain('Repair what failed, then:\n  npm run dsr -- resume cycles');
    const { wait: _, ...notEntered } = aStoppedLine();
    expect(renderLines([notEntered], CLOCK)).toContain('npm run dsr -- resume cycles');
  });

  it('are worth a notice only when one has stopped', () => {
    expect(stoppedNotice([aLine()])).toBeUndefined();
    expect(stoppedNotice([aStoppedLine(), aLine({ line: 'verification' })])).toBe(
      'Refresh cycles stopped, and what needs it waits: see `npm run dsr -- lines`, then `npm run dsr -- resume cycles`.',
    );
  });

  it('tell a request that waits in one how to resume it', () => {
    const { wait } = aStoppedLine();

    expect(wait && waitsForPerson(wait)).toBe(true);
    expect(wait && renderWait(wait, CLOCK)).toContain('npm run dsr -- resume cycles');
  });
});

describe('the ledger', () => {
  it('is shown one entry a line, with what is known of each', () => {
    const entry = { chain: 'request/01KA', by: 'notify', hash: '0'.repeat(64) };
    const words = renderChain([
      { ...entry, seq: 1, at: '2026-11-23T11:00:00.123Z', event: 'requestReceived' },
      {
        ...entry,
        seq: 2,
        at: '2026-11-23T11:30:00.000Z',
        event: 'released',
        facts: { foundIn: ['source crm', 'model customers'], rows: 3, inTime: true },
      },
    ]);
    expect(words.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^ +1 +2026-11-23 11:00:00 +request received +notify$/),
      expect.stringMatching(
        /^ +2 .* released +notify +found in: source crm, model customers; rows: 3; in time: true$/,
      ),
    ]);
  });

  it('is said to be as it was written, or what is not', () => {
    const fine = renderCheck({ ...aBrokenLedger(), problems: [] }, CLOCK);
    expect(fine).toContain('Nothing is wrong');
    expect(renderCheck(aBrokenLedger(), CLOCK)).toContain(
      '1 thing is wrong:\n  platform: Entry 2 was replaced: entry 3 follows another.',
    );
    const forged = { n: 3, kind: 'forged' as const, words: 'Head 3 is forged.' };
    expect(renderCheck({ ...aBrokenLedger(), problems: [forged] }, CLOCK)).toContain(
      '  heads: Head 3 is forged.',
    );
  });

  it('says how many chains no head covers, and that nothing was signed', () => {
    const open = { ...aBrokenLedger(), heads: 0, signedAt: undefined, unsigned: ['platform'] };
    expect(renderCheck(open, CLOCK)).toContain(
      '0 signed heads.\nNo head covers the end of 1 chain',
    );
  });
});

describe('people who were erased', () => {
  const wait = aWait({
    waitId: `${REQUEST_ID}/resurrected#7`,
    kind: 'resurrected',
    on: 'tenantAdmin',
    role: 'tenantAdmin',
    reasonCode: 'resurrected',
    options: ['keepOut', 'signedUpAnew'],
  });

  it('are listed by the requests that erased them, with what has to be decided', () => {
    const words = renderSuppressed(
      [
        {
          requestId: REQUEST_ID,
          suppressedUntil: '2027-11-23',
          retained: { invoices: '2036-11-23' },
          keptOut: false,
          wait,
        },
        { requestId: 'another', retained: {}, keptOut: true },
      ],
      CLOCK,
    );
    expect(words).toMatch(/came back +2027-11-23 +invoices until 2036-11-23/);
    expect(words).toMatch(/another +stays out/);
    expect(words).toContain('Waits since 4 min on the tenant admin: resurrected.');
    expect(words).toContain(`decide ${REQUEST_ID}/resurrected#7 signedUpAnew --as tenantAdmin`);
  });

  it('may be nobody', () => {
    expect(renderSuppressed([], CLOCK)).toContain('Nobody is recognised');
  });

  it('are told of at the source that brought them', () => {
    const refreshed = { source: 'crm', kind: 's3', status: 'successful', rows: 1 } as const;
    const words = (met: object) => renderSources([{ ...refreshed, ...met }], CLOCK);
    expect(words({ leftOut: 3, cleared: 1, resurrected: 2 })).toContain(
      'crm, of erased people: 3 rows left out, 1 row cleared, 2 people came back (`npm run dsr -- suppressed`)',
    );
    expect(words({ leftOut: 0, cleared: 0, resurrected: 0 })).not.toContain('erased people');
  });

  it('may be decided about, though the request is closed', () => {
    const choices = (waits: WaitSummary[]) =>
      renderChoices({ owner: REQUEST_ID, status: 'closed', waits }, CLOCK);
    expect(choices([wait])).toContain(`${REQUEST_ID}/resurrected#7 keepOut --as tenantAdmin`);
    expect(choices([wait])).not.toContain('cancel');
    expect(choices([])).toBe(`Request ${REQUEST_ID} is closed: there is nothing to decide.`);
  });
});
