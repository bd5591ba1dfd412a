import { expect } from '@jest/globals';
import { checkChain } from '../../lambdas/domain/evidence/check-chain.ts';
import { chainsOf } from '../../lambdas/domain/evidence/check-ledger.ts';
import { wholeLedger } from '../flows/tables.ts';
import { notesOf } from './haunted-platform.ts';
import type { Note } from './world.ts';

/** Of a step that was to die: before its first effect, if it has any, and before its answer. */
export function expectDeaths(notes: Note[], step: string): void {
  const own = notesOf(notes, step);
  const deaths = own.flatMap(({ died }) => died ?? []);
  expect(deaths).toContain('before its answer');
  if (own.some(({ changes }) => changes)) expect(deaths).toContain('before effect 1');
}

export async function expectWholeLedger(): Promise<void> {
  const chains = [...chainsOf(await wholeLedger()).values()];
  expect(chains.length).toBeGreaterThan(4);
  expect(chains.flatMap((entries) => checkChain(entries))).toEqual([]);
}
