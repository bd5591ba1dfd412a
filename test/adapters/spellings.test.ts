import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connected, type PostgresServer, startPostgres } from '../../infra/local/postgres.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import type { AskedSubject } from '../../lambdas/adapters/source.ts';
import { dynamodb } from '../../lambdas/adapters/sources/dynamodb.ts';
import { postgres } from '../../lambdas/adapters/sources/postgres.ts';
import { s3 } from '../../lambdas/adapters/sources/s3.ts';
import type { IdentityType } from '../../lambdas/domain/identity.ts';
import { normalise } from '../../lambdas/domain/normalise.ts';
import type { SourceAnswer } from '../../lambdas/domain/source-answer.ts';
import { VECTORS } from '../domain/normalise.vectors.ts';
import { aDatabaseSource, credentialsOf, keepSecret } from './a-database.ts';
import { aFileSource, aTableSource, SHOP } from './a-source.ts';
import { type Fixture, startFixture } from './fixture.ts';

type Type = (typeof VECTORS)[number][1];

/** One type, and one column of its name, for each form and country: `email`, `phone_de`. */
const nameOf = ({ normalForm, defaultCountry }: Type) =>
  [normalForm, ...(defaultCountry ? [defaultCountry.toLowerCase()] : [])].join('_');
const IDENTITY_TYPES: Record<string, IdentityType> = Object.fromEntries(
  VECTORS.map(([, type]) => [nameOf(type), { ...type, points: 'unique' }]),
);
const NAMES = Object.keys(IDENTITY_TYPES);
const SPELLINGS = VECTORS.map(([raw, type], n) => ({ id: `${n}`, [nameOf(type)]: raw }));

/** In their normal forms: somebody else's, however alike they look to what the sources hold. */
const LOOKALIKES = [
  ['email', 'ann\u0430@example.com'],
  ['email', '\uff41nna@example.com'],
  ['email', 'anna@example.c\u043em'],
  ['email', '\u0131pek@example.com'],
  ['email', 'muller@example.com'],
  ['email', 'strasse@example.com'],
  ['email', 'o\u2019hara@example.ie'],
  ['email', 'anna@example.co'],
  ['email', 'news@example.com'],
  ['text', '\u0421-0042'],
  ['text', 'C\u20110042'],
  ['text', 'C-\uff10\uff10\uff14\uff12'],
  ['text', 'Jose'],
  ['phone_de', '+43301234567'],
  ['phone_de', '+4930123456'],
  ['phone_us', '+493733734253'],
] as const;

/** What a source that holds every spelling says of each normal form, and of whoever looks alike. */
const EXPECTED = new Map<string, SourceAnswer>(
  LOOKALIKES.map(([type, value]) => [`${type} ${value}`, { answer: 'gone' }]),
);
const SUBJECTS: AskedSubject[] = LOOKALIKES.map(([type, value]) => subjectOf(type, value));
for (const [, type, value] of VECTORS) {
  if (value === undefined) continue;
  const name = nameOf(type);
  const rows = VECTORS.filter((other) => other[2] === value && nameOf(other[1]) === name).length;
  EXPECTED.set(`${name} ${value}`, { answer: 'stillHeld', rows });
  SUBJECTS.push(subjectOf(name, value));
}

function subjectOf(type: string, value: string): AskedSubject {
  return { requestId: `${type} ${value}`, identities: [{ type, value }] };
}

let fixture: Fixture;
let server: PostgresServer;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.s3.send(new CreateBucketCommand({ Bucket: SHOP }));
  server = await startPostgres(fixture);
  await keepSecret('crm', credentialsOf(server));
});
afterAll(() => fixture?.stop());

const declared = {
  columns: Object.fromEntries(['id', ...NAMES].map((name) => [name, 'VARCHAR'])),
  identities: NAMES.map((name) => ({ type: name, column: name })),
};
const inTypes = <Source extends LakeContext>(source: Source): Source => ({
  ...source,
  identityTypes: IDENTITY_TYPES,
});

const quoted = (value: string | undefined) =>
  value === undefined ? '' : `"${value.replaceAll('"', '""')}"`;
const csv = () =>
  [
    ['id', ...NAMES].join(','),
    ...SPELLINGS.map((row: Record<string, string>) =>
      ['id', ...NAMES].map((name) => quoted(row[name])).join(','),
    ),
    '',
  ].join('\n');
const jsonLines = () => SPELLINGS.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('every spelling is found by its normal form, and no look-alike is', () => {
  it('looks alike, and is a normal form of its own', () => {
    for (const [name, value] of LOOKALIKES) {
      const type = IDENTITY_TYPES[name];
      expect(type && normalise(value, type)).toBe(value);
    }
  });

  it('in a PostgreSQL table', async () => {
    await connected(server, 'postgres', async (client) => {
      const columns = NAMES.map((name) => `${name} text`).join(', ');
      await client.query(`CREATE TABLE customers (id text, ${columns})`);
      await client.query(
        'INSERT INTO customers SELECT * FROM json_populate_recordset(NULL::customers, $1)',
        [JSON.stringify(SPELLINGS)],
      );
    });
    const source = inTypes(aDatabaseSource(fixture.context, declared));
    expect(await postgres.ask(source, SUBJECTS)).toEqual(EXPECTED);
  });

  it.each([
    ['csv', csv],
    ['jsonLines', jsonLines],
  ] as const)('in a file of format %s', async (format, body) => {
    const source = await aFileSource(fixture, { file: body() }, { ...declared, format });
    expect(await s3.ask(inTypes(source), SUBJECTS)).toEqual(EXPECTED);
  });

  it('in a DynamoDB table', async () => {
    const source = await aTableSource(fixture.context, SPELLINGS, declared);
    expect(await dynamodb.ask(inTypes(source), SUBJECTS)).toEqual(EXPECTED);
  });
});
