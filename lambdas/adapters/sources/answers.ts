import type { Source } from '../../domain/platform.ts';
import type { SourceAnswer } from '../../domain/source-answer.ts';
import type { Held } from '../lake/subject-index.ts';
import type { AskedSubject } from '../source.ts';

export const clearedColumnsOf = ({
  source,
}: {
  source: Pick<Source, 'erasedWhen'>;
}): string[] | undefined =>
  source.erasedWhen === 'rowGone' ? undefined : source.erasedWhen.columnsCleared;

/**
 * What the rows found mean for each subject. A type that the subject has and that could not be
 * matched may stand in any row, so that without a hit there is no telling.
 */
export function answersFrom(
  subjects: AskedSubject[],
  held: Map<string, Held>,
  unmatched: ReadonlySet<string> = new Set(),
): Map<string, SourceAnswer> {
  return new Map(
    subjects.map(({ requestId, identities }): [string, SourceAnswer] => {
      const rows = held.get(requestId)?.rows ?? 0;
      if (rows > 0) return [requestId, { answer: 'stillHeld', rows }];
      const types = [...new Set(identities.map(({ type }) => type))].filter((type) =>
        unmatched.has(type),
      );
      return [requestId, types.length > 0 ? { answer: 'cannotTell', types } : { answer: 'gone' }];
    }),
  );
}
