import { all } from '../adapters/dynamo.ts';
import { verifyingRows } from '../adapters/verifying.ts';
import { type WaitRow, waitsOf } from '../adapters/waits.ts';
import type { WaitSummary } from '../domain/request.ts';
import { optionsWhileHeld } from '../domain/verification.ts';

/** What a request or a line waits for now. */
export async function openWaits(owner: string): Promise<WaitSummary[]> {
  const open = (await all(waitsOf(owner))).filter(({ answer }) => !answer);
  return Promise.all(
    open.map(async (wait) => ({ ...summaryOf(wait), options: await optionsNow(wait) })),
  );
}

/** What may be decided on a wait; while sources are asked, by what they said last. */
export async function optionsNow(wait: WaitRow): Promise<string[]> {
  if (wait.kind !== 'sourcesLetGo' || !wait.openedAt) return wait.options;
  const [verifying] = await all(verifyingRows(verifyingId(wait)));
  return verifying ? optionsWhileHeld(verifying.sources) : wait.options;
}

/** `<requestId>#<round>`, as its row among those that are verified. */
const verifyingId = ({ owner, waitId }: WaitRow) => `${owner}#${waitId.split('#').at(-1)}`;

export const summaryOf = ({
  waitId,
  kind,
  on,
  role,
  recipient,
  reasonCode,
  since,
  deadline,
  expires,
  options,
  details,
}: WaitRow): WaitSummary => ({
  ...{ waitId, kind, on, role, reasonCode, since, deadline, options },
  ...(recipient && { recipient }),
  ...(expires && { expires }),
  ...(details && { details }),
});
