import { columnSql, parseColumnPath, valueSql } from '../../domain/column-path.ts';
import { coarseKeySql } from '../../domain/normalise-sql.ts';
import { barePhoneSql, homePhoneSql } from '../../domain/plain-phone.ts';
import { saltOf, tagSql } from '../../domain/recognising.ts';
import { identifier } from '../engine/sql.ts';
import type { SourceContext } from '../source.ts';
import { isHeldSql } from './candidates.ts';
import { CLEARED, LEFT_OUT, type Recogniser } from './recogniser.ts';
import { fillSieve, isInBloomSql, named, type Sieved, saltSql } from './sieve.ts';

type Context = Pick<SourceContext, 'engine' | 'identityTypes' | 'source'>;

/** What is read instead of a relation: the declared columns, some of them perhaps cleared. */
interface Filtered {
  columns: string;
  from: string;
}

/**
 * Reads a relation of the declared columns without the rows of suppressed people, in one pass. SQL
 * looks at every value through a sieve, which keeps back few but theirs; TypeScript decides about
 * those. No key stands in the SQL, and no identity.
 */
export async function withoutSuppressed<T>(
  context: Context,
  recogniser: Recogniser,
  relation: string,
  read: (filtered: Filtered) => Promise<T>,
): Promise<T> {
  const { engine, source } = context;
  const sieved = sievedColumns(context, recogniser);
  const names = Object.keys(source.columns);
  if (sieved.length === 0)
    return read({ columns: names.map(identifier).join(', '), from: relation });
  await fillSieve(engine, recogniser, sieved);
  try {
    return await engine.asking(recogniser.decide, (callSql) =>
      read({
        columns: names.map((name) => selected(name, recogniser.clears.has(name))).join(', '),
        from: `(SELECT * FROM (${treatedSql(context, { sieved, relation, callSql })})
          WHERE ${TREATED} <> ${LEFT_OUT})`,
      }),
    );
  } finally {
    await engine.run('DROP TABLE sieve');
  }
}

function sievedColumns({ identityTypes, source }: Context, { keys, tags }: Recogniser): Sieved[] {
  if (tags.length === 0) return [];
  return source.identities.flatMap(({ type, column, within }, at) => {
    const { points, madeBy, normalForm, defaultCountry } = identityTypes[type] ?? {};
    // A row is left out for whose it is, and not for whom its text names.
    if (points !== 'unique' || madeBy || !normalForm || within) return [];
    const isList = parseColumnPath(column)?.perElement !== undefined;
    const salts = keys.map((key) => ({
      coarse: saltOf(key, type, 'coarse'),
      phone: saltOf(key, type, 'phone'),
    }));
    return [{ type, column, normalForm, country: defaultCountry, isList, at, salts }];
  });
}

const TREATED = '"is treated as"';
const selected = (name: string, clears: boolean): string =>
  clears
    ? `CASE WHEN ${TREATED} <> ${CLEARED} THEN ${identifier(name)} END AS ${identifier(name)}`
    : identifier(name);

/** The relation's rows and columns, and how each row is treated, level by level. */
function treatedSql(
  { source }: Context,
  {
    sieved,
    relation,
    callSql,
  }: { sieved: Sieved[]; relation: string; callSql(list: string): string },
): string {
  const single = sieved.filter(({ isList }) => !isList);
  const phones = single.filter(({ normalForm }) => normalForm === 'phone');
  const also = (from: string, columns: string[]) =>
    `SELECT ${['*', ...columns].join(', ')} FROM ${from}`;
  const raws = also(`${relation} AS given`, [
    ...sieved.map(
      (one) =>
        `${one.isList ? columnSql(one.column) : valueSql(one.column)} AS ${named('raw', one)}`,
    ),
  ]);
  const keys = also(`(${raws})`, [
    ...single.map(
      (one) =>
        `${coarseKeySql(one.normalForm, named('raw', one), 'duckdb')} AS ${named('key', one)}`,
    ),
  ]);
  const tests = also(`(${keys})`, [
    ...sieved.map((one) => `${mayBeSql(one)} AS ${named('test', one)}`),
  ]);
  const homes = also(`(${tests})`, [
    ...phones.map((one) => {
      const home = homePhoneSql(barePhoneSql(named('raw', one)), one.country);
      return `CASE WHEN ${named('test', one)} THEN ${home} END AS ${named('home', one)}`;
    }),
  ]);
  const isCandidate = (one: Sieved) =>
    phones.includes(one) ? `(${named('test', one)} AND ${mayBePhoneSql(one)})` : named('test', one);
  const { erasedWhen } = source;
  const isHeld = erasedWhen === 'rowGone' ? 'true' : isHeldSql(erasedWhen.columnsCleared);
  return also(`(${homes})`, [
    `CASE WHEN (${sieved.map(isCandidate).join(' OR ')}) AND (${isHeld})
     THEN ${callSql(candidatesSql(sieved))} ELSE 0 END AS ${TREATED}`,
  ]);
}

const IN_SIEVE = 'IN (SELECT tag FROM sieve)';

const mayBeSql = (one: Sieved): string => {
  if (!one.isList)
    return anyVersion(
      one,
      (version) => `${tagSql(saltSql(one, version, 'coarse'), named('key', one))} ${IN_SIEVE}`,
    );
  const key = coarseKeySql(one.normalForm, 'element', 'duckdb');
  const isIn = anyVersion(one, (version) =>
    isInBloomSql(tagSql(saltSql(one, version, 'coarse'), key)),
  );
  return `len(list_filter(${named('raw', one)}, lambda element: ${isIn})) > 0`;
};

/** Of ten thousand phones, the last digits are those of every tenth; the whole number is few people's. */
const mayBePhoneSql = (one: Sieved): string =>
  anyVersion(
    one,
    (version) =>
      `coalesce(${tagSql(saltSql(one, version, 'phone'), named('home', one))} ${IN_SIEVE}, true)`,
  );

const anyVersion = ({ salts }: Sieved, test: (version: number) => string): string =>
  `(${salts.map((_, version) => test(version)).join(' OR ')})`;

/** What may be somebody's in a row, as `<at>:<raw value>`. */
function candidatesSql(sieved: Sieved[]): string {
  const values = sieved.flatMap((one) =>
    one.isList
      ? []
      : [`CASE WHEN ${named('test', one)} THEN '${one.at}:' || ${named('raw', one)} END`],
  );
  const lists = sieved.flatMap((one) =>
    one.isList
      ? [`list_transform(${named('raw', one)}, lambda element: '${one.at}:' || element)`]
      : [],
  );
  return [`[${values.join(', ')}]::VARCHAR[]`, ...lists].join(' || ');
}
