import { ulid } from 'ulid';
import { platformDefinition } from '../adapters/configuration.ts';
import { classOf, keepFault } from '../adapters/faults.ts';
import { type Facts, recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { keepLinked, markHeld, readSubject } from '../adapters/requests.ts';
import type { AskedSubject } from '../adapters/source.ts';
import { kindOf } from '../adapters/sources/kinds.ts';
import { setSourceState, sourceAnswered, type VerifyingRow } from '../adapters/verifying.ts';
import type { SourceAnswer } from '../domain/source-answer.ts';
import { afterAnswer, askable } from '../domain/verification.ts';
import { OutOfTime, workOnSource } from './source-work.ts';

/** Asks one source once about all these subjects, and keeps each answer with its subject. */
export async function askAbout(
  name: string,
  rows: VerifyingRow[],
  passId: string,
): Promise<Partial<Record<SourceAnswer['answer'], number>>> {
  const { platform } = platformDefinition();
  const answers = await askOnce(name, rows, passId);
  const counts: Partial<Record<SourceAnswer['answer'], number>> = {};
  const now = new Date();
  await mapLimited(rows, 20, async (row) => {
    const { requestId, round, sources } = row;
    const given = answers(requestId);
    const before = sources[name];
    if (!given || !before) return;
    counts[given.answer] = (counts[given.answer] ?? 0) + 1;
    if (given.answer === 'stillHeld') {
      await markHeld(requestId);
      if (given.linked) await keepLinked(requestId, name, given.linked);
    }
    const after = afterAnswer(before, given, platform.verification, now);
    if (after.answer === before.answer) await setSourceState(requestId, round, name, after);
    else
      await recordChange([sourceAnswered(row, name, after)], {
        chain: `request/${requestId}`,
        event: 'sourceAnswered',
        by: passId,
        facts: { source: name, round, before: before.answer, ...factsOf(given) },
      });
  });
  return counts;
}

async function askOnce(
  name: string,
  rows: VerifyingRow[],
  passId: string,
): Promise<(requestId: string) => SourceAnswer | undefined> {
  const { platform } = platformDefinition();
  const source = platform.sources[name];
  if (!source) return () => ({ answer: 'unreachable', reason: 'notDeclared' });
  const asked = await mapLimited(rows, 20, async ({ requestId }): Promise<AskedSubject[]> => {
    const sealed = await readSubject(requestId);
    return sealed
      ? [{ requestId, identities: askable(sealed.subject.unique, platform.identityTypes) }]
      : [];
  });
  try {
    const answers = await workOnSource((lake) =>
      kindOf(source).ask({ ...lake, name, source }, asked.flat()),
    );
    return (requestId) => answers.get(requestId);
  } catch (error) {
    // Its own requests wait visibly; thrown, it would stop the verification of everybody.
    const fault = { faultId: ulid(), step: 'askSource', class: classOf(error), error };
    await keepFault(fault, { execution: passId });
    const reason = error instanceof OutOfTime ? 'timedOut' : 'fault';
    return () => ({ answer: 'unreachable', reason });
  }
}

/** What the ledger is told of an answer: no identity, not even one that is linked. */
function factsOf(given: SourceAnswer): Facts {
  const { answer } = given;
  switch (answer) {
    case 'gone':
      return { answer };
    case 'stillHeld':
      return { answer, rows: given.rows, linked: given.linked?.length };
    case 'cannotTell':
      return { answer, types: given.types };
    case 'unreachable':
      return { answer, reason: given.reason };
    default:
      return given satisfies never;
  }
}
