import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { local, type Places, root } from './places.ts';
import { isFree } from './ports.ts';
import { lastLines, type Processes, type Running } from './processes.ts';
import { SetUpFailure } from './set-up-failure.ts';

export const region = 'eu-central-1';

interface EmulatorPlan {
  processes: Processes;
  places: Places;
  port: number;
  /** Keep what it holds when it stops, and begin with what was kept. */
  persistent: boolean;
  /** Of a local SMTP server, to which every mail is handed on. */
  mailPort?: number;
  /** Its own variables beside these, or instead; its functions find them too. */
  environment?: Record<string, string>;
}

/** How the SDK, the CDK and the command line reach an endpoint; its root user may do everything. */
export const awsEnvironment = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});

/** MiniStack, its IAM enforced. Answers its address once it is ready. */
export async function startEmulator(plan: EmulatorPlan): Promise<string> {
  const { processes, places, port } = plan;
  if (!(await isFree(port)))
    throw new SetUpFailure(
      `Port ${port} is taken by another program.`,
      `End that program, or choose another port: npm start -- --port ${port + 100}`,
    );
  const endpoint = `http://127.0.0.1:${port}`;
  mkdirSync(places.temporary, { recursive: true });
  const settled = settledIn(places);
  rmSync(settled, { force: true });
  const running = processes.start({
    name: 'emulator',
    command: join(local, 'venv', 'bin', 'python'),
    args: ['-m', 'ministack.app'],
    env: settings(plan, endpoint),
    graceSeconds: 20,
    // The last that it says before it waits, for minutes if need be, for executions to end.
    ...(plan.persistent && { settles: { file: settled, words: 'SFTP: stopped' } }),
  });
  await untilReady(running, endpoint);
  return endpoint;
}

/** Written when the emulator has saved its state as it ended. */
const settledIn = ({ state }: Places) => join(state, 'settled');

/**
 * Objects are kept as they are written, all else only when the emulator ends in peace: after any
 * other end the two do not fit together, and everything begins afresh.
 */
export function isSettled(places: Places): boolean {
  const log = join(places.run, 'emulator.log');
  if (!existsSync(settledIn(places))) return false;
  return !existsSync(log) || !readFileSync(log, 'utf8').includes('Persistence: failed to save');
}

function settings(plan: EmulatorPlan, endpoint: string) {
  const { places, port, persistent, mailPort, environment } = plan;
  const keep = persistent ? '1' : '0';
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: process.env.LANG ?? 'C.UTF-8',
    TMPDIR: places.temporary,
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    AWS_ENDPOINT_URL: endpoint,
    MINISTACK_REGION: region,
    AUTH: 'true',
    LAMBDA_EXECUTOR: 'local',
    // Each warm function is a process, and so is each more that it took at once: a laptop has other
    // things to do, and the next cycle, within minutes, takes as many again.
    LAMBDA_ACCOUNT_CONCURRENCY: '16',
    LAMBDA_WARM_TTL_SECONDS: '180',
    NODE_PATH: sdkOfTheLambdaRuntime(),
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    DOCKER_HOST: 'unix:///nonexistent.sock',
    STATE_DIR: join(places.state, 'emulator'),
    S3_DATA_DIR: join(places.state, 's3'),
    PERSIST_STATE: keep,
    S3_PERSIST: keep,
    ...(mailPort && { SMTP_HOST: `127.0.0.1:${mailPort}` }),
    ...environment,
  };
}

/** AWS gives every function the SDK and nothing else: so that a package missing from a bundle shows. */
export function sdkOfTheLambdaRuntime(): string {
  const modules = join(local, 'lambda-runtime');
  mkdirSync(modules, { recursive: true });
  for (const scope of ['@aws-sdk', '@smithy']) {
    const link = join(modules, scope);
    if (!existsSync(link)) symlinkSync(join(root, 'node_modules', scope), link);
  }
  return modules;
}

async function untilReady(running: Running, endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 300 && !running.hasEnded(); attempt++) {
    const answer = await fetch(`${endpoint}/_ministack/ready`, {
      signal: AbortSignal.timeout(2000),
    }).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(200);
  }
  throw new SetUpFailure(
    `The emulator did not start:\n${lastLines(running.log)}`,
    `All its words: ${running.log}`,
  );
}
