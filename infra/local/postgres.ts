import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Places } from './places.ts';
import { freePort, isFree } from './ports.ts';
import {
  type Binaries,
  binaries,
  reachable,
  type UnprivilegedUser,
  unprivilegedUser,
} from './postgres-binaries.ts';
import { lastLines, type Processes, type Running } from './processes.ts';
import { SetUpFailure } from './set-up-failure.ts';

export interface PostgresServer {
  host: string;
  port: number;
  user: string;
  password: string;
  /** Every statement that it was asked, if `settings` say so. */
  log: string;
}

interface PostgresPlan {
  processes: Processes;
  places: Places;
  /** Lines of postgresql.conf, e.g. `{ log_statement: 'all' }`. */
  settings?: Record<string, string>;
}

/** A real PostgreSQL with its data under `places.state`. Answers how its superuser reaches it. */
export async function startPostgres(plan: PostgresPlan): Promise<PostgresServer> {
  const { processes, places, settings = {} } = plan;
  const { postgres, initdb } = binaries();
  const home = reachable(join(places.state, 'postgres'));
  const { isNew, ...access } = await accessIn(places);
  const user = unprivilegedUser();
  if (isNew || !existsSync(join(home, 'complete')))
    await makeCluster({ processes, home, initdb, password: access.password, user });

  const conf = {
    port: String(access.port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // The data is synthetic, and is discarded as a whole after a crash.
    fsync: 'off',
    ...settings,
  };
  const running = processes.start({
    name: 'postgres',
    command: postgres,
    args: [
      '-D',
      join(home, 'cluster'),
      ...Object.entries(conf).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    env: { PATH: process.env.PATH, LC_MESSAGES: 'C' },
    stopSignal: 'SIGINT',
    ...(user && { user }),
  });
  const server = { host: '127.0.0.1', user: 'postgres', log: running.log, ...access };
  await untilReady(server, running);
  return server;
}

/** Runs `use` on a connection of its own. */
export async function connected<T>(
  server: PostgresServer,
  database: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { host, port, user, password } = server;
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

/** How to reach the server that runs there now. */
export function runningPostgres({ run, state }: Places): PostgresServer {
  const access = JSON.parse(readFileSync(join(state, 'postgres.json'), 'utf8'));
  return { host: '127.0.0.1', user: 'postgres', log: join(run, 'postgres.log'), ...access };
}

/** The port of the last run, if nobody has taken it since, and the superuser's password. */
async function accessIn({
  state,
}: Places): Promise<{ port: number; password: string; isNew: boolean }> {
  const file = join(state, 'postgres.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  const access = {
    port: kept && (await isFree(kept.port)) ? kept.port : await freePort(),
    password: kept?.password ?? randomBytes(18).toString('base64url'),
  };
  writeFileSync(file, JSON.stringify(access), { mode: 0o600 });
  return { ...access, isNew: kept === undefined };
}

interface ClusterPlan {
  processes: Processes;
  home: string;
  initdb: Binaries['initdb'];
  password: string;
  user: UnprivilegedUser | undefined;
}

async function makeCluster({ processes, home, initdb, password, user }: ClusterPlan) {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [home, passwordFile]) chownSync(path, user.uid, user.gid);
  await processes.run({
    name: 'initdb',
    command: initdb,
    args: [
      `--pgdata=${join(home, 'cluster')}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ],
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    ...(user && { user }),
  });
  rmSync(passwordFile);
  writeFileSync(join(home, 'complete'), '');
}

async function untilReady(server: PostgresServer, running: Running): Promise<void> {
  for (let attempt = 0; attempt < 150 && !running.hasEnded(); attempt++) {
    const answers = await connected(server, 'postgres', () => Promise.resolve(true)).catch(
      () => false,
    );
    if (answers) return;
    await setTimeout(100);
  }
  throw new SetUpFailure(
    `PostgreSQL did not start:\n${lastLines(running.log)}`,
    `All its words: ${running.log}`,
  );
}
