import type { Write } from '../adapters/dynamo.ts';
import { changedRequest, type RequestRow } from '../adapters/requests.ts';
import { newResult } from '../adapters/results.ts';
import { noLongerVerifying, verifyingRows } from '../adapters/verifying.ts';
import { type WaitRow, whichOf } from '../adapters/waits.ts';
import type { Decide, Decided } from '../domain/desk.ts';

/**
 * A decision while sources still hold the person: to go on without them, or, for a source that
 * cannot tell, that a person has seen that it is gone.
 */
export async function givenUp(
  { requestId, without, gaveUpOn }: RequestRow,
  wait: WaitRow,
  { option, by, ofSources }: Pick<Decide, 'option' | 'by' | 'ofSources'>,
): Promise<{ outcome: 'allowed'; writes: Write[]; sources: string[] } | Decided> {
  const round = whichOf(wait);
  for await (const { sources } of verifyingRows(`${requestId}#${round}`)) {
    const left = Object.entries(sources).filter(([, { answer }]) => answer !== 'gone');
    const names = left.map(([name]) => name);
    const holding = left.filter(([, { answer }]) => answer !== 'cannotTell').map(([name]) => name);
    if (option === 'confirmDeleted' && holding.length > 0) {
      const words = `Nobody can confirm that while ${holding.join(', ')} did not say gone.`;
      return { outcome: 'notAnOption', words };
    }
    const others = names.filter((name) => ofSources && !ofSources.includes(name));
    if (option === 'confirmDeleted' && others.length > 0) {
      const words = `Only the owner of ${others.join(', ')} can say that of it.`;
      return { outcome: 'notYourRole', words };
    }
    const verification = { outcome: option, sources, by };
    const gaveUp = option === 'giveUp';
    return {
      outcome: 'allowed',
      sources: [],
      writes: [
        newResult(requestId, 'verification', round, verification),
        noLongerVerifying(requestId, round),
        changedRequest(requestId, {
          status: 'open',
          without: gaveUp ? [...without, ...names] : without,
          gaveUpOn: gaveUp ? [...gaveUpOn, ...names.map((name) => `source ${name}`)] : gaveUpOn,
        }),
      ],
    };
  }
  return { outcome: 'alreadyAnswered', words: 'The sources have let go meanwhile.' };
}
