import type { Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { aPause, setPause } from './pauses.ts';
import {
  answeringIfClosing,
  certifying,
  onceDecided,
  records,
  sleeping,
  unlessClosing,
} from './request-steps.ts';
import { certifiedAs, nextRound, verdictFor } from './rounds.ts';
import { cancels } from './setup.ts';
import { NOW } from './world.ts';

/** The steps of delete-customer-data, as far as others notice them; one execution an attempt. */
export const requestFlow: Record<string, Step> = {
  resolve: { read: unlessClosing('askSources.record') },

  askSources: {
    record: {
      private: ({ request }) => (request.asked ? 'unlessCancelled' : undefined),
      run: (here) => {
        const { request, world } = here;
        if (!request.asked && records(here)) {
          request.asked = true;
          setPause(request, 'sources', aPause());
          request.verifying = Array.from({ length: world.setup.sources }, () => ({
            asks: 0,
            nextAskAt: NOW,
          }));
        }
        return cancels(world.setup) ? 'askSources.readClosing' : 'askSources.look';
      },
    },
    ...answeringIfClosing('askSources', 'sources', 'askSources.look'),
    ...ensuring('askSources', 'verification', { given: true }, 'sourcesWait.token'),
  },
  sourcesWait: sleeping('sources'),

  join: {
    read: unlessClosing('join.record'),
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
    read: unlessClosing('lookAtProof.record'),
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
    read: unlessClosing('applyDecision.record'),
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
