import { quote } from '../../domain/normalise-sql.ts';
import { readingsSql } from '../../domain/within-text/escapes.ts';
import { keysWithinSql, trimmedSql, wholeKeysSql } from '../../domain/within-text/keys-sql.ts';
import { patternOf } from '../../domain/within-text/pattern.ts';
import { BETWEEN_ELEMENTS, type WantedWithin } from '../../domain/within-text/wanted.ts';
import type { Engine } from '../engine.ts';
import { FILE_OF_ROW_SQL } from './lake-table.ts';

/** Texts of a relation that are searched as one column. */
export interface SearchedText {
  /** One VARCHAR of a row. */
  sql: string;
  /** Values that this matches as a whole are searched elsewhere. */
  unless?: string | undefined;
  /** Whether ids that say little are looked for here, as whole values. */
  whole: boolean;
}

/** A text that perhaps holds somebody who is wanted, and how many rows have it. */
export interface TextFound {
  /** Position of the column among those searched. */
  place: number;
  text: string;
  rows: number;
  /** Where many files are searched at once: which of them, in their order. */
  file: number;
}

/**
 * The texts in which any of these identities may stand, in one pass, whatever their number: only
 * rows that look as if they held one are taken apart, and only those with a wanted key are kept.
 * @param relation a table, view or subquery with a column `_row`
 */
export async function* searchTexts(
  engine: Engine,
  relation: string,
  texts: SearchedText[],
  wanted: WantedWithin,
): AsyncGenerator<TextFound> {
  if (texts.length === 0 || wanted.keys.length === 0) return;
  await engine.fill('wanted_within', ['key', 'exact'], wanted.keys);
  yield* engine.each<TextFound>(searchSql(relation, texts, wanted));
  await engine.run('DROP TABLE wanted_within');
}

/** A scan of each column alone: rows are not put together of columns that hold nobody. */
function searchSql(relation: string, texts: SearchedText[], wanted: WantedWithin): string {
  const pattern = patternOf(wanted);
  const scans = texts.map(
    (searched, place) =>
      `SELECT _row, ${place} AS place, text FROM (SELECT _row, ${searched.sql} AS text FROM ${relation})
       WHERE ${mayHoldSql(searched, 'text', { pattern, wanted })}`,
  );
  const whole = texts.flatMap((text, place) =>
    text.whole && wanted.shortIds.length > 0 ? [place] : [],
  );
  const keys = keysWithinSql(wanted, 'reading');
  const allKeys =
    whole.length > 0
      ? `list_concat(${keys}, CASE WHEN place IN (${whole.join(', ')}) THEN ${wholeKeysSql('reading')} END)`
      : keys;
  return `
    SELECT place, text, ${FILE_OF_ROW_SQL} AS file, count(DISTINCT _row)::DOUBLE AS rows FROM (
      SELECT _row, place, text, reading, unnest(${allKeys}) AS key FROM (
        SELECT *, ${readingsSql('text')} AS reading FROM (${scans.join(' UNION ALL ')})
      )
    ) JOIN wanted_within USING (key)
    WHERE exact IS NULL OR contains(reading, exact)
    GROUP BY place, text, file`;
}

function mayHoldSql(
  { unless, whole }: SearchedText,
  text: string,
  { pattern, wanted }: { pattern: string; wanted: WantedWithin },
): string {
  // Most values are too short, which is seen at once.
  const isLong = `strlen(${text}) >= ${wanted.shortest}`;
  const looksSo = `regexp_matches(${text}, ${quote(pattern)})`;
  const elsewhere = unless ? `WHEN regexp_full_match(${text}, ${quote(unless)}) THEN false ` : '';
  const test = `CASE WHEN NOT ${isLong} THEN false ${elsewhere}ELSE ${looksSo} END`;
  if (!whole || wanted.shortIds.length === 0) return `coalesce(${test}, false)`;
  const longest = Math.max(...wanted.shortIds.map(({ value }) => Buffer.byteLength(value)));
  return `coalesce(${test} OR strlen(${trimmedSql(text)}) <= ${longest} OR contains(${text}, ${quote(BETWEEN_ELEMENTS)}), false)`;
}
