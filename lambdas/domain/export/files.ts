import { ROWS_SHOWN } from './page/page.ts';
import type { SpreadsheetWriter } from './spreadsheet.ts';

/** Cells of one row, as texts. */
export type Cells = (string | null)[];

const CHARACTERS_AT_ONCE = 65_536;

/** A list of rows, one a line. @param rows each as a JSON object */
export const jsonFile = (rows: AsyncIterable<string>): AsyncGenerator<string> =>
  inLargePieces(jsonLines(rows));

async function* jsonLines(rows: AsyncIterable<string>): AsyncGenerator<string> {
  yield '[';
  let between = '\n';
  for await (const row of rows) {
    yield `${between}${row}`;
    between = ',\n';
  }
  yield '\n]\n';
}

/** The same for spreadsheets. @param shown receives the first rows, as they were */
export const csvFile = (
  writer: SpreadsheetWriter,
  rows: AsyncIterable<Cells>,
  shown: Cells[],
): AsyncGenerator<string> => inLargePieces(csvLines(writer, rows, shown));

async function* csvLines(
  writer: SpreadsheetWriter,
  rows: AsyncIterable<Cells>,
  shown: Cells[],
): AsyncGenerator<string> {
  yield writer.head();
  for await (const cells of rows) {
    if (shown.length < ROWS_SHOWN) shown.push(cells);
    yield writer.line(cells);
  }
}

async function* inLargePieces(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let piece = '';
  for await (const text of texts) {
    piece += text;
    if (piece.length < CHARACTERS_AT_ONCE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
