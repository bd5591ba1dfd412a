import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateScan,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { unpackMembers } from '../../lambdas/adapters/member-list.ts';
import type { CheckedEntry } from '../../lambdas/domain/evidence/check-chain.ts';
import { entryOf, type LedgerRow } from '../../lambdas/domain/evidence/ledger-row.ts';
import { platform } from './scene.ts';

type Table = 'Requests' | 'Catalog' | 'Ledger';

const nameOf = (table: Table) => platform.outputs[`${table}Table`];
const documents = () => DynamoDBDocumentClient.from(new DynamoDBClient(platform.connection));

export async function rowOf<T>(table: Table, pk: string, sk: string): Promise<T | undefined> {
  const { Item } = await documents().send(
    new GetCommand({ TableName: nameOf(table), Key: { pk, sk }, ConsistentRead: true }),
  );
  return Item as T | undefined;
}

export async function rowsOf<T>(table: Table, pk: string, prefix = ''): Promise<T[]> {
  const { Items = [] } = await documents().send(
    new QueryCommand({
      TableName: nameOf(table),
      ConsistentRead: true,
      KeyConditionExpression: prefix ? 'pk = :pk AND begins_with(sk, :prefix)' : 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk, ...(prefix && { ':prefix': prefix }) },
    }),
  );
  return Items as T[];
}

/**
 * Sets attributes behind the system's back (`undefined` removes one): what time, a source or a
 * broken disk would do.
 */
export async function overwrite(
  table: Table,
  key: { pk: string; sk: string },
  values: Record<string, unknown>,
): Promise<void> {
  const paths = Object.keys(values);
  const pathOf = (path: string) => path.replace(/\w+/g, '#$&');
  const placeholderOf = (path: string) => `:${path.replaceAll('.', '_')}`;
  const set = paths.filter((path) => values[path] !== undefined);
  const removed = paths.filter((path) => values[path] === undefined);
  await documents().send(
    new UpdateCommand({
      TableName: nameOf(table),
      Key: key,
      ConditionExpression: 'attribute_exists(pk)',
      UpdateExpression: [
        `SET ${set.map((path) => `${pathOf(path)} = ${placeholderOf(path)}`).join(', ')}`,
        ...(removed.length > 0 ? [`REMOVE ${removed.map(pathOf).join(', ')}`] : []),
      ].join(' '),
      ExpressionAttributeNames: Object.fromEntries(
        paths.flatMap((path) => path.split('.').map((name) => [`#${name}`, name])),
      ),
      ExpressionAttributeValues: Object.fromEntries(
        set.map((path) => [placeholderOf(path), values[path]]),
      ),
    }),
  );
}

/** What another command would write. */
export async function putRow(table: Table, row: Record<string, unknown>): Promise<void> {
  await documents().send(new PutCommand({ TableName: nameOf(table), Item: row }));
}

export async function removeRow(table: Table, key: { pk: string; sk: string }): Promise<void> {
  await documents().send(new DeleteCommand({ TableName: nameOf(table), Key: key }));
}

export interface Cycle {
  cycleId: string;
  phase: string;
  doorClosedAt: string;
  members: { requestId: string; round: number }[];
  sources: string[];
  endedAt?: string;
}

type StoredCycle = Omit<Cycle, 'members'> & { members: Uint8Array };

const unpacked = (row: StoredCycle): Cycle => ({ ...row, members: unpackMembers(row.members) });

export async function cycleOf(cycleId: string): Promise<Cycle | undefined> {
  const row = await rowOf<StoredCycle>('Catalog', 'CYCLE', cycleId);
  return row && unpacked(row);
}
export const cycles = async () => (await rowsOf<StoredCycle>('Catalog', 'CYCLE')).map(unpacked);

/** What happened in one chain of the ledger, oldest first. */
export const ledgerOf = async (chain: string): Promise<CheckedEntry[]> =>
  (await rowsOf<LedgerRow>('Ledger', chain)).map(entryOf);

/** Every entry of every chain, each chain's oldest first. */
export async function wholeLedger(): Promise<CheckedEntry[]> {
  const TableName = nameOf('Ledger');
  const pages = paginateScan({ client: documents() }, { TableName, ConsistentRead: true });
  const rows: LedgerRow[] = [];
  for await (const { Items = [] } of pages) rows.push(...(Items as LedgerRow[]));
  return rows.sort((a, b) => (a.sk < b.sk ? -1 : 1)).map(entryOf);
}
