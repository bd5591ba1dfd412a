import type { Action, Here, Privacy, Step } from './action.ts';
import { afterPause, asleep, deliver, recordAnswer, setPause } from './pauses.ts';
import { cancels, sweeperStandsIn } from './setup.ts';
import { type PauseName, violate, type World } from './world.ts';

/*
 * What several steps of a request's flow have in common.
 */

/** A recorded result is progress; nothing is recorded of a request that has ended. */
export function records({ world, request, me }: Here): boolean {
  if (request.status === 'closed') {
    if (world.setup.mistake !== 'writesToClosedRequests') return false;
    violate(world, `${me.at} changed a request that was closed`);
  }
  request.restarts = 0;
  return true;
}

export const certifying = (world: World) =>
  cancels(world.setup) ? 'certify.read' : 'certify.record';

/** What was decided stays so. */
export const onceDecided = ({ request }: Here): Privacy =>
  request.closing ? 'whileAlive' : 'unlessCancelled';

export const unlessClosing = (next: string): Action => ({
  reads: true,
  private: 'unlessCancelled',
  run: ({ world, request }) => (request.closing ? certifying(world) : next),
});

/** A decision to close that came while a wait was being opened found nothing to answer. */
export const answeringIfClosing = (step: string, name: PauseName, next: string): Step => ({
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
});

/** Step Functions puts its token into the wait, unless that has been answered. */
export const sleeping = (name: PauseName): Step => ({
  token: {
    byService: true,
    private: ({ world, request }) =>
      request.pauses[name]?.answer || sweeperStandsIn(world.setup) ? 'unlessCancelled' : undefined,
    run: ({ world, request }) => {
      const pause = request.pauses[name];
      if (pause?.answer && world.setup.mistake !== 'sleepsWithoutCondition')
        return afterPause(world, name);
      if (pause) setPause(request, name, { ...pause, token: true });
      return asleep(name);
    },
  },
});
