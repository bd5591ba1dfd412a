import { setTimeout } from 'node:timers/promises';
import { measureCrowd } from './crowd.ts';
import { measureDeepProof } from './deep-proof.ts';
import { measureExports } from './exports.ts';
import { type Figure, figuresAsJson, renderFigures } from './figures.ts';
import { onNewGround, stopEverything } from './ground.ts';
import { openLargePlatform } from './large-platform.ts';
import { type BenchOptions, readBenchOptions } from './options.ts';
import { measureProof } from './proof.ts';
import { measureRefresh } from './refresh.ts';
import { measureSuppress } from './suppress.ts';

const options = readBenchOptions(process.argv.slice(2));
let isEnding = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void end(130));

try {
  const figures = [
    ...(await largeFigures(options)),
    ...(await crowdFigures(options)),
    ...(options.parts.includes('exports') ? await measureExports(options) : []),
  ];
  console.log(options.json ? figuresAsJson(figures) : `\n${renderFigures(figures)}\n`);
} catch (fault) {
  await end(1, fault);
}

async function largeFigures(options: BenchOptions): Promise<Figure[]> {
  const { parts, rows, subjects, suppressed, runs } = options;
  if (!parts.some((part) => part !== 'crowd' && part !== 'exports')) return [];
  return onNewGround(async (ground) => {
    const platform = await openLargePlatform(ground, rows);
    try {
      const figures: Figure[] = [];
      // A proof needs a partition.
      if (parts.some((part) => ['refresh', 'proof', 'deep'].includes(part))) {
        const refreshed = await measureRefresh(platform, { rows, runs });
        const { cycleId } = refreshed;
        figures.push(...refreshed.figures);
        if (parts.includes('proof'))
          figures.push(...(await measureProof(platform, { cycleId, rows, subjects, runs })));
        if (parts.includes('deep'))
          figures.push(...(await measureDeepProof(platform, { cycleId, rows, subjects, runs })));
      }
      if (parts.includes('suppress'))
        figures.push(...(await measureSuppress(platform, { rows, suppressed, runs })));
      return figures;
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
