import { valueSql } from '../../domain/column-path.ts';
import type { IdentityColumn } from '../../domain/identity.ts';
import { EngineError } from '../engine/engine-error.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { Engine } from '../engine.ts';
import { NO_IDENTITIES, partitionIdentitiesSql } from './identities.ts';
import type { LakeContext } from './lake-context.ts';
import { countRows, type LakeTable, rowsKey, viewSql } from './lake-table.ts';

export interface TablePlan {
  /** One SELECT. */
  sql: string;
  /** What it may read, by the names that it uses. */
  reads: Record<string, LakeTable>;
  /** The partitions behind the view `identities`; absent when the SQL does not read it. */
  identitiesOver?: LakeTable[] | undefined;
  /** Its declared identity columns, which must be there. */
  identities: IdentityColumn[];
  /** Where its `rows.parquet` goes. */
  prefix: string;
}

export type TableOutcome =
  | { outcome: 'built'; rows: number; bytes: number }
  /** The SQL is wrong, or does not fit the rows. Nothing in the words comes from a row. */
  | { outcome: 'failed'; cause: string; error: Error };

/** Runs a model's or segment's SQL over exactly what it declares to read. */
export async function buildTable(context: LakeContext, plan: TablePlan): Promise<TableOutcome> {
  const { engine, lake } = context;
  const views = viewsOf(context, plan);
  const sql = plan.sql.trim().replace(/;$/, '');
  try {
    for (const [name, view] of views)
      await engine.run(`CREATE OR REPLACE TEMP VIEW ${identifier(name)} AS ${view}`);
    await engine.run(`DESCRIBE (\n${sql}\n)`);
    const there = await columnsThere(engine, sql, plan.identities);
    const missing = plan.identities.filter((declared) => !there.includes(declared));
    if (missing.length > 0) {
      const cause = `its SQL gives no column ${missing.map(({ column }) => column).join(', ')}`;
      return { outcome: 'failed', cause, error: new Error(cause) };
    }
    await engine.run(
      `COPY (\n${sql}\n) TO ${literal(lake.url(rowsKey(plan.prefix)))} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return { outcome: 'built', ...(await sizeOf(context, plan.prefix)) };
  } catch (error) {
    if (!(error instanceof EngineError) || !BY_ITS_SQL.has(error.kind)) throw error;
    return { outcome: 'failed', cause: whatIsWrong(error), error };
  } finally {
    for (const [name] of views) await engine.run(`DROP VIEW IF EXISTS ${identifier(name)}`);
  }
}

/** Those identity columns that a query gives, down to the field of a nested one. */
export async function columnsThere(
  engine: Engine,
  sql: string,
  identities: IdentityColumn[],
): Promise<IdentityColumn[]> {
  const there: IdentityColumn[] = [];
  for (const identity of identities) {
    try {
      await engine.run(`DESCRIBE (SELECT ${valueSql(identity.column)} FROM (\n${sql}\n))`);
      there.push(identity);
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind !== 'Binder') throw error;
    }
  }
  return there;
}

/** The table as it is, under another prefix: a snapshot names nothing under another's. */
export async function copyTable(
  context: LakeContext,
  from: LakeTable,
  prefix: string,
): Promise<{ rows: number; bytes: number }> {
  await context.lake.copy(rowsKey(from.prefix), rowsKey(prefix));
  return sizeOf(context, prefix);
}

async function sizeOf(context: LakeContext, prefix: string) {
  return {
    rows: await countRows(context, prefix),
    bytes: await context.lake.sizeOf(rowsKey(prefix)),
  };
}

function viewsOf(context: LakeContext, { reads, identitiesOver }: TablePlan): [string, string][] {
  const views = Object.entries(reads).map(([name, table]): [string, string] => [
    name,
    viewSql(context.lake, table),
  ]);
  if (!identitiesOver) return views;
  const identities = identitiesOver.map((table) => partitionIdentitiesSql(context, table));
  return [...views, ['identities', identities.join('\nUNION ALL\n') || NO_IDENTITIES]];
}

// Everything else (S3, memory) is a fault of the run, and is tried again.
const ABOUT_NAMES = new Set(['Parser', 'Binder', 'Catalog']);
const BY_ITS_SQL = new Set([
  ...ABOUT_NAMES,
  'Conversion',
  'Out of Range',
  'Invalid Input',
  'Mismatch Type',
  'Not implemented',
  'Constraint',
]);

// DuckDB quotes SQL where a name is wrong, but rows where a value is.
function whatIsWrong({ kind, said }: EngineError): string {
  if (!ABOUT_NAMES.has(kind)) return `its SQL does not fit a value that it reads (${kind} error)`;
  const words = said.split('\n')[0] ?? '';
  const line = /^LINE (\d+):/m.exec(said)?.[1];
  return line ? `line ${Number(line) - 1}: ${words}` : words;
}
