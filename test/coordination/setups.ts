import type { Setup } from './setup.ts';

/** Two sources, and requests that need both of them, or the first alone. */
const BOTH = 3;
const FIRST = 1;

/** What every run of the tests explores; in each something else may go wrong. */
export const SETUPS: Record<string, Setup> = {
  'three requests, two sources and two crashes': {
    requests: [BOTH, BOTH, BOTH],
    sources: 2,
    crashes: 2,
    helpers: ['sweeper'],
  },
  'three requests and no crash, where nobody looks after them': {
    requests: [BOTH, BOTH, BOTH],
    sources: 2,
    crashes: 0,
    helpers: [],
  },
  'a scheduled refresh, and a source that holds somebody for a while': {
    requests: [FIRST, FIRST],
    sources: 1,
    crashes: 1,
    stillHolds: 1,
    helpers: ['sweeper', 'schedule'],
  },
  'a refresh that fails for good, and somebody who comes back': {
    requests: [BOTH, FIRST],
    sources: 2,
    crashes: 1,
    failures: 1,
    reappearances: 1,
    helpers: ['sweeper', 'rule'],
  },
  'a decision on what a cycle could not do': {
    requests: [FIRST],
    sources: 1,
    crashes: 2,
    failures: 1,
    reappearances: 1,
    helpers: ['sweeper', 'tenantAdmin'],
  },
  'a decision to close, while a source lets go': {
    requests: [FIRST],
    sources: 1,
    crashes: 1,
    helpers: ['sweeper', 'canceller'],
  },
  'a decision to close, while no source ever lets go': {
    requests: [FIRST],
    sources: 1,
    crashes: 1,
    stillHolds: 'never',
    helpers: ['sweeper', 'canceller'],
  },
  'steps that go on although their execution was stopped': {
    requests: [FIRST, FIRST],
    sources: 1,
    crashes: 1,
    orphans: true,
    helpers: ['sweeper', 'rule'],
  },
  'so many deaths that the operator is asked': {
    requests: [FIRST],
    sources: 1,
    crashes: 4,
    helpers: ['sweeper', 'operator'],
  },
  'every action by itself, where nobody looks after what died': {
    requests: [FIRST],
    sources: 1,
    crashes: 1,
    fine: true,
    unattended: true,
    helpers: [],
  },
};

/** What takes minutes: `npm run chaos`. */
export const LONGER_SETUPS: Record<string, Setup> = {
  'three requests, two crashes and a scheduled refresh': {
    requests: [BOTH, BOTH, BOTH],
    sources: 2,
    crashes: 2,
    helpers: ['sweeper', 'schedule'],
  },
};

/** What takes longer still: `npm run explore`. */
export const LARGER_SETUPS: Record<string, Setup> = {
  'three requests, two crashes, and a source that holds somebody for a while': {
    requests: [BOTH, BOTH, BOTH],
    sources: 2,
    crashes: 2,
    stillHolds: 1,
    helpers: ['sweeper'],
  },
  'two requests and three crashes': {
    requests: [BOTH, BOTH],
    sources: 2,
    crashes: 3,
    helpers: ['sweeper', 'rule', 'operator'],
  },
  'two requests that fail, come back and are decided on': {
    requests: [BOTH, FIRST],
    sources: 2,
    crashes: 2,
    failures: 1,
    reappearances: 1,
    helpers: ['sweeper', 'rule', 'tenantAdmin'],
  },
  'a decision to close, and steps that go on although their execution was stopped': {
    requests: [FIRST],
    sources: 1,
    crashes: 2,
    stillHolds: 1,
    orphans: true,
    helpers: ['sweeper', 'canceller'],
  },
  'two requests, two crashes, and steps that go on': {
    requests: [FIRST, FIRST],
    sources: 1,
    crashes: 2,
    orphans: true,
    helpers: ['sweeper', 'rule'],
  },
  'every action of two requests by itself': {
    requests: [FIRST, FIRST],
    sources: 1,
    crashes: 0,
    fine: true,
    helpers: [],
  },
  'every action by itself, beside a scheduled refresh': {
    requests: [FIRST],
    sources: 1,
    crashes: 1,
    fine: true,
    unattended: true,
    helpers: ['schedule'],
  },
};
