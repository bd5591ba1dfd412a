import type { IdentityColumn, IdentityType, NormalForm } from '../../domain/identity.ts';
import { identifier } from '../engine/sql.ts';
import type { Engine } from '../engine.ts';
import type { Recogniser } from './recogniser.ts';

/** An identity column that points at one person, and the names of what is made of it on the way. */
export interface Sieved extends IdentityColumn {
  normalForm: NormalForm;
  country: IdentityType['defaultCountry'];
  isList: boolean;
  /** Its place among the source's identity columns: a candidate is `<at>:<raw value>`. */
  at: number;
  /** Of each version of the key. */
  salts: { coarse: string; phone: string }[];
}

/** A column that no source has, whose names have no blanks in the middle of such words. */
export const named = (what: string, { at }: Sieved, version?: number): string =>
  identifier(`its ${what} ${at}${version === undefined ? '' : ` ${version}`}`);

export const saltName = (column: Sieved, version: number, of: 'coarse' | 'phone'): string =>
  named(`${of} salt`, column, version);

/** One in a hundred values that are nobody's gets through. */
const BITS_A_TAG = 64;
const FEWEST_BITS = 65_536;

/**
 * Fills `sieve (tag)`, `salts` (one row) and `bloom (bits, size)` (one row). DuckDB looks up a value
 * in a table, but not the elements of a list: those are looked up in bits.
 */
export async function fillSieve(
  engine: Engine,
  { tags }: Pick<Recogniser, 'tags'>,
  sieved: Sieved[],
): Promise<void> {
  await engine.fill(
    'sieve',
    ['tag'],
    tags.map((tag) => [tag]),
  );
  const salts = sieved.flatMap((one) =>
    one.salts.flatMap(({ coarse, phone }, version): [string, string][] => [
      [saltName(one, version, 'coarse'), coarse],
      [saltName(one, version, 'phone'), phone],
    ]),
  );
  await engine.fill(
    'salts',
    salts.map(([name]) => name),
    [salts.map(([, salt]) => salt)],
  );
  const hasLists = sieved.some(({ isList }) => isList);
  const size = hasLists ? Math.max(FEWEST_BITS, tags.length * BITS_A_TAG) : 1;
  const set = await engine.column<number>(`SELECT (hash(tag) % ${size})::INTEGER FROM sieve`);
  const bits = new Uint8Array(size).fill(ZERO);
  for (const position of set) bits[position] = ONE;
  await engine.fill('written', ['bits'], [[Buffer.from(bits).toString()]]);
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE bloom AS SELECT bits::BIT AS "its bits", ${size} AS "its size" FROM written`,
  );
  await engine.run('DROP TABLE written');
}

const [ZERO = 48, ONE = 49] = Buffer.from('01');

/** @param tag SQL of a tag */
export const isInBloomSql = (tag: string): string =>
  `get_bit("its bits", (hash(${tag}) % "its size")::INTEGER) = 1`;
