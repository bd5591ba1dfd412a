import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { bundleHandlers } from '../../infra/constructs/handlers-bundle.ts';
import { aPlatform } from './a-stack.ts';

describe('a bundle of handlers', () => {
  const definition = { platform: aPlatform(), sql: {}, hash: 'a-hash' };
  const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'bundle-')));
  const [one = '', other = ''] = folders.map((folder) =>
    bundleHandlers('sweeper', definition, folder),
  );
  const contents = (folder: string) =>
    readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('has the same bytes wherever it is made, so that nothing is deployed for nothing', () => {
    expect(contents(one)).toEqual(contents(other));
  });

  it('brings the platform along', () => {
    expect(JSON.parse(readFileSync(join(one, 'platform.json'), 'utf8'))).toEqual(definition);
  });

  it('leaves out what its steps never use, which every new process would read', () => {
    const code = readFileSync(join(one, 'index.mjs'), 'utf8');
    // Time zones since 1890, of the calendars of holidays; zod's words in Vietnamese.
    for (const words of ['Africa/Abidjan|', String.raw`\u0111\u1ECBa ch\u1EC9`])
      expect(code).not.toContain(words);
  });

  it('brings every package but those of the DuckDB layer', () => {
    const code = readFileSync(join(one, 'index.mjs'), 'utf8');
    const imported = [...code.matchAll(/(?:^|[;}])import\s*(?:[^;'"]*?from)?["']([^"']+)["']/g)]
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:') && !name.startsWith('@duckdb/'));
    expect(imported.filter((name) => name.startsWith('@') || name.startsWith('.'))).toEqual([]);
  });
});
