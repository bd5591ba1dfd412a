import { type Identity, identityKey } from '../../domain/identity.ts';
import type { Source } from '../../domain/platform.ts';
import type { SourceAnswer } from '../../domain/source-answer.ts';
import { askable } from '../../domain/verification.ts';
import { type Candidate, identitiesOf, type SubjectIndex } from '../lake/subject-index.ts';
import type { AskedSubject, SourceContext } from '../source.ts';

export const clearedColumnsOf = ({
  source,
}: {
  source: Pick<Source, 'erasedWhen'>;
}): string[] | undefined =>
  source.erasedWhen === 'rowGone' ? undefined : source.erasedWhen.columnsCleared;

/** What was found in a source: rows with all of their identities, and what could not be matched. */
export interface Answered {
  subjects: AskedSubject[];
  index: SubjectIndex;
  candidates: Candidate[];
  /** Types that the source declares in columns that it cannot search. */
  unmatched?: ReadonlySet<string>;
}

/**
 * What the rows found mean for each subject. A type that the subject has and that could not be
 * matched may stand in any row, so that without a hit there is no telling.
 */
export function answersFrom(
  context: Pick<SourceContext, 'source' | 'identityTypes'>,
  { subjects, index, candidates, unmatched = new Set() }: Answered,
): Map<string, SourceAnswer> {
  const held = index.count(candidates);
  return new Map(
    subjects.map((subject): [string, SourceAnswer] => {
      const { requestId, identities } = subject;
      const rows = held.get(requestId)?.rows ?? 0;
      if (rows > 0) {
        const linked = linkedTo(context, subject, index, candidates);
        return [requestId, { answer: 'stillHeld', rows, ...(linked.length > 0 && { linked }) }];
      }
      const types = [...new Set(identities.map(({ type }) => type))].filter((type) =>
        unmatched.has(type),
      );
      return [requestId, types.length > 0 ? { answer: 'cannotTell', types } : { answer: 'gone' }];
    }),
  );
}

/** Unique identities beside the subject's own, where its rows are those of one person. */
function linkedTo(
  { source, identityTypes }: Pick<SourceContext, 'source' | 'identityTypes'>,
  { requestId, identities }: AskedSubject,
  index: SubjectIndex,
  candidates: Candidate[],
): Identity[] {
  const beside = new Map(
    candidates
      .filter(({ found }) => found.some((raw) => index.requestsOf(raw).includes(requestId)))
      .flatMap(({ found }) => askable(identitiesOf(found, identityTypes), identityTypes))
      .map((identity) => [identityKey(identity), identity]),
  );
  const people = [...beside.values()].filter(({ type }) => type === source.personKey);
  if (people.length > 1) return [];
  for (const identity of identities) beside.delete(identityKey(identity));
  return [...beside.values()];
}
