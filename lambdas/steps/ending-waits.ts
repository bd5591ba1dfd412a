import { answer, type WaitRow, waitsOf } from '../adapters/waits.ts';
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

export const waitEntry = (wait: WaitRow, option: string, by: string) => ({
  chain: `request/${wait.owner}`,
  event: 'waitAnswered',
  by,
  facts: { wait: wait.waitId, option },
});
