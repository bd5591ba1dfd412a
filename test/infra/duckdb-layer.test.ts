import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { duckdbLayerOfHost } from '../../infra/duckdb-layer.ts';
import { ownDirectory } from '../emulator/test-run.ts';

it('the layer has a DuckDB that loads its extensions, where Lambda looks for packages', async () => {
  // Lambda unpacks a layer into /opt, and names /opt/nodejs/node_modules in NODE_PATH.
  const modules = join(await duckdbLayerOfHost(), 'nodejs', 'node_modules');
  const program = `
    const { dirname, join } = require('node:path');
    const { DuckDBInstance } = require('@duckdb/node-api');
    const folder = dirname(require.resolve('@dsr/duckdb-extensions/package.json'));
    (async () => {
      const connection = await (await DuckDBInstance.create()).connect();
      for (const name of ['httpfs', 'postgres_scanner'])
        await connection.run("LOAD '" + join(folder, name + '.duckdb_extension') + "'");
      const loaded = await connection.runAndReadAll(
        "SELECT extension_name FROM duckdb_extensions() WHERE loaded AND install_mode <> 'STATICALLY_LINKED' ORDER BY 1");
      console.log(loaded.getRows().flat().join());
    })();`;
  const said = execFileSync(process.execPath, ['-e', program], {
    cwd: ownDirectory('layer'),
    env: { PATH: process.env.PATH, HOME: ownDirectory('home'), NODE_PATH: modules },
    encoding: 'utf8',
  });
  expect(said.trim()).toBe('httpfs,postgres_scanner');
});
