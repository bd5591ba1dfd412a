import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { configuration } from './configuration.ts';
import { dynamo, rowsOf, type Write } from './dynamo.ts';
import { hasKey } from './request-keys.ts';

const catalog = () => configuration().catalogTable;
const requests = () => configuration().requestsTable;

/** That a request which closes leaves rows that nobody can read any more. */
export const leftTraces = (requestId: string): Write => ({
  Put: { TableName: requests(), Item: { pk: 'TRACES', sk: requestId } },
});

export const requestsWithTraces = (): AsyncGenerator<{ sk: string }> =>
  rowsOf(requests(), 'TRACES');

async function remove(
  table: string,
  key: { pk: string; sk: string },
  condition?: string,
): Promise<void> {
  await dynamo.send(
    new DeleteCommand({ TableName: table, Key: key, ConditionExpression: condition }),
  );
}

/** Rows of a request with nothing but what was sealed under its key. */
const SEALED = ['SUBJECT', 'SECRET', 'LINKED#', 'FREETEXT#', 'FAULT#'];

/**
 * Deletes what was sealed under a key that is gone, and the note that it is there.
 * @returns how many rows; `undefined`: the key is still there
 */
export async function removeSealed(requestId: string): Promise<number | undefined> {
  if (await hasKey(requestId)) return undefined;
  const removed = await removeRows(requestId, SEALED);
  await remove(requests(), { pk: 'TRACES', sk: requestId });
  return removed;
}

/** Messages of faults of one day (`2026-11-23`), whose key has expired. */
export const removeFaultsOf = (day: string): Promise<number> =>
  removeRows(`faults#${day}`, ['FAULT#']);

async function removeRows(pk: string, kinds: string[]): Promise<number> {
  let removed = 0;
  for await (const { sk } of rowsOf<{ sk: string }>(requests(), pk)) {
    if (!kinds.some((kind) => sk === kind || (kind.endsWith('#') && sk.startsWith(kind)))) continue;
    await remove(requests(), { pk, sk });
    removed += 1;
  }
  return removed;
}

/** A snapshot of which nothing follows any more. */
export const removeSnapshot = (snapshotId: string): Promise<void> =>
  remove(
    catalog(),
    { pk: 'SNAPSHOT', sk: snapshotId },
    'attribute_not_exists(pk) OR attribute_exists(emptiedAt)',
  );

/** A cycle that is over, with everything that its steps found. */
export async function removeCycle(cycleId: string): Promise<void> {
  const findings = `CYCLE#${cycleId}`;
  for await (const { sk } of rowsOf<{ sk: string }>(catalog(), findings))
    await remove(catalog(), { pk: findings, sk });
  await remove(
    catalog(),
    { pk: 'CYCLE', sk: cycleId },
    'attribute_not_exists(pk) OR attribute_exists(endedAt)',
  );
}
