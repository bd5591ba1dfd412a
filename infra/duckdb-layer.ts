import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const runFile = promisify(execFile);
const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Must match the DuckDB inside `@duckdb/node-api` exactly: an extension of another version won't load. */
const DUCKDB = '1.5.5';

export const ARCHITECTURES = ['x86_64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

interface Target {
  bindings: string;
  wheelPlatform: string;
  /** sha256 of each extension's wheel on PyPI; pip refuses any other file. */
  wheels: Record<'httpfs' | 'postgres-scanner', string>;
}

const TARGETS: Record<string, Target> = {
  'linux-x86_64': {
    bindings: '@duckdb/node-bindings-linux-x64',
    wheelPlatform: 'manylinux2014_x86_64',
    wheels: {
      httpfs: '84913dbe172ccb54368de2c4a020c38ca8b0e76f99df548f7fac37934cc7826f',
      'postgres-scanner': 'fea9413d1b5bded7ead650aff91b3d7578c5149d832f666100b362f64404bf18',
    },
  },
  'linux-arm64': {
    bindings: '@duckdb/node-bindings-linux-arm64',
    wheelPlatform: 'manylinux2014_aarch64',
    wheels: {
      httpfs: '567d17e398fc29f7ea4bc42ea277ea19643bd1ad1815f676cb6dd994b50399bb',
      'postgres-scanner': '5b50d53ecb192fca381c79ebd70da43b98fefe28a5781162081777f65efc8268',
    },
  },
  // Only for running locally on a Mac, where the emulator runs Lambdas as processes of the host.
  'darwin-arm64': {
    bindings: '@duckdb/node-bindings-darwin-arm64',
    wheelPlatform: 'macosx_11_0_arm64',
    wheels: {
      httpfs: 'a6d9b245ac83834543354e826020b35b8dba16291bb876b2b00bd49f2c6aeb9d',
      'postgres-scanner': '053b9ee8abf30f1880a244c9396323273ec99cf4d72a658e702cf536848b7e5c',
    },
  },
};

export class LayerError extends Error {
  override name = 'LayerError';
}

export const hostArchitecture = (): Architecture => (process.arch === 'arm64' ? 'arm64' : 'x86_64');

/**
 * The folder of the Lambda layer with DuckDB and its signed extensions, assembled once under
 * `.local/duckdb-layer/` and offline afterwards. About 135 MB, of the 250 MB that Lambda allows.
 * @param platform `darwin` only for a local run on a Mac
 * @throws LayerError with the cause and the remedy
 */
export async function duckdbLayer(
  architecture: Architecture,
  platform: 'linux' | 'darwin' = 'linux',
): Promise<string> {
  const target = TARGETS[`${platform}-${architecture}`];
  if (!target) throw new LayerError(`DuckDB has no extensions for ${platform} on ${architecture}.`);
  const layer = join(
    root,
    '.local/duckdb-layer',
    platform === 'linux' ? architecture : `${platform}-${architecture}`,
  );
  const stamp = JSON.stringify({
    name: '@dsr/duckdb-extensions',
    version: DUCKDB,
    contents: { ...target, lock: await lockedVersion(target.bindings) },
  });
  if (await isStamped(layer, stamp)) return layer;

  await mkdir(join(root, '.local/duckdb-layer'), { recursive: true });
  const draft = await mkdtemp(join(root, '.local/duckdb-layer/draft-'));
  try {
    const modules = join(draft, 'nodejs/node_modules');
    await addBindings(modules, target.bindings);
    await addExtensions(modules, draft, target);
    await writeFile(join(modules, '@dsr/duckdb-extensions/package.json'), stamp);
    await takePlace(draft, layer, stamp);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return layer;
}

/** The layer for functions that run on this machine. */
export const duckdbLayerOfHost = (): Promise<string> =>
  duckdbLayer(hostArchitecture(), process.platform === 'darwin' ? 'darwin' : 'linux');

const layerModules = (layer: string): string => join(layer, 'nodejs/node_modules');

async function isStamped(layer: string, stamp: string): Promise<boolean> {
  const path = join(layerModules(layer), '@dsr/duckdb-extensions/package.json');
  return existsSync(path) && (await readFile(path, 'utf8')) === stamp;
}

// Two processes may assemble at once; whoever comes second finds the first one's stamp.
async function takePlace(draft: string, layer: string, stamp: string): Promise<void> {
  await rm(join(draft, 'wheels'), { recursive: true, force: true });
  if (await isStamped(layer, stamp)) return;
  await rm(layer, { recursive: true, force: true });
  await rename(draft, layer).catch(async (error: unknown) => {
    if (!(await isStamped(layer, stamp))) throw error;
  });
}

async function lockedVersion(name: string): Promise<{ version: string; integrity: string }> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (!version) throw new LayerError(`${name} is not in package-lock.json; run: npm install`);
  return { version, integrity };
}

async function addBindings(modules: string, bindings: string): Promise<void> {
  for (const name of ['@duckdb/node-api', '@duckdb/node-bindings']) {
    const installed = join(root, 'node_modules', name);
    if (!existsSync(installed)) throw new LayerError(`${name} is not installed; run: npm ci`);
    await cp(installed, join(modules, name), {
      recursive: true,
      filter: (path) => !path.endsWith('.d.ts') && !path.endsWith('.map'),
    });
  }
  const installed = join(root, 'node_modules', bindings);
  if (existsSync(installed)) await cp(installed, join(modules, bindings), { recursive: true });
  else await fetchBindings(modules, bindings);
}

async function fetchBindings(modules: string, bindings: string): Promise<void> {
  const { version, integrity } = await lockedVersion(bindings);
  const folder = join(modules, bindings);
  await mkdir(folder, { recursive: true });
  const { stdout } = await runFile(
    'npm',
    ['pack', '--json', '--pack-destination', folder, `${bindings}@${version}`],
    { cwd: root },
  ).catch((error: unknown) => {
    throw new LayerError(
      `Could not fetch ${bindings}@${version} from the npm registry; is there a network?`,
      { cause: error },
    );
  });
  const [packed] = JSON.parse(stdout) as { filename: string; integrity: string }[];
  if (packed?.integrity !== integrity)
    throw new LayerError(`${bindings}@${version} is not the package that package-lock.json names.`);
  const [tarball] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  const path = join(folder, tarball ?? packed.filename);
  await runFile('tar', ['-xzf', path, '-C', folder, '--strip-components', '1']);
  await rm(path);
}

async function addExtensions(modules: string, draft: string, target: Target): Promise<void> {
  const wheels = join(draft, 'wheels');
  const requirements = join(wheels, 'requirements.txt');
  await mkdir(wheels, { recursive: true });
  await writeFile(
    requirements,
    Object.entries(target.wheels)
      .map(([name, sha256]) => `duckdb-extension-${name}==${DUCKDB} --hash=sha256:${sha256}\n`)
      .join(''),
  );
  const python = existsSync(join(root, '.local/venv/bin/python'))
    ? join(root, '.local/venv/bin/python')
    : 'python3';
  await runFile(python, [
    ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:'],
    ...['--platform', target.wheelPlatform, '--require-hashes', '-r', requirements, '-d', wheels],
  ]).catch((error: unknown) => {
    throw new LayerError(
      `Could not fetch DuckDB's extensions ${DUCKDB} for ${target.wheelPlatform} from PyPI with ` +
        `"${python} -m pip"; is there a network, and does that Python have pip?`,
      { cause: error },
    );
  });
  const extensions = join(modules, '@dsr/duckdb-extensions');
  await mkdir(extensions, { recursive: true });
  for (const wheel of (await readdir(wheels)).filter((name) => name.endsWith('.whl')))
    await runFile(python, ['-m', 'zipfile', '-e', join(wheels, wheel), join(wheels, 'unzipped')]);
  for (const name of ['httpfs', 'postgres_scanner'])
    await cp(
      join(
        wheels,
        `unzipped/duckdb_extension_${name}/extensions/v${DUCKDB}/${name}.duckdb_extension`,
      ),
      join(extensions, `${name}.duckdb_extension`),
    );
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = argv[2] ?? hostArchitecture();
  const architecture = ARCHITECTURES.find((known) => known === wanted);
  if (!architecture) throw new LayerError(`Architecture is one of ${ARCHITECTURES.join(', ')}.`);
  console.log(await duckdbLayer(architecture));
}
