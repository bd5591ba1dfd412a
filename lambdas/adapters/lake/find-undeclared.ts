import {
  type Identity,
  type IdentityColumn,
  type IdentityType,
  textColumns,
  wholeColumns,
} from '../../domain/identity.ts';
import { normalise } from '../../domain/normalise.ts';
import { BETWEEN_ELEMENTS, type WantedWithin } from '../../domain/within-text/wanted.ts';
import type { AskedSubject, SourceContext } from '../source.ts';
import { kindOf } from '../sources/kinds.ts';
import { type Leaf, leavesOf } from './columns.ts';
import type { LakeContext } from './lake-context.ts';
import { type SearchedText, searchTexts } from './search-texts.ts';
import { SubjectIndex } from './subject-index.ts';

/** A column that nobody declared, and in which a subject stands. */
export interface UndeclaredHit {
  requestId: string;
  /** `note`, `user.id`, `items[].note`. */
  column: string;
  /** Identity types of what stands there. */
  types: string[];
  rows: number;
  /** Always the whole value, and never within a text. */
  whole: boolean;
}

export interface DeepSearch {
  /** A table, view or subquery with a column `_row`. */
  relation: string;
  identities: IdentityColumn[];
  notPersonal?: string[] | undefined;
  /** Whether a column's name says that it holds ids of a type. */
  isNamedFor(type: string, column: string): boolean;
}

/** Reads every column of a relation as text, and gives those that hold a subject undeclared. */
export async function findUndeclared(
  { engine, identityTypes }: Pick<LakeContext, 'engine' | 'identityTypes'>,
  { relation, identities, notPersonal = [], isNamedFor }: DeepSearch,
  subjects: AskedSubject[],
): Promise<UndeclaredHit[]> {
  const index = new SubjectIndex(subjects, identityTypes);
  const { within } = index;
  const leaves = (await leavesOf(engine, relation)).filter(
    ({ path, rarely }) =>
      !notPersonal.some((column) => isBelow(path, column)) && (!rarely || couldBeTime(within)),
  );
  const texts = leaves.map((leaf): SearchedText => {
    const whole = within.shortIds.some(({ type }) => isNamedFor(type, leaf.path));
    return { sql: leaf.sql, whole, unless: declaredPattern(leaf, identities, identityTypes) };
  });
  const hits = new Map<string, UndeclaredHit>();
  for await (const { place, text, rows } of searchTexts(engine, relation, texts, within)) {
    const column = leaves[place]?.path ?? '';
    const isNews = ({ type, value }: Identity) =>
      !isDeclared({ type, value }, { column, text }, { identities, identityTypes }) &&
      (within.isTelling({ type, value }) || isNamedFor(type, column));
    const counted = new Set<string>();
    for (const identity of within.findIn(text, { whole: true }).filter(isNews)) {
      const { type, value } = identity;
      for (const requestId of index.requestsOf({ type, raw: value })) {
        const key = `${requestId}\u0000${column}`;
        const hit = hits.get(key) ?? { requestId, column, types: [], rows: 0, whole: true };
        hits.set(key, hit);
        if (!hit.types.includes(type)) hit.types = [...hit.types, type].sort();
        hit.whole &&= isAll(identity, text, identityTypes);
        if (!counted.has(requestId)) hit.rows += rows;
        counted.add(requestId);
      }
    }
  }
  return [...hits.values()];
}

/** The same in a source itself, with every column that it has now, whether or not it is ingested. */
export const findInSource = (
  context: SourceContext,
  rules: Pick<DeepSearch, 'notPersonal' | 'isNamedFor'>,
  subjects: AskedSubject[],
): Promise<UndeclaredHit[]> =>
  kindOf(context.source).readWhole(context, async (rows) => {
    const { engine, source } = context;
    // Each column is read apart, and a source is read once.
    await engine.run(
      `CREATE OR REPLACE TEMP TABLE whole_source AS SELECT row_number() OVER () AS _row, * FROM ${rows}`,
    );
    const search = { relation: 'whole_source', identities: source.identities, ...rules };
    const found = await findUndeclared(context, search, subjects);
    await engine.run('DROP TABLE whole_source');
    return found;
  });

const isBelow = (path: string, column: string) =>
  path === column || path.startsWith(`${column}.`) || path.startsWith(`${column}[`);

/** An id such as `2026-11-25` may stand in a column of days. */
const couldBeTime = (within: WantedWithin) =>
  within.ids.some((id) => /^[0-9][0-9:. +-]*$/.test(id) && /[:-]/.test(id));

/** What the search of declared columns has found already, or counts as found. */
function isDeclared(
  { type, value }: Identity,
  { column, text }: { column: string; text: string },
  declared: { identities: IdentityColumn[]; identityTypes: Record<string, IdentityType> },
): boolean {
  const isHere = (one: IdentityColumn) => one.column === column && one.type === type;
  if (textColumns(declared.identities).some(isHere)) return true;
  return (
    wholeColumns(declared.identities).some(isHere) &&
    isWhole({ type, value }, text, declared.identityTypes)
  );
}

function isWhole(
  { type, value }: Identity,
  text: string,
  identityTypes: Record<string, IdentityType>,
): boolean {
  const identityType = identityTypes[type];
  return (
    identityType !== undefined &&
    text.split(BETWEEN_ELEMENTS).some((raw) => normalise(raw, identityType) === value)
  );
}

/** Of a phone's text, its first number counts; what else it says is no number. */
const isAll = (identity: Identity, text: string, identityTypes: Record<string, IdentityType>) =>
  isWhole(identity, text, identityTypes) &&
  !(identityTypes[identity.type]?.normalForm === 'phone' && /\p{L}/u.test(text));

/**
 * One value as it is declared to be; the search of declared columns has looked at it. So few digits
 * are one phone and not two.
 */
const PLAIN = {
  email: '[A-Za-z0-9._+\\-]*@[A-Za-z0-9.\\-]*',
  phone: '\\+?\\(?(?:[0-9](?: [().\\-]?|[().\\-] ?)?){0,13}',
  text: '[A-Za-z0-9]+(?:[\\-_.:][A-Za-z0-9]+)*',
};

function declaredPattern(
  { path }: Leaf,
  identities: IdentityColumn[],
  identityTypes: Record<string, IdentityType>,
): string | undefined {
  const forms = wholeColumns(identities).flatMap(({ column, type }) =>
    column === path ? [identityTypes[type]?.normalForm ?? 'text'] : [],
  );
  if (forms.length === 0) return undefined;
  const value = `(?:${forms.map((form) => PLAIN[form]).join('|')})?`;
  return path.includes('[]') ? `${value}(?:${BETWEEN_ELEMENTS}${value})*` : value;
}
