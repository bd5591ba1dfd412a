import { restartOf } from '../../lambdas/domain/restart.ts';
import type { Step } from './action.ts';
import { aPause, setPause } from './pauses.ts';
import { flowStart } from './setup.ts';
import {
  aProcess,
  members,
  type Process,
  type RequestState,
  requestAt,
  violate,
  type World,
} from './world.ts';

/** The actions of `keepRunning`, whoever calls it. */
export const keeping: Record<string, Step> = {
  keep: {
    read: {
      reads: true,
      private: 'always',
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        const fault = request.pauses.fault && {
          answer: request.pauses.fault.answer ? { option: 'resume', by: '', at: '' } : undefined,
        };
        me.attempt = request.attempt;
        switch (restartOf(request, request.execution, fault)) {
          case 'start':
            return 'keep.start';
          case 'nextAttempt':
            return 'keep.record';
          case 'askOperator':
            return 'keep.ask';
          default:
            return '';
        }
      },
    },
    record: {
      private: 'always',
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        if (request.attempt !== me.attempt || request.status === 'closed') return '';
        request.attempt += 1;
        request.restarts += 1;
        request.execution = 'missing';
        setPause(request, 'fault', undefined);
        me.attempt = request.attempt;
        return 'keep.start';
      },
    },
    start: {
      private: 'always',
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        if (request.attempt !== me.attempt || request.execution !== 'missing') return '';
        request.execution = 'running';
        request.flow = aProcess(flowStart(world.setup));
        return '';
      },
    },
    ask: {
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        const isLast = request.attempt === me.attempt && request.status !== 'closed';
        if (!isLast && world.setup.mistake !== 'asksAboutOldAttempts') return '';
        if (!isLast) violate(world, 'the operator was asked about an attempt that is not the last');
        if (!request.pauses.fault) setPause(request, 'fault', aPause(true));
        request.status = 'waiting';
        return '';
      },
    },
  },
};

export function looksAfter(me: Process, index: number): string {
  me.pending = 1 << index;
  return 'keep.read';
}

const aboutWhom = (world: World, { pending }: Process): RequestState =>
  requestAt(world, members(pending)[0] ?? 0);
