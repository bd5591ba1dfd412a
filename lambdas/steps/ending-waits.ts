import { getRequest } from '../adapters/requests.ts';
import { answer, type WaitRow, waitKey, waitsOf } from '../adapters/waits.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Request } from '../domain/request.ts';

/**
 * Answers whatever a request still waits for with the decision to close it. The sweeper repeats it:
 * who decided may have died before this, and a cycle drops who is closing without an answer.
 */
export async function endWaits(
  requestId: string,
  { option, by, at }: Pick<NonNullable<Request['closing']>, 'option' | 'by' | 'at'>,
): Promise<void> {
  for await (const wait of waitsOf(requestId)) {
    if (!wait.answer) await answer(wait, { option, by, at }, waitEntry(wait, option, by));
  }
}

/** A decision to close that came while a wait was being opened found nothing to answer. */
export async function answerIfClosing(
  requestId: RequestId,
  name: string,
  round: number,
): Promise<void> {
  const { closing } = await getRequest(requestId);
  if (!closing) return;
  await answer(
    waitKey(requestId, name, round),
    { option: closing.option, by: closing.by, at: new Date().toISOString() },
    {
      chain: `request/${requestId}`,
      event: 'waitAnswered',
      by: closing.by,
      facts: { name, option: closing.option },
    },
  );
}

export const waitEntry = (wait: WaitRow, option: string, by: string) => ({
  chain: `request/${wait.owner}`,
  event: 'waitAnswered',
  by,
  facts: { wait: wait.waitId, option },
});
