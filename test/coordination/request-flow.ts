import { type CycleResult, verdictOn } from '../../lambdas/domain/cycle-result.ts';
import { outcomeOf } from '../../lambdas/domain/request.ts';
import type { Here, Privacy, Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { afterPause, aPause, asleep, deliver, recordAnswer, setPause } from './pauses.ts';
import { cancels, dueNow, flowStart, sweeperStandsIn } from './setup.ts';
import { has, type PauseName, type RequestState, violate, type World } from './world.ts';

/** The steps of delete-customer-data, as far as others notice them; one execution an attempt. */
export const requestFlow: Record<string, Step> = {
  resolve: { read: unlessClosing(() => 'askSources.record') },

  askSources: {
    record: {
      private: ({ request }) => (request.asked ? 'unlessCancelled' : undefined),
      run: (here) => {
        const { request, world } = here;
        if (!request.asked && records(here)) {
          request.asked = true;
          setPause(request, 'sources', aPause());
          request.verifying = Array.from({ length: world.setup.sources }, dueNow);
        }
        return cancels(world.setup) ? 'askSources.readClosing' : 'askSources.look';
      },
    },
    ...answeringIfClosing('askSources', 'sources', 'askSources.look'),
    ...ensuring('askSources', 'verification', { given: true }, 'sourcesWait.token'),
  },
  sourcesWait: sleeping('sources'),

  join: {
    read: unlessClosing(() => 'join.record'),
    record: {
      private: ({ request }) => (request.joined ? 'unlessCancelled' : undefined),
      run: (here) => {
        const { request, world } = here;
        if (!request.joined && records(here)) {
          request.joined = true;
          request.queued = true;
          setPause(request, 'cycle', aPause());
        }
        return cancels(world.setup) ? 'join.readClosing' : 'join.readWanted';
      },
    },
    ...answeringIfClosing('join', 'cycle', 'join.readWanted'),
    ...ensuring('join', 'cycles', {}, 'cycleWait.token'),
  },
  cycleWait: sleeping('cycle'),

  lookAtProof: {
    read: unlessClosing(() => 'lookAtProof.record'),
    record: {
      private: 'unlessCancelled',
      repeatsResult: true,
      // Without a result, the step fails, and is retried.
      choices: ({ request }) => (request.cycleResult ? [0] : []),
      run: (here) => {
        const { world, request } = here;
        if (!request.verdict && records(here)) request.verdict = verdictFor(world, request);
        switch (request.verdict) {
          case 'nextRound':
            return nextRound(here);
          case 'ask':
            return 'askWhatToDo.record';
          default:
            return certifying(world);
        }
      },
    },
  },

  askWhatToDo: {
    record: {
      private: 'unlessCancelled',
      run: (here) => {
        const { request, world } = here;
        if (!request.questioned && records(here)) {
          request.questioned = true;
          setPause(request, 'decision', aPause(true));
          request.status = 'waiting';
        }
        return cancels(world.setup) ? 'askWhatToDo.readClosing' : 'decisionWait.token';
      },
    },
    ...answeringIfClosing('askWhatToDo', 'decision', 'decisionWait.token'),
  },
  decisionWait: sleeping('decision'),

  applyDecision: {
    read: unlessClosing(() => 'applyDecision.record'),
    record: {
      repeatsResult: true,
      run: (here) => {
        if (!here.request.decided && records(here))
          here.request.decided = here.request.pauses.decision?.answer;
        return here.request.decided === 'giveUp' ? certifying(here.world) : nextRound(here);
      },
    },
  },

  certify: {
    read: {
      reads: true,
      private: onceDecided,
      run: ({ me, request }) => {
        me.closing = request.closing !== undefined;
        return 'certify.record';
      },
    },
    record: {
      private: onceDecided,
      run: (here) => {
        const { world, me, request } = here;
        if (!request.certified) {
          // A decision to close that came a moment ago changes what is certified.
          if (me.closing !== (request.closing !== undefined)) return 'certify.read';
          if (records(here)) request.certified = certifiedAs(world, request);
        }
        return 'close.record';
      },
    },
  },

  close: {
    record: {
      private: onceDecided,
      run: ({ request }) => {
        request.status = 'closed';
        request.verifying = undefined;
        request.queued = false;
        return '';
      },
    },
  },
};

/** What was decided stays so. */
function onceDecided({ request }: Here): Privacy {
  return request.closing ? 'whileAlive' : 'unlessCancelled';
}

const certifying = (world: World) => (cancels(world.setup) ? 'certify.read' : 'certify.record');

/** A recorded result is progress; nothing is recorded of a request that has ended. */
function records({ world, request, me }: Here): boolean {
  if (request.status === 'closed' && world.setup.mistake !== 'writesToClosedRequests') return false;
  if (request.status === 'closed') violate(world, `${me.at} changed a request that was closed`);
  request.restarts = 0;
  return true;
}

function unlessClosing(next: () => string) {
  return {
    reads: true as const,
    private: 'unlessCancelled' as const,
    run: ({ world, request }: Here) => (request.closing ? certifying(world) : next()),
  };
}

/** A decision to close that came while a wait was being opened found nothing to answer. */
function answeringIfClosing(step: string, name: PauseName, next: string): Step {
  return {
    readClosing: {
      reads: true,
      private: 'unlessCancelled',
      run: ({ request }) => (request.closing ? `${step}.answer` : next),
    },
    answer: {
      run: ({ request }) => (recordAnswer(request, name, 'cancelled') ? `${step}.deliver` : next),
    },
    deliver: {
      private: 'always',
      run: ({ world, request }) => {
        deliver(world, request, name);
        return next;
      },
    },
  };
}

/** Step Functions puts its token into the wait, unless that has been answered. */
function sleeping(name: PauseName): Step {
  return {
    token: {
      byService: true,
      private: ({ world, request }) =>
        request.pauses[name]?.answer || sweeperStandsIn(world.setup)
          ? 'unlessCancelled'
          : undefined,
      run: ({ world, request }) => {
        const pause = request.pauses[name];
        if (pause?.answer && world.setup.mistake !== 'sleepsWithoutCondition')
          return afterPause(world, name);
        if (pause) setPause(request, name, { ...pause, token: true });
        return asleep(name);
      },
    },
  };
}

const verdictFor = ({ setup }: World, { cycleResult = 'notScanned', round }: RequestState) =>
  verdictOn(
    { outcome: cycleResult, failedSources: [] as CycleResult['failedSources'] } as CycleResult,
    { round, rounds: setup.rounds ?? 2, grew: false },
  ).verdict;

function certifiedAs(world: World, request: RequestState) {
  const gaveUpOn = request.decided === 'giveUp' ? ['proof'] : [];
  const outcome = outcomeOf({ closing: request.closing, gaveUpOn, held: true });
  if (outcome === 'erased' && request.verdict !== 'absent')
    violate(world, 'a request was certified as erased without a proof');
  return outcome;
}

/** Results belong to a round, so that the next one begins without any. */
function nextRound({ world, request, index }: Here): string {
  const { needs, closing, attempt, execution, flow, orphan, round, restarts } = request;
  const fresh = {
    needs,
    closing,
    attempt,
    execution,
    flow,
    orphan,
    restarts,
    round: round + 1,
    status: 'open' as const,
    asked: false,
    verified: false,
    joined: false,
    questioned: false,
    cycleResult: undefined,
    verdict: undefined,
    decided: undefined,
    certified: undefined,
    verifying: undefined,
    pauses: {},
    queued: false,
    releases: 0,
  } satisfies RequestState;
  Object.assign(request, fresh);
  forgetIn(world, index);
  return flowStart(world.setup);
}

/** What a cycle still holds of an earlier round is answered already. */
function forgetIn({ lines, helpers }: World, index: number): void {
  const without = ~(1 << index);
  for (const turn of [...lines.cycles.turns, ...lines.verification.turns]) {
    const { row, flow, orphan } = turn;
    if (row) {
      const freshFor = row.freshFor.map((mask) => mask & without);
      turn.row = { ...row, members: row.members & without, freshFor };
    }
    for (const process of [flow, orphan]) if (process) process.pending &= without;
  }
  for (const helper of helpers) if (has(helper.pending, index)) helper.left = 0;
}
