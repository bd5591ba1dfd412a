import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, it } from '@jest/globals';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import { newestSuppressionKey, suppressionKey } from '../../lambdas/adapters/suppression-keys.ts';
import { makeTables } from './tables.ts';

const DAY = 86_400_000;
const start = Date.parse('2026-03-01T10:00:00Z');
const onDay = (day: number) => newestSuppressionKey(new Date(start + day * DAY));

beforeAll(makeTables);

const lose = (pk: string) =>
  dynamo.send(new DeleteCommand({ TableName: configuration().requestKeysTable, Key: { pk } }));

it('is one key for two years, and then another beside it', async () => {
  const first = await onDay(0);
  expect(await onDay(730)).toEqual(first);
  const second = await onDay(731);
  expect(second.version).toBeGreaterThan(first.version);
  expect(second.key).not.toEqual(first.key);
  expect(await suppressionKey(first.version)).toEqual(first);
});

it('is made anew when it is gone: erasures go on, and who was entered under it is not looked for', async () => {
  const lost = await onDay(732);
  await lose(`suppression#${lost.version}`);
  const next = await onDay(733);
  expect(next.version).toBeGreaterThan(lost.version);
  await expect(suppressionKey(lost.version)).rejects.toThrow('nothing may be ingested');
});

it('never has the number of an earlier one, also when all keys are gone', async () => {
  const lost = await onDay(734);
  await lose('suppression');
  await lose(`suppression#${lost.version}`);
  const next = await onDay(735);
  expect(next.version).not.toBe(lost.version);
  await expect(suppressionKey(lost.version)).rejects.toThrow('nothing may be ingested');
});

it('is one, however many want it first', async () => {
  await lose('suppression');
  const keys = await Promise.all(Array.from({ length: 5 }, () => onDay(800)));
  expect(new Set(keys.map(({ version }) => version)).size).toBe(1);
});
