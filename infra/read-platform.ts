import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parsePlatform } from '../lambdas/domain/parse-platform.ts';
import type { PlatformDefinition } from '../lambdas/domain/platform.ts';

const ours = fileURLToPath(new URL('platforms', import.meta.url));

/**
 * `infra/platforms/<name>/`: platform.yaml, and in `models/` the SQL of its models and segments.
 * @param platforms the folder to look in, if another
 * @throws PlatformError with every mistake in the files
 */
export function readPlatform(name: string, platforms = ours): PlatformDefinition {
  const folder = join(platforms, name);
  const file = join(folder, 'platform.yaml');
  if (!existsSync(file))
    throw new Error(
      `There is no ${file}. Known platforms: ${readdirSync(platforms).join(', ')}. ` +
        'Name one with: -c platform=<name>',
    );
  return parsePlatform({
    file,
    yaml: readFileSync(file, 'utf8'),
    sql: sqlIn(join(folder, 'models')),
  });
}

function sqlIn(folder: string): Record<string, string> {
  const files = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith('.sql'))
    : [];
  return Object.fromEntries(
    files.sort().map((file) => [basename(file, '.sql'), readFileSync(join(folder, file), 'utf8')]),
  );
}
