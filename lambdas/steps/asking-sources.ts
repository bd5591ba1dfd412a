import { platformDefinition } from '../adapters/configuration.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { keepLinked, markHeld, readSubject } from '../adapters/requests.ts';
import type { AskedSubject } from '../adapters/source.ts';
import { kindOf } from '../adapters/sources/kinds.ts';
import { setSourceState, type VerifyingRow } from '../adapters/verifying.ts';
import type { SourceAnswer } from '../domain/source-answer.ts';
import { afterAnswer, askable } from '../domain/verification.ts';

/** Asks one source once about all these subjects, and keeps each answer with its subject. */
export async function askAbout(
  name: string,
  rows: VerifyingRow[],
): Promise<Partial<Record<SourceAnswer['answer'], number>>> {
  const { platform } = platformDefinition();
  const answers = await askOnce(name, rows);
  const counts: Partial<Record<SourceAnswer['answer'], number>> = {};
  const now = new Date();
  await mapLimited(rows, 20, async ({ requestId, round, sources }) => {
    const given = answers(requestId);
    const before = sources[name];
    if (!given || !before) return;
    counts[given.answer] = (counts[given.answer] ?? 0) + 1;
    if (given.answer === 'stillHeld') {
      await markHeld(requestId);
      if (given.linked) await keepLinked(requestId, name, given.linked);
    }
    const after = afterAnswer(before, given, platform.verification, now);
    await setSourceState(requestId, round, name, after);
  });
  return counts;
}

async function askOnce(
  name: string,
  rows: VerifyingRow[],
): Promise<(requestId: string) => SourceAnswer | undefined> {
  const { platform } = platformDefinition();
  const source = platform.sources[name];
  // Its own requests wait visibly; a fault would stop the verification of everybody.
  if (!source) return () => ({ answer: 'unreachable', reason: 'notDeclared' });
  const asked = await mapLimited(rows, 20, async ({ requestId }): Promise<AskedSubject[]> => {
    const sealed = await readSubject(requestId);
    return sealed
      ? [{ requestId, identities: askable(sealed.subject.unique, platform.identityTypes) }]
      : [];
  });
  const answers = await withLake((lake) =>
    kindOf(source).ask({ ...lake, name, source }, asked.flat()),
  );
  return (requestId) => answers.get(requestId);
}
