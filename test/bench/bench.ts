import { setTimeout } from 'node:timers/promises';
import { measureCrowd } from './crowd.ts';
import { measureDeepProof } from './deep-proof.ts';
import { type Figure, figuresAsJson, renderFigures } from './figures.ts';
import { onNewGround, stopEverything } from './ground.ts';
import { openLargePlatform } from './large-platform.ts';
import { type BenchOptions, readBenchOptions } from './options.ts';
import { measureProof } from './proof.ts';
import { measureRefresh } from './refresh.ts';

const options = readBenchOptions(process.argv.slice(2));
let isEnding = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void end(130));

try {
  const figures = [...(await largeFigures(options)), ...(await crowdFigures(options))];
  console.log(options.json ? figuresAsJson(figures) : `\n${renderFigures(figures)}\n`);
} catch (fault) {
  await end(1, fault);
}

async function largeFigures({ parts, rows, subjects, runs }: BenchOptions): Promise<Figure[]> {
  if (!parts.some((part) => part !== 'crowd')) return [];
  return onNewGround(async (ground) => {
    const platform = await openLargePlatform(ground, rows);
    try {
      // A proof needs a partition.
      const { figures, cycleId } = await measureRefresh(platform, { rows, runs });
      const proven = parts.includes('proof')
        ? await measureProof(platform, { cycleId, rows, subjects, runs })
        : [];
      const deep = parts.includes('deep')
        ? await measureDeepProof(platform, { cycleId, rows, subjects, runs })
        : [];
      return [...figures, ...proven, ...deep];
    } finally {
      platform.engine.end();
    }
  });
}

async function crowdFigures({ parts, requests }: BenchOptions): Promise<Figure[]> {
  if (!parts.includes('crowd')) return [];
  return onNewGround((ground) => measureCrowd(ground, requests));
}

async function end(exitCode: number, fault?: unknown): Promise<void> {
  // A failing step is what stopping looks like from inside.
  if (isEnding) return void (await setTimeout(60_000));
  isEnding = true;
  if (fault !== undefined) console.error(fault);
  await stopEverything();
  process.exit(exitCode);
}
