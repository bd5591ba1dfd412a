import { step } from '../../infra/local/progress.ts';
import { byTurns, type Figure, timed } from './figures.ts';
import { invoke, peakMemory } from './functions.ts';
import { type LargePlatform, partitionPrefix } from './large-platform.ts';
import { loginSql } from './large-source.ts';

const FLOOR = 1.5;
const MEGABYTES = 2000;

/** The refresh as a cycle has it, in its Lambda, against a bare COPY of the same rows. */
export async function measureRefresh(
  platform: LargePlatform,
  { rows, runs }: { rows: number; runs: number },
): Promise<{ figures: Figure[]; cycleId: string }> {
  const { connection, engine, places, refreshSource, server } = platform;
  const cycleOf = (run: number) => `c-${1000 + run}`;
  const refresh = async (run: number) => {
    // The partition before it would only take up room.
    if (run > 1) await engine.ask('erase', { prefix: partitionPrefix(cycleOf(run - 1)) });
    const input = { cycleId: cycleOf(run), source: 'customers', attempt: 1 };
    return timed(() => invoke(connection, refreshSource, { input, outcome: 'successful' }));
  };
  const copy = () => engine.ask('copy', { login: loginSql(server), prefix: 'work/bench/' });
  const { seconds, peak } = await step('Refresh', async ({ title, say }) => {
    say('once each, to warm up');
    await copy();
    await refresh(0);
    const seconds = await byTurns(runs, { copy, refresh }, say);
    title(`Refreshed ${runs} times`);
    return { seconds, peak: peakMemory(places, refreshSource) };
  });
  const many = rows.toLocaleString('en');
  const figures: Figure[] = [
    {
      name: `refresh of ${many} rows, in its Lambda / bare COPY`,
      value: seconds.refresh,
      unit: 's',
      floor: seconds.copy,
      target: FLOOR,
    },
    ...(peak === undefined
      ? []
      : [{ name: 'its most memory', value: peak, unit: 'MB', target: MEGABYTES } as const]),
  ];
  return { figures, cycleId: cycleOf(runs) };
}
