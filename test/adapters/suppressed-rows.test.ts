import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ingest } from '../../lambdas/adapters/lake/ingest.ts';
import { type Recognised, recogniserOf } from '../../lambdas/adapters/lake/recogniser.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import { type Identity, type IdentityType, identityKey } from '../../lambdas/domain/identity.ts';
import { normalise } from '../../lambdas/domain/normalise.ts';
import { recognitionsOf, type SuppressionKey } from '../../lambdas/domain/recognising.ts';
import type { Effect } from '../../lambdas/domain/suppression.ts';
import { CANARY, type Fixture, IDENTITY_TYPES, LAKE, rowsOf, startFixture } from './fixture.ts';

let fixture: Fixture;
let made = 0;

beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const KEYS: [SuppressionKey, SuppressionKey] = [
  { version: 1, key: Buffer.alloc(32, 1) },
  { version: 2, key: Buffer.alloc(32, 2) },
];
const CAME_BACK: Effect = { treatment: 'leaveOut', resurrected: true };

const customer = (value: string) => ({ type: 'customer_id', value });

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
    prefix,
  };
}

describe('the rows of a suppressed person', () => {
  it('are not those of somebody whose text names the person', async () => {
    const anna = suppressed('r1', [{ type: 'phone', value: '+49301234567' }]);
    const identities = IDENTITIES.map((one) =>
      one.column === 'phone' ? { ...one, within: 'text' as const } : one,
    );
    const rows = [{ customer_id: 'B-1', phone: 'Ask Anna, 030 1234567' }];
    const { numbers, met } = await ingested(rows, [anna], { source: { identities } });
    expect({ numbers, leftOut: met.leftOut }).toEqual({ numbers: [0], leftOut: 0 });
  });

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

  it('are let in and counted where the platform does not filter', async () => {
    const effect: Effect = { treatment: 'letIn', resurrected: true };
    const anna = suppressed('r1', [customer('C-1')], { effect });
    const { numbers, met } = await ingested(
      [{ customer_id: 'C-1' }, { customer_id: 'C-2' }],
      [anna],
    );
    expect(numbers).toEqual([0, 1]);
    expect(met).toEqual({ leftOut: 0, cleared: 0, resurrected: new Map([['r1', 1]]) });
  });

  it('are held without the columns that are named, of a source that keeps them by law', async () => {
    const effect: Effect = { treatment: 'clear', resurrected: false };
    const anna = suppressed('r1', [customer('C-1')], { effect });
    const { rows, met } = await ingested(
      [
        {
          customer_id: 'C-1',
          email: 'anna@example.org',
          phone: '030 1',
          emails: ['a@example.org'],
        },
        { customer_id: 'C-2', email: 'ben@example.org' },
      ],
      [anna],
      { clears: ['customer_id', 'email', 'emails'] },
    );
    expect(rows).toMatchObject([
      { customer_id: null, email: null, phone: '030 1', emails: null },
      { customer_id: 'C-2', email: 'ben@example.org' },
    ]);
    expect(met).toEqual({ leftOut: 0, cleared: 1, resurrected: new Map() });
  });

  it('are left out where one of several people in it is to be left out', async () => {
    const clear: Effect = { treatment: 'clear', resurrected: false };
    const email = (name: string) => ({ type: 'email', value: `${name}@example.org` });
    const people = [
      suppressed('r1', [customer('C-1'), email('anna')], { effect: clear }),
      suppressed('r2', [customer('C-2'), email('ben')]),
    ];
    const { numbers, met } = await ingested(
      [
        { customer_id: 'C-1', email: 'ben@example.org' },
        { customer_id: 'C-2', email: 'anna@example.org' },
        { customer_id: 'C-1' },
      ],
      people,
      { clears: ['customer_id', 'email', 'phone', 'emails'] },
    );
    expect(numbers).toEqual([2]);
    expect(met).toEqual({ leftOut: 2, cleared: 1, resurrected: new Map([['r2', 2]]) });
  });

  it('are nobody’s, once they were anonymised in place and only a key remains', async () => {
    const anna = suppressed('r1', [customer('C-1')]);
    const source = { erasedWhen: { columnsCleared: ['email', 'phone'] } };
    const rows = [
      { customer_id: 'C-1', email: ' ', phone: null },
      { customer_id: 'C-1', email: 'anna@example.org' },
    ];
    const { numbers } = await ingested(rows, [anna], { source });
    expect(numbers).toEqual([0]);
  });

  it('leave a file behind that holds nothing of them in any version', async () => {
    const anna = suppressed('r1', [{ type: 'email', value: CANARY }]);
    const { rows, prefix } = await ingested([{ email: CANARY }, { emails: [CANARY] }], [anna]);
    expect(rows).toEqual([]);
    const { Versions = [] } = await fixture.s3.send(
      new ListObjectVersionsCommand({ Bucket: LAKE, Prefix: prefix }),
    );
    const keys = Versions.map(({ Key }) => Key);
    expect(keys.sort()).toEqual([`${prefix}normalised.parquet`, `${prefix}rows.parquet`]);
  });

  it('are told apart from everybody else’s, exactly, whatever stands in a source', async () => {
    const people = ['anna', 'bén', 'cłara', 'dora'].map((name, n) => ({
      email: `${name}@example.org`,
      phone: `+4930123456${n}`,
      customer_id: `C-${n}`,
    }));
    const spelt = {
      email: (value: string) => [value, ` ${value.toUpperCase()}.`, `<${value}>`],
      phone: (value: string) => [value, value.replace('+49', '0'), `Tel. ${value} ext. 1`],
      customer_id: (value: string) => [value, `\t${value} `],
    };
    const somebody = fc.constantFrom(...people);
    const aValue = (type: keyof typeof spelt) =>
      fc.oneof(
        somebody.chain((person) => fc.constantFrom(...spelt[type](person[type]))),
        fc.constantFrom(null, '', 'x', 'anna@example.or', '+493012345', 'C-11', 'c-1'),
      );
    const aRow: fc.Arbitrary<Row> = fc.record({
      customer_id: aValue('customer_id'),
      email: aValue('email'),
      phone: aValue('phone'),
      emails: fc.array(aValue('email'), { maxLength: 3 }),
    });
    const identitiesIn = ({ emails = [], ...row }: Row): string[] =>
      [...Object.entries(row), ...emails.map((email) => ['email', email] as const)].flatMap(
        ([type, raw]) => {
          const value = raw && normalise(raw, IDENTITY_TYPES[type] as IdentityType);
          return value ? [identityKey({ type, value })] : [];
        },
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(aRow, { minLength: 1, maxLength: 60 }),
        fc.subarray(people, { minLength: 1 }),
        async (rows, erased) => {
          const known = erased.map((person, n) => {
            const identities = Object.entries(person).map(([type, value]) => ({ type, value }));
            return { id: `r${n}`, identities, key: KEYS[n % 2] as SuppressionKey };
          });
          const rowsOfPerson = known.map(({ id, identities }) => {
            const own = new Set(identities.map(identityKey));
            const held = rows.filter((row) => identitiesIn(row).some((one) => own.has(one)));
            return [id, held] as const;
          });
          const theirs = new Set(rowsOfPerson.flatMap(([, held]) => held));
          const { numbers, met } = await ingested(
            rows,
            known.map(({ id, identities, key }) => suppressed(id, identities, { key })),
          );
          expect(numbers).toEqual(rows.flatMap((row, n) => (theirs.has(row) ? [] : [n])));
          expect(met).toEqual({
            leftOut: theirs.size,
            cleared: 0,
            resurrected: new Map(
              rowsOfPerson.flatMap(([id, held]) => (held.length > 0 ? [[id, held.length]] : [])),
            ),
          });
        },
      ),
      { numRuns: 25 },
    );
  });
});
