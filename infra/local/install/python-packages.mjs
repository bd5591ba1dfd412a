import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationObstacle, Obstacle } from './obstacle.mjs';
import { runToEnd } from './run-to-end.mjs';

const needed = [3, 10];

/** The emulator in an environment of its own, `.local/venv`, each package checked by its hash. */
export async function installPythonPackages(root, local) {
  const requirements = join(root, 'infra', 'local', 'requirements.txt');
  const venv = join(local, 'venv');
  const stamp = join(venv, 'installed');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const python = join(venv, 'bin', 'python');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && runs(python)) return;

  const found = findPython();
  console.log('Installing the emulator (MiniStack) into .local/venv …');
  rmSync(venv, { recursive: true, force: true });
  await run(found, ['-m', 'venv', venv], local);
  const flags = [
    '--require-hashes',
    '--only-binary',
    ':all:',
    '--no-input',
    '--retries',
    '2',
    '-r',
    requirements,
  ];
  await run(python, ['-m', 'pip', 'install', '--disable-pip-version-check', ...flags], local);
  // Last, so that an installation that was interrupted is done again.
  writeFileSync(stamp, wanted);
}

async function run(command, args, local) {
  const { status, output } = await runToEnd(command, args);
  if (status === 0) return;
  const log = join(local, 'pip.log');
  writeFileSync(log, output);
  throw installationObstacle('The emulator', log, output);
}

/** The moved or upgraded Python of an old environment leaves a link that leads nowhere. */
const runs = (python) => spawnSync(python, ['-c', 'import ministack']).status === 0;

function findPython() {
  const names = [
    process.env.PYTHON,
    'python3',
    'python',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
  ];
  const versions = names.filter(Boolean).flatMap((name) => {
    const asked = spawnSync(name, ['-c', 'import sys; print(*sys.version_info[:2])'], {
      encoding: 'utf8',
    });
    return asked.status === 0
      ? [{ name, version: asked.stdout.trim().split(' ').map(Number) }]
      : [];
  });
  const recent = versions.find(
    ({ version: [major, minor] }) => major === needed[0] && minor >= needed[1],
  );
  if (!recent) throw missingPython(versions[0]?.version.join('.'));
  if (spawnSync(recent.name, ['-c', 'import venv, ensurepip']).status !== 0)
    throw new Obstacle(
      `Python’s venv module is missing from ${recent.name}.`,
      'On Debian and Ubuntu: sudo apt-get install python3-venv. Then run the same command again.',
    );
  return recent.name;
}

const missingPython = (version) =>
  new Obstacle(
    version
      ? `This is Python ${version}, and the local AWS needs Python ${needed.join('.')} or later.`
      : `Python is missing: the local AWS needs Python ${needed.join('.')} or later.`,
    'Install it (Debian: sudo apt-get install python3 python3-venv, macOS: brew install python), or name it in the variable PYTHON. Then run the same command again.',
  );
