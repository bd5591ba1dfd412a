import { all } from '../adapters/dynamo.ts';
import { type WaitRow, waitsOf } from '../adapters/waits.ts';
import type { WaitSummary } from '../domain/request.ts';

/** What a request or a line waits for now. */
export const openWaits = async (owner: string): Promise<WaitSummary[]> =>
  (await all(waitsOf(owner))).filter(({ answer }) => !answer).map(summaryOf);

export const summaryOf = ({
  waitId,
  kind,
  on,
  role,
  reasonCode,
  since,
  deadline,
  options,
}: WaitRow): WaitSummary => ({ waitId, kind, on, role, reasonCode, since, deadline, options });
