import type {
  LineReport,
  ListedRequest,
  RequestStatusReport,
} from '../../lambdas/domain/desk-reports.ts';
import type { LedgerCheck } from '../../lambdas/domain/evidence/check-ledger.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import type { Request, WaitSummary } from '../../lambdas/domain/request.ts';

export const REQUEST_ID = RequestId.parse('01KAS3V7N0ZQ4T5M8W2X6Y9B1C');

/** What the tests call now. */
export const CLOCK = { now: new Date('2026-11-23T12:00:00Z'), timeZone: 'Europe/Berlin' };

export const aRequest = (changed: Partial<Request> = {}): Request => ({
  requestId: REQUEST_ID,
  kind: 'erasure',
  status: 'open',
  receivedAt: '2026-11-23T11:00:00Z',
  openedAt: '2026-11-23T11:50:00Z',
  dueOn: '2026-12-23',
  unrolledDueOn: '2026-12-23',
  round: 1,
  attempt: 1,
  restarts: 0,
  without: [],
  gaveUpOn: [],
  bound: 1000,
  platformHash: 'b1946ac9',
  ...changed,
});

/** On the source's owner, who has been told that the person is still there. */
export const aWait = (changed: Partial<WaitSummary> = {}): WaitSummary => ({
  waitId: `${REQUEST_ID}/sourcesLetGo#1`,
  kind: 'sourcesLetGo',
  on: 'sourceOwner',
  role: 'sourceOwner',
  reasonCode: 'stillHeld',
  since: '2026-11-23T11:56:00Z',
  options: ['giveUp'],
  ...changed,
});

/** On a machine or a role, with nothing to decide. */
export function aWaitOn(on: string, changed: Partial<WaitSummary> = {}): WaitSummary {
  const { role: _none, ...wait } = aWait({ on, reasonCode: 'verifying', options: [], ...changed });
  return wait;
}

export const aWaitOnTheAdmin = (): WaitSummary =>
  aWait({
    waitId: `${REQUEST_ID}/whoIsMeant#1`,
    kind: 'whoIsMeant',
    on: 'tenantAdmin',
    role: 'tenantAdmin',
    reasonCode: 'ambiguous',
    deadline: '2026-11-28T12:00:00Z',
    options: ['only-1', 'all'],
  });

export const aReport = (changed: Partial<RequestStatusReport> = {}): RequestStatusReport => ({
  request: aRequest(),
  timeZone: 'Europe/Berlin',
  waits: [aWait()],
  steps: [
    {
      step: 'resolveIdentities',
      round: 1,
      at: '2026-11-23T11:55:30Z',
      result: { outcome: 'clear', identities: 4, sources: ['crm'] },
    },
  ],
  verification: {
    crm: {
      answer: 'stillHeld',
      detail: '1 row',
      asks: 3,
      askedAt: '2026-11-23T11:59:48Z',
      nextAskAt: '2026-11-23T12:00:48Z',
      ownerToldAt: '2026-11-23T11:57:00Z',
    },
    orders: {
      answer: 'gone',
      asks: 1,
      askedAt: '2026-11-23T11:56:00Z',
      ownerToldAt: '2026-11-23T11:55:00Z',
    },
  },
  faults: [],
  ...changed,
});

export const aListed = (changed: Partial<ListedRequest> = {}): ListedRequest => ({
  requestId: REQUEST_ID,
  kind: 'erasure',
  status: 'waiting',
  receivedAt: '2026-11-23T11:00:00Z',
  dueOn: '2026-12-23',
  timeZone: 'Europe/Berlin',
  waits: [aWaitOnTheAdmin()],
  ...changed,
});

export const aLine = (changed: Partial<LineReport> = {}): LineReport => ({
  line: 'cycles',
  turn: 'c-12',
  startsAt: '2026-11-23T11:58:00Z',
  begun: true,
  lastTurn: 'c-12',
  deaths: 0,
  stuck: false,
  waiting: 3,
  ...changed,
});

/** Three turns died, so an operator is asked. */
export const aStoppedLine = (): LineReport => {
  const {
    turn: _none,
    startsAt: _never,
    ...line
  } = aLine({ begun: false, deaths: 3, stuck: true });
  const wait = aWait({
    waitId: 'line#cycles/fault#12',
    kind: 'fault',
    on: 'operator',
    role: 'operator',
    reasonCode: 'diedThreeTimes',
    options: ['resume'],
  });
  return { ...line, wait };
};

/** Somebody has replaced an entry. */
export const aBrokenLedger = (): LedgerCheck => ({
  chains: 2,
  entries: 7,
  heads: 2,
  signedAt: '2026-11-23T11:56:00Z',
  unsigned: [],
  problems: [
    {
      chain: 'platform',
      seq: 2,
      kind: 'changed',
      words: 'Entry 2 was replaced: entry 3 follows another.',
    },
  ],
});
