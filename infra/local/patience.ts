import { setTimeout } from 'node:timers/promises';
import { SetUpFailure } from './set-up-failure.ts';

/** Asks twice a second until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  seconds = 300,
): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await setTimeout(500)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new SetUpFailure(
    `After ${seconds} seconds, this had not happened: ${what}.`,
    'See what the system says: npm run dsr -- list, npm run dsr -- sources.',
  );
}
