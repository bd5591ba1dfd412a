import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ingest } from '../../lambdas/adapters/lake/ingest.ts';
import { type Recognised, recogniserOf } from '../../lambdas/adapters/lake/recogniser.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import type { Identity } from '../../lambdas/domain/identity.ts';
import { normalise } from '../../lambdas/domain/normalise.ts';
import { recognitionsOf, type SuppressionKey } from '../../lambdas/domain/recognising.ts';
import type { Effect } from '../../lambdas/domain/suppression.ts';
import { type Fixture, IDENTITY_TYPES, LAKE, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;
let made = 0;

beforeAll(async () => {
  fixture = await startFixture();
}, 120_000);
afterAll(() => fixture?.stop());

const KEYS: [SuppressionKey, SuppressionKey] = [
  { version: 1, key: Buffer.alloc(32, 1) },
  { version: 2, key: Buffer.alloc(32, 2) },
];
const CAME_BACK: Effect = { treatment: 'leaveOut', resurrected: true };

const suppressed = (
  requestId: string,
  identities: Identity[],
  { effect = CAME_BACK, key = KEYS[0] }: { effect?: Effect; key?: SuppressionKey } = {},
): Recognised => ({ requestId, effect, ...recognitionsOf(key, identities, IDENTITY_TYPES) });

interface Row {
  customer_id?: string | null;
  email?: string | null;
  phone?: string | null;
  emails?: (string | null)[];
}

const COLUMNS = { customer_id: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', emails: 'VARCHAR[]' };
const IDENTITIES = [
  { type: 'customer_id', column: 'customer_id' },
  { type: 'email', column: 'email' },
  { type: 'phone', column: 'phone' },
  { type: 'email', column: 'emails[]' },
];

/** Ingests these rows; `null` and missing are alike. Answers which of them the lake holds. */
async function ingested(
  rows: Row[],
  people: Recognised[],
  also: { source?: Partial<SourceContext<'s3'>['source']>; clears?: string[] } = {},
) {
  const from = `suppressed-${++made}/`;
  const lines = rows.map((row, n) => JSON.stringify({ n, ...row }));
  await fixture.put(LAKE, `${from}a.jsonl`, `${lines.join('\n')}\n`);
  const recogniser = recogniserOf({
    people,
    keys: KEYS,
    identities: IDENTITIES,
    identityTypes: IDENTITY_TYPES,
    clears: also.clears,
  });
  const context: SourceContext<'s3'> = {
    ...fixture.context,
    name: 'crm',
    recogniser,
    source: {
      kind: 's3',
      format: 'jsonLines',
      bucket: LAKE,
      prefix: from,
      owner: { email: 'owner@example.org' },
      columns: { n: 'BIGINT', ...COLUMNS },
      identities: IDENTITIES,
      erasedWhen: 'rowGone',
      holdWhenLosing: 0.5,
      ...also.source,
    },
  };
  const prefix = `partitions/crm/s-${made}/`;
  expect(await ingest(context, prefix)).toMatchObject({ outcome: 'successful' });
  const held = await rowsOf(fixture.context, `${prefix}rows.parquet`);
  return {
    rows: held.sort((a, b) => Number(a.n) - Number(b.n)),
    numbers: held.map(({ n }) => Number(n)).sort((a, b) => a - b),
    met: recogniser.met,
  };
}

describe('the rows of a suppressed person', () => {
  it('are left out, however an identity is spelt, in whatever column', async () => {
    const anna = suppressed('r1', [
      { type: 'email', value: 'anna.ü@example.org' },
      { type: 'phone', value: '+49301234567' },
      { type: 'customer_id', value: 'C-1' },
    ]);
    const { numbers, met } = await ingested(
      [
        { email: ' Anna.Ü@Example.ORG ' },
        { email: 'anna.ü@example.org' },
        { phone: '030/123 45 67' },
        { phone: 'Tel. 030 1234567 ext. 8' },
        { phone: '+49 (30) 1234567' },
        { customer_id: ' C-1' },
        { emails: ['x@example.org', 'ANNA.Ü@example.org'] },
        { customer_id: 'c-1', email: 'ann@example.org', phone: '030 1234568', emails: [null] },
        { phone: '040 1234567' },
        {},
      ],
      [anna],
    );
    expect(numbers).toEqual([7, 8, 9]);
    expect(met).toEqual({ leftOut: 7, cleared: 0, resurrected: new Map([['r1', 7]]) });
  });
});
