import { expect } from '@jest/globals';
import { versionsOf } from '../flows/packages.ts';
import { statusOf } from '../flows/scene.ts';
import { rowsOf } from '../flows/tables.ts';

/** A request that has closed waits for nothing, stands in no queue, and leaves no package. */
export async function expectNothingLeft(requestId: string): Promise<void> {
  expect((await statusOf(requestId)).waits).toEqual([]);
  for (const queue of ['VERIFYING', 'QUEUE', 'EXPORTS'])
    expect(await rowsOf('Catalog', queue, requestId)).toEqual([]);
  expect(await versionsOf(requestId)).toBe(0);
}
