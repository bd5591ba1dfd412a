import { platformDefinition } from '../adapters/configuration.ts';
import { findings, putFinding } from '../adapters/cycles.ts';
import type { Write } from '../adapters/dynamo.ts';
import { classOf } from '../adapters/faults.ts';
import { recordChange } from '../adapters/ledger.ts';
import { logger } from '../adapters/logger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { changedSuppressed, findSuppressed } from '../adapters/suppressed-people.ts';
import { findWait, newWait, type WaitRow } from '../adapters/waits.ts';
import type { CycleId } from '../domain/ids.ts';
import { RESURRECTED_OPTIONS, type SuppressedPerson } from '../domain/suppression.ts';
import { secondsAfter } from '../domain/wait.ts';
import { patience, TOLD_WITHIN_SECONDS } from './asking.ts';
import { tellResurrected } from './telling.ts';

/** A row of DynamoDB takes 400 KB. */
const PEOPLE_A_ROW = 4000;

interface Met {
  source: string;
  people: { requestId: string; rows: number }[];
}

/** Keeps under the cycle which erased people a source brought back. */
export async function keepResurrected(
  cycleId: CycleId,
  source: string,
  resurrected: ReadonlyMap<string, number> = new Map(),
): Promise<void> {
  const people = [...resurrected].map(([requestId, rows]) => ({ requestId, rows }));
  for (let from = 0; from < people.length; from += PEOPLE_A_ROW) {
    const row: Met = { source, people: people.slice(from, from + PEOPLE_A_ROW) };
    await putFinding(cycleId, 'RESURRECTED', `${source}#${from / PEOPLE_A_ROW}`, row);
  }
}

/**
 * Asks the tenant admin about everybody whom this cycle met and nobody has decided about: a wait
 * for each, and one mail. Safe to repeat; a mail that does not leave is left to the sweep.
 */
export async function askAboutResurrected(cycleId: CycleId): Promise<void> {
  const sourcesOf = new Map<string, string[]>();
  for await (const { source, people } of findings<Met>(cycleId, 'RESURRECTED'))
    for (const { requestId } of people)
      sourcesOf.set(requestId, [...(sourcesOf.get(requestId) ?? []), source]);
  const asked = await mapLimited([...sourcesOf], 20, ([requestId, sources]) =>
    askAbout(cycleId, requestId, sources),
  );
  const waits = asked.flat();
  if (waits.length === 0) return;
  await tellResurrected(waits, 'tenantAdmin', new Date()).catch((error: unknown) =>
    logger.error('mailNotSent', { cycleId, class: classOf(error) }),
  );
}

async function askAbout(
  cycleId: CycleId,
  requestId: string,
  sources: string[],
): Promise<WaitRow[]> {
  const person = await findSuppressed(requestId);
  const round = Number(cycleId.slice('c-'.length));
  const isOpen = person?.suppressedUntil && !person.keptOut;
  if (!person || !isOpen || (person.finding && person.finding !== waitIdOf(requestId, round)))
    return [];
  await recordChange(openedFinding(person, round), {
    chain: `request/${requestId}`,
    event: 'resurrected',
    by: 'endCycle',
    facts: { cycle: cycleId, sources },
  });
  const wait = await findWait(requestId, NAME, round);
  return wait && !wait.answer && !wait.toldAt ? [wait] : [];
}

const NAME = 'resurrected';
const waitIdOf = (requestId: string, round: number) => `${requestId}/${NAME}#${round}`;

/** Refused when somebody is asked already. */
function openedFinding(person: SuppressedPerson, round: number): Write[] {
  const now = new Date();
  const { requestId } = person;
  const { deadline } = patience(platformDefinition().platform, now);
  const wait = newWait(
    {
      owner: requestId,
      name: NAME,
      round,
      kind: 'resurrected',
      on: 'tenantAdmin',
      role: 'tenantAdmin',
      reasonCode: 'resurrected',
      options: RESURRECTED_OPTIONS,
      asked: true,
      remindAt: secondsAfter(now, TOLD_WITHIN_SECONDS),
      deadline,
    },
    now,
  );
  const finding = { finding: waitIdOf(requestId, round) };
  return [
    wait,
    changedSuppressed(
      person,
      finding,
      now,
      'attribute_exists(pk) AND attribute_not_exists(finding)',
    ),
  ];
}

/** What a decision changes: their rows are let in from the next refresh on, or stay out for good. */
export async function resurrectedDecided(requestId: string, option: string): Promise<Write[]> {
  const person = await findSuppressed(requestId);
  // Forgotten meanwhile: then everybody is let in.
  if (!person) return [];
  const decided = option === 'keepOut' ? { keptOut: true } : { suppressedUntil: undefined };
  return [changedSuppressed(person, { ...decided, finding: undefined }, new Date())];
}
