import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleHandlers } from '../../infra/constructs/handlers-bundle.ts';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';
import { onceARun } from './once-a-run.ts';
import { testRun } from './test-run.ts';

/**
 * What `bundleHandlers` makes, in a folder below this one. The code is bundled once a run, whoever
 * wants it first: only the platform beside it differs.
 * @returns the module
 */
export async function bundled(
  file: string,
  definition: PlatformDefinition,
  folder: string,
): Promise<string> {
  const made = await onceARun(`bundle-${file.replaceAll(/\W/g, '-')}`, async () =>
    bundleHandlers(file, definition, join(testRun(), 'bundles')),
  );
  const own = join(folder, file.replaceAll(/\W/g, '-'));
  mkdirSync(own, { recursive: true });
  cpSync(made, own, { recursive: true });
  writeFileSync(join(own, 'platform.json'), JSON.stringify(definition));
  return join(own, 'index.mjs');
}
