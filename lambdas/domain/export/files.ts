import { ROWS_SHOWN } from './page/page.ts';
import type { SpreadsheetWriter } from './spreadsheet.ts';

/** Cells of one row, as texts. */
export type Cells = (string | null)[];

const CHARACTERS_AT_ONCE = 65_536;

/** A list of rows, one a line. @param rows each as a JSON object, in any portions */
export async function* jsonFile(rows: AsyncIterable<string[]>): AsyncGenerator<string> {
  let between = '\n';
  yield '[';
  yield* inLargePieces(rows, (row) => {
    const line = `${between}${row}`;
    between = ',\n';
    return line;
  });
  yield '\n]\n';
}

/** The same for spreadsheets. @param shown receives the first rows, as they were */
export async function* csvFile(
  writer: SpreadsheetWriter,
  rows: AsyncIterable<Cells[]>,
  shown: Cells[],
): AsyncGenerator<string> {
  yield writer.head();
  yield* inLargePieces(rows, (cells) => {
    if (shown.length < ROWS_SHOWN) shown.push(cells);
    return writer.line(cells);
  });
}

async function* inLargePieces<Row>(
  portions: AsyncIterable<Row[]>,
  written: (row: Row) => string,
): AsyncGenerator<string> {
  let piece = '';
  for await (const rows of portions)
    for (const row of rows) {
      piece += written(row);
      if (piece.length < CHARACTERS_AT_ONCE) continue;
      yield piece;
      piece = '';
    }
  if (piece !== '') yield piece;
}
