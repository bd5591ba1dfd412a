import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkChain } from '../../lambdas/domain/evidence/check-chain.ts';
import { chainsOf } from '../../lambdas/domain/evidence/check-ledger.ts';
import { wholeLedger } from '../flows/tables.ts';
import { type Haunted, hauntedPlatform, notesOf, patienceMs, steps } from './haunted-platform.ts';
import { endOf, playStory, withSweeper } from './story.ts';
import { journal, makeWorld, type Note } from './world.ts';

/** Whoever makes these calls makes them again, or is found by the next. */
const besides = ['openRequest', 'decide', 'sweep', 'executionEnded'];

let haunted: Haunted;
let notes: Note[];
let end: Haunted['expected'];

beforeAll(async () => {
  haunted = await hauntedPlatform();
  makeWorld({ dies: [...steps, ...besides] });
  end = await withSweeper(async () => endOf(await playStory(haunted.pair)));
  notes = journal();
}, patienceMs);
afterAll(() => haunted?.stop());

it('the story enters every step', () => {
  expect(steps.filter((step) => notesOf(haunted.quiet, step).length === 0)).toEqual([]);
  expect(haunted.expected).toMatchObject({ outcome: 'erased', execution: 'SUCCEEDED', found: [] });
});

it('TEMPORARY dump', async () => {
  const { writeFileSync } = await import('node:fs');
  writeFileSync(
    '/tmp/h-ledger-dump.json',
    JSON.stringify({ id: haunted.requestId, rows: await wholeLedger() }, null, 1),
  );
});

describe('a process that dies', () => {
  it.each(steps)('in %s, before its effect, and after it before its answer', (step) => {
    const deaths = notesOf(notes, step).flatMap(({ died }) => died ?? []);
    const hasEffects = notesOf(haunted.quiet, step).some(({ changes }) => changes);
    expect(deaths).toContain('before its answer');
    if (hasEffects) expect(deaths).toContain('before effect 1');
  });

  it('leaves every chain of the ledger whole', async () => {
    const chains = [...chainsOf(await wholeLedger()).values()];
    expect(chains.length).toBeGreaterThan(4);
    expect(chains.flatMap((entries) => checkChain(entries))).toEqual([]);
  });

  it('leaves everything to end as if nothing had happened', () => {
    expect(end).toEqual(haunted.expected);
  });
});
