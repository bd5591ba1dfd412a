// Runs before anything is installed: plain JavaScript, and nothing but what Node brings.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installNodePackages } from './install/node-packages.mjs';
import { Obstacle } from './install/obstacle.mjs';
import { installPythonPackages } from './install/python-packages.mjs';
import { runToEnd } from './install/run-to-end.mjs';
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
  await inTurn(local, install);
  if (mode === 'start') await run('./start.ts');
  else if (mode === 'bench') await run('../../test/bench/bench.ts');
  else process.exitCode = await test();
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

/** Side by side; none is still at it when another has failed, and each says what stands in its way. */
async function install() {
  const both = [installNodePackages(root, local), installPythonPackages(root, local)];
  const ended = await Promise.allSettled(both);
  const [first, other] = ended.flatMap(({ reason }) => reason ?? []);
  if (other) console.error(`\n${other.message}\n`);
  if (first) throw first;
}

/** Every check runs, so that one run shows all that is wrong; with options, jest alone. */
async function test() {
  const bin = (name) => join(root, 'node_modules', '.bin', name);
  const checks = options.length > 0 ? [] : [['tsc', '-p', '.'], ['biome', 'check', '.'], ['knip']];
  const inColour = { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) };
  const failed = [];
  const checked = checks.map(async ([name, ...args]) => {
    const { status, output } = await runToEnd(bin(name), args, { env: inColour });
    process.stdout.write(output);
    if (status !== 0) failed.push(name);
  });
  await Promise.all(checked);
  if (jest(bin('jest')) !== 0) failed.push('jest');
  if (failed.length > 0) console.error(`\nFailed: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
}

function jest(command) {
  const args = ['--json', `--outputFile=${join(local, 'test-results.json')}`, ...options];
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS } })
    .status;
}
