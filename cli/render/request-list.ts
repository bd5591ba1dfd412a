import type { ListedRequest } from '../../lambdas/domain/desk-reports.ts';
import type { WaitSummary } from '../../lambdas/domain/request.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, dueDay, localTime } from '../clock.ts';
import { table } from '../table.ts';
import { waitWords } from './wait.ts';

export function renderRequestList(requests: ListedRequest[], clock: Clock): string {
  if (requests.length === 0) return 'There are no such requests.';
  return table(
    ['Request', 'Kind', 'Received', 'Due', 'State'],
    requests.map((request) => [
      request.requestId,
      request.kind,
      localTime(request.receivedAt, clock).slice(0, 16),
      request.status === 'closed' ? request.dueOn : dueDay(request, clock),
      stateWords(request, clock),
    ]),
  );
}

/** A person is asked for a reason; a machine waits for its turn. */
const reasonOf = ({ role, reasonCode }: WaitSummary): string =>
  role === undefined ? '' : `: ${spaced(reasonCode)}`;

function stateWords({ status, outcome, waits }: ListedRequest, clock: Clock): string {
  if (status === 'closed') return spaced(outcome ?? 'closed');
  return waits.map((wait) => waitWords(wait, clock) + reasonOf(wait)).join('; ') || spaced(status);
}
