import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { ledgerIn } from '../../cli/ledger.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { lockRow } from '../../lambdas/adapters/cycles.ts';
import { executionState, runningExecutions } from '../../lambdas/adapters/executions.ts';
import { recordChange } from '../../lambdas/adapters/ledger.ts';
import { aFlow } from '../adapters/a-flow.ts';
import { makeEvidenceBucket } from '../adapters/evidence.ts';
import type { Steps } from '../adapters/shop.ts';
import { everyRow, makeTables } from '../adapters/tables.ts';
import { bundled } from '../emulator/bundled.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import { type Kind, type OneCallBadly, oneCallBadly } from './one-call-badly.ts';

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';

const SENDER = 'one-call@shop.example';
const ADMIN = 'tenant-admin@shop.example';
const FLOWS = ['DELETE_CUSTOMER_DATA', 'VERIFY_SOURCES', 'REFRESH_CYCLE', 'CLEAN_UP_INACTIVE_DATA'];

const folder = mkdtempSync(join(tmpdir(), 'one-call-'));
let steps: Record<'mail' | 'evidence' | 'sweeper', Steps>;
let calls: OneCallBadly;

/** What AWS calls by itself, and again when it fails. */
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
    prepare: store,
    call: (id) => steps.mail.receiveMail?.(arrival(id)),
    expectEnd: expectAnswered,
  },
  {
    name: 'rereadMail',
    prepare: async (id) => {
      await expect(steps.mail.receiveMail?.(arrival(id))).rejects.toThrow();
      await store(id);
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
    call: () => steps.sweeper.scheduledRefresh?.({}),
    expectEnd: async () => {
      const queue = (await everyRow('catalogTable')).filter(({ sk }) => sk.startsWith('refresh#'));
      expect(queue).not.toEqual([]);
      const holder = String((await lockRow('CYCLE'))?.holder);
      expect(await executionState(configuration().flows.refreshCycle, holder)).toBe('running');
    },
  },
  {
    name: 'scheduledCleanUp',
    call: () => steps.sweeper.scheduledCleanUp?.({}),
    expectEnd: async () => {
      const { cleanUpInactiveData } = configuration().flows;
      expect([...(await runningExecutions(cleanUpInactiveData))]).toEqual([
        expect.stringMatching(/^run-\d{4}-\d{2}-\d{2}T\d{2}$/),
      ]);
    },
  },
];

/** Whom the message of that id wants erased. */
const personOf = (id: string) => `${createHash('sha256').update(id).digest('hex')}@example.org`;

async function store(id: string): Promise<void> {
  const Body = [
    `From: ${ADMIN}`,
    'To: privacy@requests.shop.example',
    `Subject: delete ${personOf(id)}`,
    `Message-ID: <${id}@shop.example>`,
    '',
    'Thanks.',
  ].join('\r\n');
  const Bucket = process.env.INBOUND_MAIL_BUCKET;
  await s3().send(new PutObjectCommand({ Bucket, Key: `inbound/${id}`, Body }));
}
const s3 = () => new S3Client({ forcePathStyle: true });

const PASS = { status: 'PASS' };
const arrival = (id: string) => ({
  Records: [
    {
      ses: {
        mail: { messageId: id, source: ADMIN },
        receipt: {
          timestamp: new Date().toISOString(),
          ...{ spamVerdict: PASS, virusVerdict: PASS, dmarcVerdict: PASS },
        },
      },
    },
  ],
});

/** One request was opened, and its author heard of it: twice, where it was not known that a mail had left. */
async function expectAnswered(id: string): Promise<void> {
  const entries = await everyRow('ledgerTable');
  const facts = entries.flatMap((entry) =>
    entry.event === 'mailReceived'
      ? [entry.facts as { mail: string; fate: string; requests: string }]
      : [],
  );
  const [one, ...others] = facts.filter(({ mail }) => mail === id);
  expect(others).toEqual([]);
  expect(one?.fate).toBe('request');
  expect(one?.requests).toMatch(/^[0-9A-Z]{26}$/);
  const opened = entries.filter(
    ({ pk, event }) => pk === `request/${one?.requests}` && event === 'requestReceived',
  );
  expect(opened).toHaveLength(1);
  const answers = (await mailsNaming(one?.requests ?? '')).filter(({ To }) => To.includes(ADMIN));
  expect([1, 2]).toContain(answers.length);
}

/** Every call of AWS that they make is answered so, one after the other. */
export function answersBadly(kinds: Kind[]): void {
  beforeAll(async () => {
    await makeTables();
    for (const flow of FLOWS)
      process.env[`${flow}_ARN`] = await aFlow({ Type: 'Wait', Seconds: 3600, End: true });
    await makeEvidenceBucket();
    const Bucket = process.env.INBOUND_MAIL_BUCKET;
    await s3().send(new CreateBucketCommand({ Bucket }));
    for (const EmailAddress of [SENDER, ADMIN])
      await new SESClient({}).send(new VerifyEmailIdentityCommand({ EmailAddress }));
    const definition = readPlatform('demo');
    definition.platform.sender = SENDER;
    definition.platform.mailDoor = {
      address: 'privacy@requests.shop.example',
      ...{ perSenderAnHour: 10_000, intakeAnHour: 10_000 },
    };
    calls = await oneCallBadly();
    const load = async (file: string) => import(await bundled(file, definition, folder));
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

    it.each(kinds)(
      'comes to its end whichever of its calls is answered badly: %s',
      async (kind) => {
        // Once, so that keys are known, and what is asked once only was asked.
        await call(await begin());
        const quiet = await begin();
        const many = await calls.callsOf(async () => call(quiet));
        await expectEnd(quiet);
        const failed: number[] = [];
        for (let n = 1; n <= many; n += 1) {
          const id = await begin();
          if (await calls.badly(n, kind, async () => call(id))) {
            failed.push(n);
            await call(id);
          }
          await expectEnd(id);
        }
        // Whoever does not hear an answer asks again at once, and learns what the first has come to.
        if (kind === 'lost') expect(failed).toEqual([]);
        else expect(failed).not.toEqual([]);
      },
    );
  });
}
