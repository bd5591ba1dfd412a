import { cancels } from './setup.ts';
import type { Pause, PauseName, RequestState, World } from './world.ts';

export const aPause = (asked = false): Pause => ({ token: false, due: false, asked });

/** Refused where nobody waits, or somebody has answered. */
export function recordAnswer(request: RequestState, name: PauseName, answer: string): boolean {
  const pause = request.pauses[name];
  if (!pause || pause.answer) return false;
  setPause(request, name, { ...pause, answer, due: true });
  return true;
}

/** Wakes who sleeps on an answered wait, and takes it off the sweeper's list. */
export function deliver(world: World, request: RequestState, name: PauseName): void {
  const pause = request.pauses[name];
  if (!pause?.answer) return;
  wake(world, request, name);
  setPause(request, name, { ...pause, due: false });
}

export function setPause(request: RequestState, name: PauseName, pause: Pause | undefined): void {
  request.pauses = { ...request.pauses, [name]: pause };
}

/** A token that is gone is no error. */
export function wake(world: World, request: RequestState, name: PauseName): void {
  if (request.pauses[name]?.token && request.flow?.at === asleep(name))
    request.flow.at = afterPause(world, name);
}

export const asleep = (name: PauseName) => `${name}Wait.asleep`;

export function afterPause({ setup }: World, name: PauseName): string {
  const reading = cancels(setup) ? 'read' : 'record';
  switch (name) {
    case 'sources':
      return `join.${reading}`;
    case 'cycle':
      return `lookAtProof.${reading}`;
    case 'decision':
      return `applyDecision.${reading}`;
    default:
      throw new Error(`No flow sleeps on ${name}.`);
  }
}
