import {
  type AddFile,
  type PackagePlace,
  type StoredPackage,
  writePackage,
} from '../adapters/package/write-package.ts';
import type { ExportColumn } from '../domain/export/columns.ts';
import { type ContentTable, inReadingOrder } from '../domain/export/contents.ts';
import { fileNames } from '../domain/export/file-names.ts';
import { type Cells, csvFile, jsonFile } from '../domain/export/files.ts';
import { tableSchema } from '../domain/export/json-schema.ts';
import { type ExportSubject, manifestOf, type PackedFile } from '../domain/export/manifest.ts';
import { exportPage, type ShownTable } from '../domain/export/page/page.ts';
import { SpreadsheetWriter } from '../domain/export/spreadsheet.ts';

/** A table that is packed: its rows can be read twice, as JSON and as cells. */
export interface PackableTable extends ContentTable {
  columns: ExportColumn[];
  rows: number;
  leftOut: number;
  json(): AsyncIterable<string[]>;
  cells(): AsyncIterable<Cells[]>;
}

/** Writes the package of one export: each table three times over, the page, and what was written. */
export const packTables = (
  place: PackagePlace,
  subject: ExportSubject,
  tables: PackableTable[],
): Promise<StoredPackage> =>
  writePackage(place, new Date(subject.generatedAt), async (add) => {
    const files: PackedFile[] = [];
    const noted: AddFile = async (...file) => {
      const written = await add(...file);
      files.push(written);
      return written;
    };
    const ordered = inReadingOrder(tables);
    const names = fileNames(ordered.map(({ name }) => name));
    const packed: ShownTable[] = [];
    for (const [at, table] of ordered.entries())
      packed.push(await packTable(noted, `tables/${names[at]}`, table));
    await noted('index.html', 'text/html', [exportPage(subject, packed)]);
    const manifest = manifestOf(subject, packed, files);
    await add('manifest.json', 'application/json', [`${JSON.stringify(manifest, null, 2)}\n`]);
  });

async function packTable(add: AddFile, base: string, table: PackableTable): Promise<ShownTable> {
  const { kind, name, title, facts, columns, rows, leftOut } = table;
  const files = { json: `${base}.json`, csv: `${base}.csv`, schema: `${base}.schema.json` };
  const schema = tableSchema(title, columns);
  await add(files.schema, 'application/schema+json', [`${JSON.stringify(schema, null, 2)}\n`]);
  await add(files.json, 'application/json', jsonFile(table.json()));
  const writer = new SpreadsheetWriter(columns);
  const shown: Cells[] = [];
  await add(files.csv, 'text/csv', csvFile(writer, table.cells(), shown));
  const { defused } = writer;
  return { kind, name, title, facts, columns, rows, leftOut, files, shown, defused };
}
