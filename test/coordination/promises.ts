import type { Pause, RequestState, World } from './world.ts';

/**
 * Nothing is left lying: every request is closed or waits for somebody who was asked, nobody holds
 * a line, and nobody waits in one. Or a line has stopped, and the operator was asked to look.
 * That sources may still hold somebody is no rest: they are asked again until they do not.
 */
export function isAtRest({ requests, lines, refreshQueued }: World): boolean {
  const both = Object.values(lines);
  if (both.some(({ lock, fault }) => lock?.stuck && isOpen(fault))) return true;
  return requests.every(isSettled) && !refreshQueued && both.every(({ lock }) => !lock?.holder);
}

const isSettled = ({ status, pauses, verifying, queued }: RequestState): boolean =>
  !verifying && !queued && (status === 'closed' || isOpen(pauses.decision) || isOpen(pauses.fault));

const isOpen = (pause: Pause | undefined): boolean => Boolean(pause?.asked && !pause.answer);
