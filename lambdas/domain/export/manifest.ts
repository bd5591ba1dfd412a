import type { Disclosure, Facts } from '../disclosure.ts';
import type { ContentTable, ExportKind, TableKind } from './contents.ts';
import { type DefusedColumn, ROWS_LISTED } from './spreadsheet.ts';

/** Changes when a package is laid out otherwise. */
export const SCHEMA_VERSION = 1;

/** What an export is about; nothing in it is made up while packing. */
export interface ExportSubject {
  requestId: string;
  kind: ExportKind;
  subjectKind: 'customer' | 'user';
  receivedAt: string;
  platform: string;
  /** SHA-256 of the platform's files, hexadecimal. */
  platformHash: string;
  timeZone: string;
  /** The snapshot that was read, and when it was published; users have none. */
  snapshot?: { snapshotId: string; publishedAt: string };
  generatedAt: string;
  disclosure?: Disclosure | undefined;
}

/** One file in the package, as it was written. Sizes are bytes. */
export interface PackedFile {
  path: string;
  mediaType: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** One table, as it was packed. */
export interface PackedTable extends ContentTable {
  rows: number;
  /** Rows of it that are about other people too, and were left out. */
  leftOut: number;
  files: { json: string; csv: string; schema: string };
  defused: DefusedColumn[];
}

interface ManifestTable {
  kind: TableKind;
  name: string;
  title: string;
  rows: number;
  leftOut: number;
  files: PackedTable['files'];
  facts?: Facts;
}

export interface Manifest {
  schemaVersion: typeof SCHEMA_VERSION;
  generatedAt: string;
  generatedBy: string;
  request: Pick<ExportSubject, 'requestId' | 'kind' | 'subjectKind' | 'receivedAt'>;
  platform: { name: string; sha256: string };
  snapshot?: ExportSubject['snapshot'];
  article15?: Omit<Disclosure, 'users'>;
  tables: ManifestTable[];
  files: PackedFile[];
  csv: {
    encoding: string;
    defusing: string;
    /** Row 0 is the head; of each column at most 1,000 rows are listed, and all are counted. */
    defused: (DefusedColumn & { file: string; listed: 'all' | 'first' })[];
  };
}

const DEFUSING =
  'A cell that a spreadsheet would run as a formula has an apostrophe in front of it. The JSON files hold the value as it is.';

/** @param files every other file of the package */
export function manifestOf(
  subject: ExportSubject,
  tables: PackedTable[],
  files: PackedFile[],
): Manifest {
  const { requestId, kind, subjectKind, receivedAt, snapshot } = subject;
  const article15 = factsFor(subject);
  return {
    schemaVersion: SCHEMA_VERSION,
    generatedAt: subject.generatedAt,
    generatedBy: 'data-subject-rights',
    request: { requestId, kind, subjectKind, receivedAt },
    platform: { name: subject.platform, sha256: subject.platformHash },
    ...(snapshot && { snapshot }),
    ...(article15 && { article15 }),
    tables: tables.map(({ kind, name, title, rows, leftOut, files, facts }) => ({
      ...{ kind, name, title, rows, leftOut, files },
      ...(Object.keys(facts).length > 0 && { facts }),
    })),
    files,
    csv: {
      encoding: 'UTF-8, with a byte order mark',
      defusing: DEFUSING,
      defused: tables.flatMap(({ files, defused }) =>
        defused.map((column) => ({
          file: files.csv,
          ...column,
          listed: column.cells > ROWS_LISTED ? ('first' as const) : ('all' as const),
        })),
      ),
    },
  };
}

/** The facts of Art. 15 as they hold for this person; a copy to take along needs none. */
export function factsFor({
  kind,
  subjectKind,
  disclosure,
}: Pick<ExportSubject, 'kind' | 'subjectKind' | 'disclosure'>):
  | Omit<Disclosure, 'users'>
  | undefined {
  if (kind !== 'access' || !disclosure) return undefined;
  const { users, ...ofAll } = disclosure;
  return subjectKind === 'user' ? { ...ofAll, ...users } : ofAll;
}
