import type { OpenedRequest } from '../../lambdas/domain/desk.ts';
import { type Clock, dueDay } from '../clock.ts';
import { DSR } from '../words.ts';

export function renderOpened(
  opened: Exclude<OpenedRequest, { outcome: 'invalid' }>,
  clock: Clock,
): string {
  const follow = `Follow it with \`${DSR} watch ${opened.requestId}\`.`;
  if (opened.outcome === 'alreadyOpen') {
    return `The same identities are already in request ${opened.requestId}, which is open. Nothing new was started.\n${follow}`;
  }
  const aim = opened.unrolledDueOn === opened.dueOn ? '' : `; aim at ${opened.unrolledDueOn}`;
  return `Request ${opened.requestId} is open.\nLegal deadline ${dueDay(opened, clock)}${aim}.\n${follow}`;
}
