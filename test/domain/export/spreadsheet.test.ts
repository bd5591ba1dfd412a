import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ROWS_LISTED, SpreadsheetWriter } from '../../../lambdas/domain/export/spreadsheet.ts';
import { troublesome } from '../troublesome.ts';
import { columns } from './an-export.ts';

const NOTES = columns({ note: 'VARCHAR' });

const writtenOf = (cell: string): string => {
  const writer = new SpreadsheetWriter(NOTES);
  return writer.line([cell]).replace(/\r\n$/, '');
};

/** The cells of one line, as RFC 4180 reads them. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,]*?))(,|\r\n$)/gy;
  for (let found = pattern.exec(line); found; found = pattern.exec(line)) {
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] !== ',') break;
  }
  return cells;
}

const FORMULAS = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(A1)',
  "=cmd|' /C calc'!A0",
  '=HYPERLINK("http://evil.example","here")',
  '  =1+1',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\u00a0=1+1',
  '\u200b=1+1',
  '\ufeff=1+1',
  '\uff1d1+1',
  '\uff0b1',
  '\uff20SUM(A1)',
  '+49 151 1234567',
];

describe('a table for spreadsheets', () => {
  it.each(FORMULAS)('defuses %j', (cell) => {
    expect(cellsOf(`${writtenOf(cell)}\r\n`)).toEqual([`'${cell}`]);
  });

  it.each(['anna@example.org', "it's", 'a=b', '1-2', '', '030 1234567'])(
    'leaves %j alone',
    (cell) => expect(cellsOf(`${writtenOf(cell)}\r\n`)).toEqual([cell]),
  );

  it('leaves what a type makes a number, a day or a truth value', () => {
    const writer = new SpreadsheetWriter(
      columns({ amount: 'DECIMAL(12,2)', born: 'DATE', at: 'TIMESTAMP WITH TIME ZONE' }),
    );
    expect(writer.line(['-12.50', '-infinity', '2026-01-01 10:00:00+00'])).toBe(
      '-12.50,-infinity,2026-01-01 10:00:00+00\r\n',
    );
    expect(writer.defused).toEqual([]);
  });

  it('tells nothing from an empty text', () => {
    const writer = new SpreadsheetWriter(columns({ a: 'VARCHAR', b: 'VARCHAR' }));
    expect(writer.line([null, ''])).toBe(',""\r\n');
  });

  it('says which cells it defused, the head included', () => {
    const writer = new SpreadsheetWriter(columns({ '=name': 'VARCHAR', phone: 'VARCHAR' }));
    expect(writer.head()).toBe("\uFEFF'=name,phone\r\n");
    writer.line(['anna', '+491511234567']);
    writer.line(['ben', null]);
    writer.line(['=clara', '+491511234568']);
    expect(writer.defused).toEqual([
      { column: '=name', cells: 2, rows: [0, 3] },
      { column: 'phone', cells: 2, rows: [1, 3] },
    ]);
  });

  it('counts more cells than it lists, so that it stays small', () => {
    const writer = new SpreadsheetWriter(NOTES);
    for (let row = 0; row < ROWS_LISTED + 5; row += 1) writer.line(['=1']);
    const [note] = writer.defused;
    expect(note?.cells).toBe(ROWS_LISTED + 5);
    expect(note?.rows).toHaveLength(ROWS_LISTED);
  });

  it('lets no text be a formula, and changes nothing else', () =>
    fc.assert(
      fc.property(
        fc.array(fc.oneof(troublesome, fc.constantFrom(...FORMULAS), fc.string()), {
          minLength: 1,
          maxLength: 5,
        }),
        (texts) => {
          const names = Object.fromEntries(texts.map((_, at) => [`c${at}`, 'VARCHAR']));
          const writer = new SpreadsheetWriter(columns(names));
          const cells = cellsOf(writer.line(texts));
          expect(cells).toHaveLength(texts.length);
          for (const [at, cell] of cells.entries()) {
            expect(cell.trimStart()).not.toMatch(/^[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/);
            expect([texts[at], `'${texts[at]}`]).toContain(cell);
          }
        },
      ),
    ));
});
