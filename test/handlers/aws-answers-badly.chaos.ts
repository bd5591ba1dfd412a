import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { ledgerIn } from '../../cli/ledger.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { changeLock, lockRow } from '../../lambdas/adapters/cycles.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import { executionState, runningExecutions } from '../../lambdas/adapters/executions.ts';
import { recordChange } from '../../lambdas/adapters/ledger.ts';
import { aFlow } from '../adapters/a-flow.ts';
import { makeEvidenceBucket } from '../adapters/evidence.ts';
import type { Steps } from '../adapters/shop.ts';
import { everyRow, makeTables } from '../adapters/tables.ts';
import { bundled } from '../emulator/bundled.ts';
import { ADMIN, arrivalOf, expectAnswered, storeMessage } from './a-message.ts';
import { type Kind, type OneCallBadly, oneCallBadly } from './one-call-badly.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const SENDER = 'one-call@shop.example';
/** Throttled, the SDK waits for seconds between its tries, at each of some fifty calls. */
const PATIENCE_MS = 1_800_000;
const FLOWS = ['DELETE_CUSTOMER_DATA', 'VERIFY_SOURCES', 'REFRESH_CYCLE'];
const SLEEPS = { Type: 'Wait', Seconds: 3600, End: true };

const folder = mkdtempSync(join(tmpdir(), 'one-call-'));
const definition = readPlatform('demo');
definition.platform.sender = SENDER;
definition.platform.mailDoor = {
  address: 'privacy@requests.shop.example',
  ...{ perSenderAnHour: 10_000, intakeAnHour: 10_000 },
};
let loads = 0;
const load = async (file: string): Promise<Steps> =>
  import(await bundled(file, definition, join(folder, String(++loads))));

let steps: Record<'mail' | 'evidence' | 'sweeper', Steps>;
let calls: OneCallBadly;
let lastTurn = 0;

/** What is called without anybody who would notice that it failed, but AWS, which calls again. */
interface Called {
  name: string;
  /** Before it is called. */
  prepare?(id: string): Promise<unknown>;
  call(id: string): Promise<unknown> | undefined;
  /** What must be there in the end, however often it was called. */
  expectEnd(id: string): Promise<void>;
}

const called: Called[] = [
  {
    name: 'receiveMail',
    prepare: storeMessage,
    call: (id) => steps.mail.receiveMail?.(arrivalOf(id)),
    expectEnd: expectAnswered,
  },
  {
    name: 'rereadMail',
    prepare: async (id) => {
      await expect(steps.mail.receiveMail?.(arrivalOf(id))).rejects.toThrow();
      await storeMessage(id);
    },
    call: (id) => steps.mail.rereadMail?.({ mailId: id, by: 'operator-7' }),
    expectEnd: expectAnswered,
  },
  {
    name: 'signHeads',
    prepare: (id) => recordChange([], { chain: `request/${id}`, event: 'changed', by: 'a-test' }),
    call: () => steps.evidence.signHeads?.({}),
    expectEnd: async () => {
      const { ledgerTable: table, evidenceBucket: bucket } = configuration();
      const endpoint = process.env.AWS_ENDPOINT_URL as string;
      const ledger = ledgerIn({ endpoint }, async () => ({ table, bucket }));
      expect(await ledger.verify()).toMatchObject({ unsigned: [], problems: [] });
    },
  },
  {
    name: 'scheduledRefresh',
    prepare: async () => {
      await emptyTheQueue();
      const lock = await lockRow('CYCLE');
      lastTurn = lock?.n ?? 0;
      if (lock) await changeLock('CYCLE', lock, { n: lastTurn, deaths: 0, version: lock.version });
    },
    call: () => steps.sweeper.scheduledRefresh?.({}),
    // Called again, it may queue a second one, which the same cycle carries.
    expectEnd: async () => {
      expect([1, 2]).toContain((await queuedRefreshes()).length);
      const turn = `c-${lastTurn + 1}`;
      expect((await lockRow('CYCLE'))?.holder).toBe(turn);
      expect(await executionState(configuration().flows.refreshCycle, turn)).toBe('running');
    },
  },
  {
    name: 'scheduledCleanUp',
    // A run is named by its hour, so that each has a flow of its own.
    prepare: async () => {
      process.env.CLEAN_UP_INACTIVE_DATA_ARN = await aFlow(SLEEPS);
      steps.sweeper = await load('sweeper');
    },
    call: () => steps.sweeper.scheduledCleanUp?.({}),
    expectEnd: async () => {
      const [run] = await runningExecutions(process.env.CLEAN_UP_INACTIVE_DATA_ARN ?? '');
      expect(run).toMatch(/^run-\d{4}-\d{2}-\d{2}T\d{2}$/);
    },
  },
];

const queuedRefreshes = async () =>
  (await everyRow('catalogTable')).filter(({ sk }) => sk.startsWith('refresh#'));

async function emptyTheQueue(): Promise<void> {
  const TableName = configuration().catalogTable;
  for (const { pk, sk } of await queuedRefreshes())
    await dynamo.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
}

const KINDS: Kind[] = ['throttled', 'failed', 'hangUp', 'lost'];

beforeAll(async () => {
  await makeTables();
  for (const flow of FLOWS) process.env[`${flow}_ARN`] = await aFlow(SLEEPS);
  await makeEvidenceBucket();
  const Bucket = process.env.INBOUND_MAIL_BUCKET;
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
  for (const EmailAddress of [SENDER, ADMIN])
    await new SESClient({}).send(new VerifyEmailIdentityCommand({ EmailAddress }));
  calls = await oneCallBadly();
  steps = {
    ...{ mail: await load('mail'), evidence: await load('evidence') },
    sweeper: await load('sweeper'),
  };
});
afterAll(async () => {
  await calls?.end();
  rmSync(folder, { recursive: true });
});

describe.each(called)('$name', ({ prepare, call, expectEnd }) => {
  const begin = async () => {
    const id = ulid();
    await prepare?.(id);
    return id;
  };

  it.each(KINDS)(
    'comes to its end whichever of its calls is answered badly: %s',
    async (kind) => {
      // Once, so that keys are known, and what is asked once only was asked.
      await call(await begin());
      const quiet = await begin();
      const made = await calls.callsOf(async () => call(quiet));
      await expectEnd(quiet);
      expect(made).not.toEqual([]);
      const failed: string[] = [];
      for (const one of made) {
        const id = await begin();
        if (await calls.badly(one, kind, async () => call(id))) {
          failed.push(one);
          await call(id);
        }
        await expectEnd(id);
      }
      // Whoever does not hear an answer asks again at once, and learns what the first has come to.
      if (kind === 'lost') expect(failed).toEqual([]);
      else expect(failed).not.toEqual([]);
    },
    PATIENCE_MS,
  );
});
