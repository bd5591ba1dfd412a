// Runs before anything is installed: plain JavaScript, and nothing but what Node brings.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNodePackages } from './install/node-packages.mjs';
import { Obstacle } from './install/obstacle.mjs';
import { installPythonPackages } from './install/python-packages.mjs';
import { inTurn } from './install/turn.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const local = join(root, '.local');
const [mode = 'start', ...options] = process.argv.slice(2);

process.chdir(root);
// Node 20 is enough for this project; what the SDK announces about it helps no user.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
process.env.AWS_EC2_METADATA_DISABLED = 'true';

try {
  requireNode(20, 12);
  mkdirSync(local, { recursive: true });
  await inTurn(local, async () => {
    installNodePackages(root, local);
    installPythonPackages(root, local);
  });
  if (mode === 'start') await run('./start.ts');
  else if (mode === 'bench') await run('../../test/bench/bench.ts');
  else process.exitCode = test();
} catch (obstacle) {
  if (!(obstacle instanceof Obstacle)) throw obstacle;
  console.error(`\n${obstacle.message}\n`);
  process.exitCode = 1;
}

function requireNode(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new Obstacle(
    `This is Node ${process.versions.node}, and Node ${major}.${minor} or later is needed.`,
    'Install it from https://nodejs.org, and run the same command again.',
  );
}

async function run(program) {
  const { register } = await import('tsx/esm/api');
  register();
  process.argv.splice(2, process.argv.length, ...options);
  await import(program);
}

/** Every check runs, so that one run shows all that is wrong; with options, jest alone. */
function test() {
  const bin = (name) => join(root, 'node_modules', '.bin', name);
  const jest = ['jest', ['--json', `--outputFile=${join(local, 'test-results.json')}`, ...options]];
  const checks =
    options.length > 0
      ? [jest]
      : [['tsc', ['-p', '.']], ['biome', ['check', '.']], ['knip', []], jest];
  const failed = checks.filter(([name, args]) => {
    const env = { ...process.env };
    if (name === 'jest')
      env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
    return spawnSync(bin(name), args, { stdio: 'inherit', env }).status !== 0;
  });
  if (failed.length > 0) console.error(`\nFailed: ${failed.map(([name]) => name).join(', ')}`);
  return failed.length > 0 ? 1 : 0;
}
