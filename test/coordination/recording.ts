import type { Action, Here } from './action.ts';
import { deliver, recordAnswer, wake } from './pauses.ts';
import { members, type RequestState, requestAt } from './world.ts';

/** Chosen beside the index of a request: deliver to it what has been recorded. */
const DELIVER = 8;

/**
 * Answers several requests at once, each by a record and a delivery, in any order. A delivery is
 * private: whoever comes between finds the recorded answer, and goes on by itself.
 * @param change what is recorded together with the answer; gives the answer
 */
export function recording(
  name: 'sources' | 'cycle',
  at: string,
  next: string,
  change: (here: Here, request: RequestState, index: number) => string,
): Action {
  const stays = ({ pending, undelivered }: Here['me']) => (pending | undelivered ? at : next);
  return {
    private: 'unlessCancelled',
    choices: ({ me }) => [
      ...members(me.pending),
      ...members(me.undelivered).map((index) => index + DELIVER),
    ],
    run: (here, choice) => {
      const { world, me } = here;
      const index = choice % DELIVER;
      const request = requestAt(world, index);
      const tellsFirst = world.setup.mistake === 'deliversBeforeRecording';
      const isFirst = choice < DELIVER;
      if (isFirst) {
        me.pending &= ~(1 << index);
        me.undelivered |= 1 << index;
        if (tellsFirst) wake(world, request, name);
        else record(here, request, index, name, change);
        return at;
      }
      me.undelivered &= ~(1 << index);
      if (tellsFirst) record(here, request, index, name, change);
      deliver(world, request, name);
      return stays(me);
    },
  };
}

/** Answered already, by whoever was first: then only what waits for it is tidied away. */
function record(
  here: Here,
  request: RequestState,
  index: number,
  name: 'sources' | 'cycle',
  change: (here: Here, request: RequestState, index: number) => string,
): void {
  const isOpen = request.pauses[name] && !request.pauses[name]?.answer;
  const anyhow = here.world.setup.mistake === 'recordsWithoutCondition' && name === 'cycle';
  if (isOpen || anyhow) recordAnswer(request, name, change(here, request, index));
  if (name === 'sources') request.verifying = undefined;
  else request.queued = false;
}
