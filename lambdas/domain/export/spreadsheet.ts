import { type ExportColumn, type ExportType, exportType } from './columns.ts';

/*
 * Spreadsheets run a cell that begins with one of these as a formula, also behind white space, and
 * in their full-width forms (OWASP, CSV injection). An apostrophe in front makes it text.
 */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;
const APOSTROPHE = "'";

/** Numbers, days and truth values come from the type, and spell no formula. */
const spellsItself = (type: ExportType): boolean =>
  type.is === 'value' && ['whole', 'fraction', 'truth', 'day', 'moment'].includes(type.kind);

/** Which cells of one column were defused; row 0 is the head. */
export interface DefusedColumn {
  column: string;
  cells: number;
  /** The first of them. */
  rows: number[];
}

/** So many rows of a column are listed; all are counted. */
export const ROWS_LISTED = 1000;

/** Writes the lines of one table, and notes which cells it had to defuse. */
export class SpreadsheetWriter {
  readonly #columns: ExportColumn[];
  readonly #isSafe: boolean[];
  readonly #defused = new Map<number, DefusedColumn>();
  #row = 0;

  constructor(columns: ExportColumn[]) {
    this.#columns = columns;
    this.#isSafe = columns.map((column) => spellsItself(exportType(column)));
  }

  /** The names of the columns. Begins the file with a mark by which spreadsheets know UTF-8. */
  head(): string {
    const names = this.#columns.map(({ name }, at) => this.#cell(name, at, false));
    return `\uFEFF${names.join(',')}\r\n`;
  }

  line(cells: (string | null)[]): string {
    this.#row += 1;
    const written = cells.map((cell, at) => this.#cell(cell, at, this.#isSafe[at] ?? false));
    return `${written.join(',')}\r\n`;
  }

  get defused(): DefusedColumn[] {
    return [...this.#defused].sort(([a], [b]) => a - b).map(([, column]) => column);
  }

  #cell(cell: string | null, at: number, isSafe: boolean): string {
    if (cell === null) return '';
    if (isSafe || !FORMULA.test(cell)) return quoted(cell);
    const column = this.#columns[at]?.name ?? '';
    const noted = this.#defused.get(at) ?? { column, cells: 0, rows: [] };
    noted.cells += 1;
    if (noted.rows.length < ROWS_LISTED) noted.rows.push(this.#row);
    this.#defused.set(at, noted);
    return quoted(`${APOSTROPHE}${cell}`);
  }
}

/** RFC 4180; an empty text is told from nothing by its quotes. */
const quoted = (cell: string): string =>
  cell === '' || /[",\r\n;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
