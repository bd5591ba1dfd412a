import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Bundles `lambdas/handlers/<file>.ts` with all that it imports, and the parsed platform beside it.
 * The same code gives the same bytes, in whatever folder, so that an unchanged build has an
 * unchanged asset.
 * @returns the folder, for `Code.fromAsset`
 */
export function bundleHandlers(
  file: string,
  definition: PlatformDefinition,
  outdir: string,
): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [`lambdas/handlers/${file}.ts`],
    outfile: join(root, 'index.mjs'),
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    // CommonJS among the dependencies calls require(), which ESM does not have.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    // In the DuckDB layer.
    external: ['@duckdb/*', '@dsr/duckdb-extensions'],
    logLevel: 'silent',
  });
  const folder = join(outdir, 'handlers', file);
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) {
    writeFileSync(join(folder, path.slice(root.length)), contents);
  }
  writeFileSync(join(folder, 'platform.json'), JSON.stringify(definition));
  return folder;
}
