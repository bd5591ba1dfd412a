import type { Request, WaitSummary } from '../../lambdas/domain/request.ts';
import type { Clock } from '../clock.ts';
import { DSR } from '../words.ts';
import { mayBeDecided, renderWait } from './wait.ts';

/** What may be decided on a request or a source. */
export interface Choices {
  owner: string;
  /** Of a request; a source has none. */
  status?: Request['status'];
  waits: WaitSummary[];
}

export function renderChoices({ owner, status, waits }: Choices, clock: Clock): string {
  const asked = waits.filter(mayBeDecided).map((wait) => renderWait(wait, clock));
  if (status === 'closed' && asked.length === 0)
    return `Request ${owner} is closed: there is nothing to decide.`;
  const ending =
    status === undefined || status === 'closed'
      ? []
      : [`It can be ended at any time:\n  ${DSR} cancel ${owner}\n  ${DSR} refuse ${owner}`];
  return [...(asked.length > 0 ? asked : ['Nobody is asked anything just now.']), ...ending].join(
    '\n\n',
  );
}
