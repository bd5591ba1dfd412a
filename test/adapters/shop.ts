import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ulid } from 'ulid';
import { changeLock, lockRow, newCycle } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { openEngine } from '../../lambdas/adapters/engine.ts';
import { lakeStorage } from '../../lambdas/adapters/lake/lake-storage.ts';
import { writeSubjects } from '../../lambdas/adapters/lake/subjects-file.ts';
import { newRequest } from '../../lambdas/adapters/requests.ts';
import { findResult } from '../../lambdas/adapters/results.ts';
import { newWait } from '../../lambdas/adapters/waits.ts';
import type { CycleResult } from '../../lambdas/domain/cycle-result.ts';
import { CycleId, RequestId } from '../../lambdas/domain/ids.ts';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';
import { bundled } from '../emulator/bundled.ts';
import { anOpenRequest } from './a-request.ts';
import { CANARY, IDENTITY_TYPES, rowsOf } from './fixture.ts';
import { makeTables } from './tables.ts';

/** Its own: to verify an address anew, as the emulator does it, forgets who hears of its returned mails. */
export const SENDER = 'small-shop@shop.example';

const YAML = `
platform: shop
timeZone: Europe/Berlin
country: DE
sender: ${SENDER}
tenantAdmin: { email: admin@shop.example }
operator: { email: operator@shop.example }
supportContact: { email: support@shop.example }
identityTypes:
  email: { normalForm: email, points: unique }
  customer_id: { normalForm: text, points: unique }
  phone: { normalForm: phone, points: unique, defaultCountry: DE }
sources:
  crm:
    kind: s3
    format: csv
    bucket: the-lake
    prefix: crm/
    owner: { email: crm@shop.example }
    columns: { customer_id: VARCHAR, email: VARCHAR, phone: VARCHAR }
    identities:
      - { type: customer_id, column: customer_id }
      - { type: email, column: email }
      - { type: phone, column: phone }
models:
  customers:
    reads: [crm]
    identities: [{ type: email, column: email }]
segments:
  founders:
    kind: static
    recreate: keepSurvivors
    reads: [customers]
    identities: [{ type: email, column: email }]
`;
const SQL = {
  customers: 'SELECT email, phone FROM crm',
  founders: 'SELECT email FROM customers',
};

export type Steps = Record<string, (event: object) => Promise<Record<string, unknown>>>;

/** The person whom every cycle is for. */
export const PERSON = { type: 'email', value: CANARY };

/** A shop of one source, one model and one static segment, its lake, and the steps of its cycles. */
export async function openShop() {
  await makeTables();
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const s3 = new S3Client({ forcePathStyle: true });
  const bucket = process.env.LAKE_BUCKET ?? '';
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const put = (key: string, body: string) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  const file = 'infra/platforms/shop/platform.yaml';
  const definition = parsePlatform({ file, yaml: YAML.replace('the-lake', bucket), sql: SQL });
  const functions = async (
    change: (definition: PlatformDefinition) => void = () => {},
    handlers = 'refresh-cycle',
  ): Promise<Steps> => {
    const changed = structuredClone(definition);
    change(changed);
    return import(await bundled(handlers, changed, join(folder, ulid())));
  };
  return {
    put,
    functions,
    lake: lakeStorage(),
    rows: async (key: string) => {
      const engine = await openEngine();
      const rows = await rowsOf({ engine, lake: lakeStorage(), identityTypes: {} }, key);
      engine.close();
      return rows;
    },
    sells: (...customers: string[]) =>
      put('crm/a.csv', ['customer_id,email,phone', ...customers, ''].join('\n')),
    close: () => {
      s3.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A cycle whose turn it is, past its door, for one request of the person. Answers that request. */
export async function aCycle(n: number): Promise<{ cycleId: CycleId; requestId: RequestId }> {
  const cycleId = CycleId.parse(`c-${n}`);
  const requestId = RequestId.parse(ulid());
  const lock = await lockRow('CYCLE');
  await changeLock('CYCLE', lock, { n, holder: cycleId, deaths: 0, version: lock?.version ?? 0 });
  const now = new Date();
  await transact([
    newRequest(anOpenRequest(requestId, now)),
    newWait(
      {
        owner: requestId,
        name: 'refreshCycle',
        round: 1,
        kind: 'refreshCycle',
        on: 'cycle',
        reasonCode: 'joined',
        options: [],
      },
      now,
    ),
    ...newCycle({
      cycleId,
      phase: 'refreshing',
      doorClosedAt: now.toISOString(),
      members: [{ requestId, round: 1, sources: ['crm'] }],
      refreshes: [],
      sources: ['crm'],
      platformHash: 'a-hash',
      released: 0,
    }),
  ]);
  const engine = await openEngine();
  const context = { engine, lake: lakeStorage(), identityTypes: IDENTITY_TYPES };
  await writeSubjects(context, cycleId, [{ requestId, ...PERSON }]);
  engine.close();
  return { cycleId, requestId };
}

/** Its execution was stopped: the line has gone on without it. */
export async function losesItsTurn(n = 1): Promise<void> {
  const lock = await lockRow('CYCLE');
  await changeLock('CYCLE', lock, { n, deaths: 1, version: lock?.version ?? 0 });
}

/** What a cycle of the shop builds, in this order; the segment by the step that is named. */
interface Plan {
  models?: string[];
  segment?: string | undefined;
}

/** Refreshes and builds as the flow does. Answers whether there is something to publish. */
export async function buildCycle(
  steps: Steps,
  cycleId: CycleId,
  { models = ['customers'], segment = 'carryOverSegment' }: Plan = {},
): Promise<boolean> {
  const refreshed = await steps.refreshSource?.({ cycleId, source: 'crm', attempt: 1 });
  if (refreshed?.outcome !== 'successful') return false;
  for (const model of models)
    if ((await steps.buildModel?.({ cycleId, model }))?.outcome !== 'built') return false;
  return (await steps[segment]?.({ cycleId, segment: 'founders' }))?.outcome === 'built';
}

/** Runs a cycle as its flow does, from the first refresh to its end. Answers its member's result. */
export async function runCycle(steps: Steps, n: number, plan?: Plan): Promise<CycleResult> {
  const { cycleId, requestId } = await aCycle(n);
  if (await buildCycle(steps, cycleId, plan)) {
    const published = await steps.publishSnapshot?.({ cycleId });
    for (const table of (published?.tables ?? []) as string[])
      await steps.proveAbsence?.({ cycleId, table });
    await steps.findResidue?.({ cycleId });
  }
  await steps.releaseMembers?.({ cycleId });
  await steps.endCycle?.({ cycleId });
  const result = await findResult<CycleResult>(requestId, 'cycleResult', 1);
  if (!result) throw new Error(`${cycleId} has released nobody.`);
  return result;
}
