import { flowStart, type Setup } from './setup.ts';
import { aProcess, noResults, type RequestState, type World } from './world.ts';

const HOMES = {
  sweeper: aProcess('sweeper.idle', 'sweeper.idle'),
  rule: aProcess('rule.idle', 'rule.idle'),
  schedule: aProcess('schedule.queue'),
  canceller: aProcess('canceller.decide'),
  tenantAdmin: aProcess('tenantAdmin.decide'),
  operator: aProcess('operator.idle', 'operator.idle'),
};

/** All requests have been accepted and started; that they come at different times is in the order. */
export const aWorld = (setup: Setup): World => ({
  setup,
  requests: setup.requests.map((needs) => aRequest(setup, needs)),
  lines: { cycles: { turns: [] }, verification: { turns: [] } },
  refreshQueued: false,
  helpers: setup.helpers.map((name) => ({ ...HOMES[name] })),
  may: {
    crash: setup.crashes,
    stillHold: setup.stillHolds === 'never' ? 0 : (setup.stillHolds ?? 0),
    failToRefresh: setup.failures ?? 0,
    reappear: setup.reappearances ?? 0,
  },
});

const aRequest = (setup: Setup, needs: number): RequestState => ({
  needs,
  closing: undefined,
  round: 1,
  attempt: 1,
  restarts: 0,
  execution: 'running',
  flow: aProcess(flowStart(setup)),
  orphan: undefined,
  ...noResults,
});
