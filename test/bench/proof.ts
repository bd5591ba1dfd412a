import { step } from '../../infra/local/progress.ts';
import { byTurns, type Figure, median, timed } from './figures.ts';
import { invoke, peakMemory } from './functions.ts';
import { type LargePlatform, partitionPrefix, publish } from './large-platform.ts';

const FLOOR = 1.5;
const MEGABYTES = 2000;

/** The proof of many people over one partition, against one bare scan of the same columns. */
export async function measureProof(
  platform: LargePlatform,
  {
    cycleId,
    rows,
    subjects,
    runs,
  }: { cycleId: string; rows: number; subjects: number; runs: number },
): Promise<Figure[]> {
  const { connection, engine, places, proveAbsence } = platform;
  const prefix = partitionPrefix(cycleId);
  const parts: Record<string, number>[] = [];
  const inLambda = async (run: number) => {
    // A table of its own each time, or a warm function would remember what it has read.
    const own = `c-${2000 + run}`;
    const again = partitionPrefix(own);
    await engine.ask('copyPartition', { from: prefix, to: again });
    await engine.ask('writeWanted', { cycleId: own, subjects });
    await publish(platform, own, again);
    const input = { cycleId: own, table: 'source customers' };
    const seconds = await timed(() =>
      invoke(connection, proveAbsence, { input, outcome: 'scanned' }),
    );
    await engine.ask('erase', { prefix: again });
    return seconds;
  };
  const seconds = await step('Prove', async ({ title, say }) => {
    await engine.ask('writeWanted', { cycleId, subjects });
    say('once each, to warm up');
    await engine.ask('scan', { prefix });
    await engine.ask('prove', { cycleId, prefix });
    await inLambda(0);
    const seconds = await byTurns(
      runs,
      {
        scan: () => engine.ask('scan', { prefix }),
        prove: () => engine.ask('prove', { cycleId, prefix }),
        inLambda,
        parts: async () => {
          parts.push(await engine.ask('partsOfProof', { cycleId, prefix }));
          return 0;
        },
      },
      say,
    );
    title(`Proved ${runs} times`);
    return seconds;
  });
  const peak = peakMemory(places, proveAbsence);
  const of = `${subjects.toLocaleString('en')} people in ${rows.toLocaleString('en')} rows`;
  return [
    {
      name: `proof of ${of} / bare scan`,
      value: seconds.prove,
      unit: 's',
      floor: seconds.scan,
      target: FLOOR,
    },
    {
      name: 'the same as a step, in its Lambda / bare scan',
      value: seconds.inLambda,
      unit: 's',
      floor: seconds.scan,
    },
    ...Object.keys(parts[0] ?? {}).map(
      (name): Figure => ({
        name: `  of it, to ${name}`,
        value: median(parts.map((measured) => measured[name] ?? 0)),
        unit: 's',
      }),
    ),
    ...(peak === undefined
      ? []
      : [{ name: 'its most memory', value: peak, unit: 'MB', target: MEGABYTES } as const]),
  ];
}
