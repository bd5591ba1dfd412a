import { step } from '../../infra/local/progress.ts';
import { byTurns, type Figure } from './figures.ts';
import { type LargePlatform, partitionPrefix } from './large-platform.ts';

const FLOOR = 3;

/** The search of every column as text, against one bare scan of every column as text. */
export async function measureDeepProof(
  { engine }: LargePlatform,
  {
    cycleId,
    rows,
    subjects,
    runs,
  }: { cycleId: string; rows: number; subjects: number; runs: number },
): Promise<Figure[]> {
  const planted = partitionPrefix('c-3000');
  const seconds = await step('Prove, deeply', async ({ title, say }) => {
    await engine.ask('plantSomebody', { from: partitionPrefix(cycleId), to: planted });
    await engine.ask('writeWanted', { cycleId, subjects });
    say('once each, to warm up');
    const tasks = {
      scanWhole: () => engine.ask('scanWhole', { prefix: planted }),
      proveDeep: () => engine.ask('proveDeep', { cycleId, prefix: planted }),
      prove: () => engine.ask('prove', { cycleId, prefix: planted }),
    };
    await byTurns(1, tasks, () => {});
    const measured = await byTurns(runs, tasks, say);
    title(`Proved deeply ${runs} times`);
    return measured;
  });
  await engine.ask('erase', { prefix: planted });
  const of = `${subjects.toLocaleString('en')} people in ${rows.toLocaleString('en')} rows`;
  return [
    {
      name: `deep proof of ${of} / bare scan of every column as text`,
      value: seconds.proveDeep,
      unit: 's',
      floor: seconds.scanWhole,
      target: FLOOR,
    },
    {
      name: 'with the proof of declared columns / the same scan',
      value: seconds.proveDeep + seconds.prove,
      unit: 's',
      floor: seconds.scanWhole,
    },
  ];
}
