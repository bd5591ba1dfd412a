import { describe, expect, it } from '@jest/globals';
import { type Cells, csvFile, jsonFile } from '../../../lambdas/domain/export/files.ts';
import { ROWS_SHOWN } from '../../../lambdas/domain/export/page/page.ts';
import { SpreadsheetWriter } from '../../../lambdas/domain/export/spreadsheet.ts';
import { columns } from './an-export.ts';

async function* inPortionsOf<Row>(size: number, rows: Row[]): AsyncGenerator<Row[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}

async function piecesOf(file: AsyncIterable<string>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of file) pieces.push(piece);
  return pieces;
}

const ROWS = Array.from({ length: 5000 }, (_, id) => ({ id, note: 'x'.repeat(50) }));

describe('the files of a table', () => {
  it.each([1, 7, 2048, 10_000])(
    'hold every row once, in their order, read %i at a time',
    async (size) => {
      const texts = ROWS.map((row) => JSON.stringify(row));
      const json = (await piecesOf(jsonFile(inPortionsOf(size, texts)))).join('');
      expect(JSON.parse(json)).toEqual(ROWS);
      const writer = new SpreadsheetWriter(columns({ id: 'BIGINT', note: 'VARCHAR' }));
      const cells = ROWS.map(({ id, note }): Cells => [String(id), note]);
      const csv = (await piecesOf(csvFile(writer, inPortionsOf(size, cells), []))).join('');
      expect(csv.split('\r\n').slice(1, -1)).toEqual(ROWS.map(({ id, note }) => `${id},${note}`));
    },
  );

  it('are whole without any row', async () => {
    expect(JSON.parse((await piecesOf(jsonFile(inPortionsOf(1, [])))).join(''))).toEqual([]);
    const writer = new SpreadsheetWriter(columns({ id: 'BIGINT' }));
    expect(await piecesOf(csvFile(writer, inPortionsOf(1, []), []))).toEqual(['\uFEFFid\r\n']);
  });

  it('are never in memory as a whole, and leave the first rows for the page', async () => {
    const long = Array.from({ length: 100 }, () => JSON.stringify({ note: 'x'.repeat(10_000) }));
    const pieces = await piecesOf(jsonFile(inPortionsOf(100, long)));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(100_000);
    const shown: Cells[] = [];
    const writer = new SpreadsheetWriter(columns({ id: 'BIGINT' }));
    const cells = ROWS.map(({ id }): Cells => [String(id)]);
    await piecesOf(csvFile(writer, inPortionsOf(2048, cells), shown));
    expect(shown).toEqual(cells.slice(0, ROWS_SHOWN));
  });
});
