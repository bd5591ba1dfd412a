import { setTimeout } from 'node:timers/promises';
import { SetUpFailure } from './set-up-failure.ts';

const shortestPauseMs = 500;

/** Asks twice a second until there is an answer, or ever more seldom, to spare whoever is asked. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  seconds = 300,
  longestPauseMs = shortestPauseMs,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (let pauseMs = shortestPauseMs; Date.now() < deadline; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await setTimeout(pauseMs);
    pauseMs = Math.min(pauseMs * 1.25, longestPauseMs);
  }
  throw new SetUpFailure(
    `After ${seconds} seconds, this had not happened: ${what}.`,
    'See what the system says: npm run dsr -- list, npm run dsr -- sources.',
  );
}
