import { headAlone, html, type Safe, safe } from '../../markup.ts';
import { type ExportColumn, type ExportType, exportType, inPlainWords } from '../columns.ts';
import { type ExportSubject, factsFor, type PackedTable } from '../manifest.ts';
import { differs, factsSection } from './facts.ts';
import { STYLE } from './style.ts';
import { count, dayInWords, momentInWords, valueInWords } from './values.ts';

const NO_REFERRER = safe('<meta name="referrer" content="no-referrer">\n');

/** So many rows of a table stand on the page; the files hold all. */
export const ROWS_SHOWN = 200;

/** A table with the first of its rows, each cell as the CSV file has it before it is defused. */
export interface ShownTable extends PackedTable {
  columns: ExportColumn[];
  shown: (string | null)[][];
}

/** One page that stands alone: no script, nothing loaded; for a person who is no engineer. */
export function exportPage(subject: ExportSubject, tables: ShownTable[]): string {
  const facts = factsFor(subject);
  const { generatedAt, timeZone } = subject;
  const withRows = tables.filter(({ rows, leftOut }) => rows + leftOut > 0);
  return html`<!doctype html>
<html lang="en">
${headAlone(`Your personal data, ${dayInWords(generatedAt, timeZone)}`, STYLE, NO_REFERRER)}
<body>
<main>
<header>
<h1>Your personal data</h1>
<p class="lead">${lead(subject, withRows)}</p>
<p class="quiet">Put together on ${momentInWords(generatedAt, timeZone)} (${timeZone}), in answer to request <code>${subject.requestId}</code> of ${dayInWords(subject.receivedAt, timeZone)}.</p>
</header>
${facts ? factsSection(facts) : []}${contents(withRows)}${withRows.map(tableSection)}${footer(tables)}</main>
</body>
</html>
`.text;
}

function lead({ kind, platform }: ExportSubject, tables: ShownTable[]): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (rows === 0) return `${inPlainWords(platform)} holds no data about you.`;
  const much = `${count(rows, 'entry', 'entries')} in ${count(tables.length, 'table', 'tables')}`;
  return kind === 'access'
    ? `This is what ${inPlainWords(platform)} holds about you: ${much}.`
    : `This is the data that you gave to ${inPlainWords(platform)}, to take along: ${much}.`;
}

const anchor = (at: number) => `table-${at + 1}`;

const contents = (tables: ShownTable[]): Safe[] =>
  tables.length < 2
    ? []
    : [
        html`<nav aria-labelledby="contents">
<h2 id="contents">What is here</h2>
<ul>
${tables.map(({ title, rows }, at) => html`<li><a href="#${anchor(at)}">${title}</a> <span class="quiet">${count(rows, 'entry', 'entries')}</span></li>\n`)}</ul>
</nav>
`,
      ];

const tableSection = (table: ShownTable, at: number): Safe => html`<section>
<h2 id="${anchor(at)}">${table.title}</h2>
<p class="quiet">${countsOf(table)}</p>
${differs(table.facts)}${rowsOf(table)}</section>
`;

function countsOf({ rows, shown, leftOut, files, kind }: ShownTable): Safe {
  const all = `${count(rows, 'entry', 'entries')}${kind === 'segment' ? ' on this list' : ''}`;
  const more =
    rows > shown.length ? `; the first ${shown.length} are shown, all are in ` : ', also in ';
  const others =
    leftOut > 0
      ? ` ${count(leftOut, 'entry is', 'entries are')} left out, because other people stand there too.`
      : '';
  return html`${all}${more}<code>${files.csv}</code> and <code>${files.json}</code>.${others}`;
}

function rowsOf({ title, columns, shown }: ShownTable): Safe[] {
  const types = columns.map(exportType);
  const [only] = shown;
  if (!only) return [];
  if (shown.length === 1) return [oneRow(columns, types, only)];
  const head = columns.map(
    ({ name }, at) =>
      html`<th scope="col"${isNumber(types[at]) ? html` class="number"` : []}>${inPlainWords(name)}</th>`,
  );
  const body = shown.map(
    (row) => html`<tr>${row.map((cell, at) => tableCell(cell, types[at], columns[at]))}</tr>\n`,
  );
  return [
    html`<div class="wide" tabindex="0" role="group" aria-label="${title}">
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody>
</table>
</div>
`,
  ];
}

const isNumber = (type: ExportType = TEXT): boolean =>
  type.is === 'value' && (type.kind === 'whole' || type.kind === 'fraction');

const TEXT: ExportType = { is: 'value', kind: 'text' };

function tableCell(
  cell: string | null,
  type: ExportType = TEXT,
  column: ExportColumn | undefined,
): Safe {
  const name = inPlainWords(column?.name ?? '');
  return html`<td${isNumber(type) ? html` class="number"` : []} data-name="${name}">${valueInWords(cell, type)}</td>`;
}

const oneRow = (columns: ExportColumn[], types: ExportType[], row: (string | null)[]): Safe =>
  html`<dl class="one">
${columns.map(({ name }, at) => html`<div><dt>${inPlainWords(name)}</dt><dd>${valueInWords(row[at] ?? null, types[at] ?? TEXT)}</dd></div>\n`)}</dl>
`;

function footer(tables: ShownTable[]): Safe {
  const empty = tables.filter(({ rows, leftOut }) => rows + leftOut === 0);
  const defused = tables.some((table) => table.defused.length > 0);
  return html`<footer>
<h2>About this package</h2>
${
  empty.length > 0
    ? html`<p>Looked through, and nothing of you found: ${empty.map(({ title }) => title).join(', ')}.</p>\n`
    : []
}<p>Each table is also here as a CSV file, for spreadsheets, and as a JSON file with its JSON Schema, for programs. <code>manifest.json</code> lists every file with its SHA-256 hash.</p>
${
  defused
    ? html`<p>Where a value in a CSV file would run as a formula, it has an apostrophe in front; <code>manifest.json</code> lists these cells, and the JSON files hold the values as they are.</p>\n`
    : []
}</footer>
`;
}
