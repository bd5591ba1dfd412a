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
export const named = (what: string, { at }: Sieved): string => identifier(`its ${what} ${at}`);

/** SQL of a salt. A variable is a constant to DuckDB, and stands in no statement. */
export const saltSql = ({ at }: Sieved, version: number, of: 'coarse' | 'phone'): string =>
  `getvariable('${saltName(at, version, of)}')`;
const saltName = (at: number, version: number, of: 'coarse' | 'phone'): string =>
  `sieve_${of}_${at}_${version}`;

/** One in a hundred values that are nobody's gets through. */
const BITS_A_TAG = 64;
const FEWEST_BITS = 65_536;

/**
 * Fills `sieve (tag)`, and variables: the salts, and a Bloom filter of the tags. DuckDB looks up a
 * value in a table, but not the elements of a list: those are looked up in bits.
 */
export async function fillSieve(
  engine: Engine,
  { tags }: Pick<Recogniser, 'tags'>,
  sieved: Sieved[],
): Promise<void> {
  const rows = tags.map((tag) => [tag]);
  await engine.fill('sieve', ['tag'], rows);
  const variables = sieved.flatMap((one) =>
    one.salts.flatMap(({ coarse, phone }, version): [string, string][] => [
      [saltName(one.at, version, 'coarse'), coarse],
      [saltName(one.at, version, 'phone'), phone],
    ]),
  );
  if (sieved.some(({ isList }) => isList)) {
    const size = Math.max(FEWEST_BITS, tags.length * BITS_A_TAG);
    const set = await engine.column<number>(`SELECT (hash(tag) % ${size})::INTEGER FROM sieve`);
    const bits = new Uint8Array(size).fill(ZERO);
    for (const position of set) bits[position] = ONE;
    variables.push([BLOOM, Buffer.from(bits).toString()]);
  }
  await engine.fill('written', ['name', 'value'], variables);
  for (const [name] of variables)
    await engine.run(`SET VARIABLE ${name} = (SELECT value FROM written WHERE name = '${name}')`);
  await engine.run('DROP TABLE written');
}

const [ZERO = 48, ONE = 49] = Buffer.from('01');
const BLOOM = 'sieve_bloom';

/** @param tag SQL of a tag */
export const isInBloomSql = (tag: string): string =>
  `get_bit(getvariable('${BLOOM}')::BIT, (hash(${tag}) % length(getvariable('${BLOOM}')))::INTEGER) = 1`;
