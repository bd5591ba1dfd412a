import { columnSql } from '../../domain/column-path.ts';
import { type Identity, identityKey, textColumns } from '../../domain/identity.ts';
import { quote } from '../../domain/normalise-sql.ts';
import { BETWEEN_ELEMENTS } from '../../domain/within-text/wanted.ts';
import { notCleared, type Searched } from './candidates.ts';
import type { LakeContext } from './lake-context.ts';
import { searchTexts } from './search-texts.ts';
import type { Candidate, SubjectIndex } from './subject-index.ts';

/**
 * The rows whose declared texts name any of the subjects. Each candidate is of one person's
 * identities alone: who else stands in the same text is linked by nothing.
 */
export async function findWithin(
  { engine }: Pick<LakeContext, 'engine'>,
  { relation, identities, clearedColumns }: Searched,
  index: SubjectIndex,
): Promise<Candidate[]> {
  const declared = textColumns(identities);
  const columns = [...new Set(declared.map(({ column }) => column))];
  const texts = columns.map((column) => ({
    sql: `array_to_string(${columnSql(column)}, ${quote(BETWEEN_ELEMENTS)})`,
    whole: true,
  }));
  const from = `(SELECT * FROM ${relation}${notCleared(clearedColumns)})`;
  const named = new NamedPeople(index);
  for await (const { place, text, rows, file } of searchTexts(engine, from, texts, index.within)) {
    const isDeclared = ({ type }: Identity) =>
      declared.some((one) => one.type === type && one.column === columns[place]);
    named.add(index.within.findIn(text, { whole: true }).filter(isDeclared), rows, file);
  }
  return named.candidates;
}

/** What was found in texts, put together by person, so that it stays as small as they are few. */
export class NamedPeople {
  readonly #index: SubjectIndex;
  readonly #candidates = new Map<string, Candidate>();

  constructor(index: SubjectIndex) {
    this.#index = index;
  }

  add(found: Identity[], rows: number, file = 0): void {
    const people = new Map<string, Identity[]>();
    for (const identity of found) {
      const { type, value } = identity;
      const requests = this.#index.requestsOf({ type, raw: value }).join(' ');
      people.set(requests, [...(people.get(requests) ?? []), identity]);
    }
    for (const own of people.values()) {
      const key = [file, ...own.map(identityKey).sort()].join('\u0001');
      const candidate = this.#candidates.get(key) ?? {
        found: own.map(({ type, value }) => ({ type, raw: value })),
        rows: 0,
        file,
      };
      candidate.rows += rows;
      this.#candidates.set(key, candidate);
    }
  }

  get candidates(): Candidate[] {
    return [...this.#candidates.values()];
  }
}
