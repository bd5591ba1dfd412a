import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { duckdbLayerOfHost } from '../../infra/duckdb-layer.ts';
import { synthesise } from '../../infra/local/deploy.ts';
import { sdkOfTheLambdaRuntime } from '../../infra/local/emulator.ts';
import { placesIn } from '../../infra/local/places.ts';
import { openProcesses } from '../../infra/local/processes.ts';
import { onceARun } from './once-a-run.ts';
import { testRun } from './test-run.ts';

/** What mails name as the address of the pages. */
export const NOWHERE = 'http://pages.invalid';

/**
 * The demo's app, synthesised once for all platforms of a run. Its DuckDB layer is empty: the
 * emulator unpacks a layer, of 135 MB, for every process that it starts, which was two thirds of all
 * that it did. `npm start` deploys the layer.
 */
export const testAssembly = (): Promise<string> =>
  onceARun('assembly', async () => {
    const duckdbLayer = join(testRun(), 'empty-layer');
    mkdirSync(duckdbLayer);
    writeFileSync(join(duckdbLayer, 'empty'), '');
    const places = { ...placesIn(testRun()), assembly: join(testRun(), 'assembly') };
    // Where an emulator will answer is not known yet: who follows a mail puts it there.
    const pagesUrl = NOWHERE;
    return synthesise({ processes: openProcesses(places.run), places, duckdbLayer, pagesUrl });
  });

/**
 * For an emulator on which that is deployed: functions find DuckDB in this project. Of so few rows a
 * query takes longest to be shared out, and with this memory it has one thread.
 */
export async function duckdbWhereItLies(): Promise<Record<string, string>> {
  const modules = join(await duckdbLayerOfHost(), 'nodejs', 'node_modules');
  return {
    NODE_PATH: [sdkOfTheLambdaRuntime(), modules].join(delimiter),
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
  };
}
