import { expect } from '@jest/globals';
import { ingest } from '../../lambdas/adapters/lake/ingest.ts';
import type { LakeTable } from '../../lambdas/adapters/lake/lake-table.ts';
import type { SourceContext } from '../../lambdas/adapters/source.ts';
import { CANARY, type Fixture, LAKE } from './fixture.ts';

export const EMAIL = { type: 'email', value: CANARY };
export const PHONE = { type: 'phone', value: '+49301234567' };
export const customer = (value: string) => ({ type: 'customer_id', value });

let made = 0;

export const IDENTITIES = [
  { type: 'customer_id', column: 'customer_id' },
  { type: 'email', column: 'email' },
  { type: 'phone', column: 'phone' },
];

/** A partition made by ingesting a CSV file of customer_id, email and phone. */
export async function aPartition(
  fixture: Fixture,
  lines: string[],
  { name = 'crm', personKey }: { name?: string; personKey?: string } = {},
): Promise<LakeTable> {
  const from = `files-${++made}/`;
  await fixture.put(LAKE, `${from}a.csv`, ['customer_id,email,phone', ...lines, ''].join('\n'));
  const context: SourceContext<'s3'> = {
    ...fixture.context,
    name,
    source: {
      kind: 's3',
      format: 'csv',
      bucket: LAKE,
      prefix: from,
      owner: { email: 'owner@example.org' },
      columns: { customer_id: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR' },
      identities: IDENTITIES,
      erasedWhen: 'rowGone',
      holdWhenLosing: 0.5,
    },
  };
  const prefix = `partitions/${name}/c-${made}.1/`;
  expect(await ingest(context, prefix)).toMatchObject({
    outcome: 'successful',
    rows: lines.length,
  });
  return { kind: 'partition', name, prefix, identities: IDENTITIES, personKey };
}
