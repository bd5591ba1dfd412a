import { expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { fittingMembers, packMembers, unpackMembers } from '../../lambdas/adapters/member-list.ts';
import { executionsStaySmall } from './stays-small.ts';

// Within a page of releases, of which a history has no more events.
executionsStaySmall({ cycle: [10, 40], pass: [10, 40] });

/** Names of forty letters, as long as they may be. */
const sources = (count: number) =>
  Array.from({ length: count }, (_, at) => `source_${at}_`.padEnd(40, 'x'));
const members = (count: number, of: (at: number) => string[]) =>
  Array.from({ length: count }, (_, at) => ({ requestId: ulid(), round: 1, sources: of(at) }));

it('packs 10,000 members who need some of 50 sources into a row', () => {
  const fifty = sources(50);
  const many = members(10_000, (at) => fifty.slice(0, 1 + (at % 50)));
  const packed = packMembers(many);
  console.info(`10,000 members take ${packed.length} bytes`);
  expect(packed.length).toBeLessThan(300_000);
  expect(unpackMembers(packed)).toEqual(many);
});

it('leaves to the next cycle who does not fit into the row', () => {
  const many = members(2000, (at) => [`source_${at}_${ulid()}`, ulid(), ulid()]);
  const fitting = fittingMembers(many, 100_000);
  expect(packMembers(fitting).length).toBeLessThanOrEqual(100_000);
  expect(fitting.length).toBeGreaterThan(1000);
  expect(fitting).toEqual(many.slice(0, fitting.length));
});
