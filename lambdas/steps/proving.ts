import { finding, findings, type Member, newFinding } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { findUndeclared, type UndeclaredHit } from '../adapters/lake/find-undeclared.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { findSubjects, type SubjectHit } from '../adapters/lake/prove.ts';
import { readSubjects } from '../adapters/lake/subjects-file.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import type { TableRows } from '../domain/cycle-result.ts';
import type { CycleId } from '../domain/ids.ts';
import type { UndeclaredColumn } from '../domain/undeclared.ts';
import { deepSearchOf } from './deep-search.ts';
import { isSharedPart, sharedPart } from './lake-tables.ts';
import { tableOf } from './snapshot-tables.ts';

/** One scanned table: how many rows were read, and which members it still holds, in S3. */
export interface ScanRow {
  /** `source crm`, `model customers`. */
  name: string;
  rows: number;
  /** Members found. */
  found: number;
  /** Key of a JSON object `{ requestId: rows }`; a member's shared part stands under its own id. */
  hits?: string;
  /** Of inactive data that is no whole file: its prefix. */
  unreadable?: string | undefined;
  /** Every column was read as text. */
  deep?: boolean;
  /** Key of a JSON object `{ requestId: columns }` of what was found in no declared column. */
  undeclared?: string | undefined;
}

/** Scans one table of the new snapshot for all members of the cycle at once, whole. */
export async function proveTable(
  cycleId: CycleId,
  name: string,
): Promise<{ outcome: 'scanned'; rows: number; found: number }> {
  const scanned = (await finding<ScanRow>(cycleId, 'PROOF', name)) ?? (await prove(cycleId, name));
  return { outcome: 'scanned', rows: scanned.rows, found: scanned.found };
}

async function prove(cycleId: CycleId, name: string): Promise<ScanRow> {
  const table = await tableOf(cycleId, name);
  const scanned = await withLake(async (lake) => {
    const subjects = await readSubjects(lake, cycleId);
    const declared = await findSubjects(lake, table, subjects);
    const undeclared = await findUndeclared(lake, deepSearchOf(lake, table), subjects);
    return { ...declared, undeclared };
  });
  return keepScan(cycleId, 'PROOF', { name, ...scanned });
}

/** What was found of the members in one table. */
export interface Scanned {
  name: string;
  scannedRows: number;
  hits: SubjectHit[];
  /** Absent where only declared columns were searched. */
  undeclared?: UndeclaredHit[];
  unreadable?: string | undefined;
}

/** Keeps under the cycle which of its members stand in one table. */
export async function keepScan(
  cycleId: CycleId,
  kind: 'PROOF' | 'RESIDUE',
  { name, scannedRows, hits, undeclared, unreadable }: Scanned,
): Promise<ScanRow> {
  const byMember: Record<string, number> = {};
  for (const { requestId, rows } of hits) byMember[requestId] = (byMember[requestId] ?? 0) + rows;
  const keyOf = (what: string) => `work/${cycleId}/${what}/${encodeURIComponent(name)}.json`;
  const held = Object.keys(byMember);
  const row: ScanRow = {
    name,
    rows: scannedRows,
    found: held.filter((id) => !isSharedPart(id)).length,
    hits: held.length > 0 ? keyOf(kind.toLowerCase()) : undefined,
    unreadable,
    ...(undeclared && { deep: true }),
    undeclared: undeclared?.length ? keyOf('undeclared') : undefined,
  };
  if (row.undeclared) await lakeStorage().putJson(row.undeclared, byRequest(undeclared ?? []));
  if (row.hits) await lakeStorage().putJson(row.hits, byMember);
  await recordChange([newFinding(cycleId, kind, name, row)], {
    chain: `cycle/${cycleId}`,
    event: kind === 'PROOF' ? 'tableScanned' : 'residueScanned',
    by: kind === 'PROOF' ? 'proveAbsence' : 'findResidue',
    facts: { table: name, rows: row.rows, found: row.found, unreadable: unreadable !== undefined },
  });
  return row;
}

type ColumnsOfTable = Omit<UndeclaredHit, 'requestId'>[];

function byRequest(hits: UndeclaredHit[]): Record<string, ColumnsOfTable> {
  const columns: Record<string, ColumnsOfTable> = {};
  for (const { requestId, ...column } of hits)
    columns[requestId] = [...(columns[requestId] ?? []), column];
  return columns;
}

/**
 * For some members: the tables in which each was found, and what was scanned. What was found of all
 * others is let go of file by file: thousands of members in hundreds of tables fill no function.
 */
export async function scansOf(
  cycleId: CycleId,
  kind: 'PROOF' | 'RESIDUE',
  members: Pick<Member, 'requestId'>[],
): Promise<{
  scans: ScanRow[];
  foundIn(requestId: string): TableRows[];
  undeclaredIn(requestId: string): UndeclaredColumn[];
}> {
  const scans = await all(findings<ScanRow>(cycleId, kind));
  const ids = members.flatMap(({ requestId }) => [requestId, sharedPart(requestId)]);
  const held = await hitsOf<number>(scans, ids, ({ hits }) => hits);
  const undeclared = await hitsOf<ColumnsOfTable>(scans, ids, (scan) => scan.undeclared);
  return {
    scans,
    foundIn: (requestId) =>
      (held.get(requestId) ?? []).map(({ scan, hit }) => ({ ...namedAs(scan), rows: hit })),
    undeclaredIn: (requestId) =>
      (undeclared.get(requestId) ?? []).flatMap(({ scan, hit }) =>
        hit.map((column) => ({ ...namedAs(scan), ...column })),
      ),
  };
}

/** What the files of the scans say of these members, and of nobody else: a file may name thousands. */
async function hitsOf<Hit>(
  scans: ScanRow[],
  ids: string[],
  keyOf: (scan: ScanRow) => string | undefined,
): Promise<Map<string, { scan: ScanRow; hit: Hit }[]>> {
  const found = new Map<string, { scan: ScanRow; hit: Hit }[]>(ids.map((id) => [id, []]));
  const read = await mapLimited(scans, 20, async (scan) => {
    const key = keyOf(scan);
    if (!key) return [];
    const byMember = (await lakeStorage().getJson(key)) as Record<string, Hit>;
    return ids.flatMap((id) => {
      const hit = byMember[id];
      return hit ? [{ id, scan, hit }] : [];
    });
  });
  for (const { id, scan, hit } of read.flat()) found.get(id)?.push({ scan, hit });
  return found;
}

function namedAs({ name }: ScanRow): Pick<TableRows, 'kind' | 'name'> {
  const [kind, ...words] = name.split(' ');
  return { kind: kind as TableRows['kind'], name: words.join(' ') };
}
