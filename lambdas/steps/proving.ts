import { findPartition, findSnapshot } from '../adapters/catalog.ts';
import { finding, findings, type Member, newFinding } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { findSubjects, type SubjectHit } from '../adapters/lake/prove.ts';
import { readSubjects } from '../adapters/lake/subjects-file.ts';
import { recordChange } from '../adapters/ledger.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import type { TableRows } from '../domain/cycle-result.ts';
import type { CycleId } from '../domain/ids.ts';
import { isSharedPart, sharedPart, tableOfBuilt, tableOfPartition } from './lake-tables.ts';

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
}

/** Scans one table of the new snapshot for all members of the cycle at once. */
export async function proveTable(
  cycleId: CycleId,
  name: string,
): Promise<{ outcome: 'scanned'; rows: number; found: number }> {
  const scanned = (await finding<ScanRow>(cycleId, 'PROOF', name)) ?? (await prove(cycleId, name));
  return { outcome: 'scanned', rows: scanned.rows, found: scanned.found };
}

async function prove(cycleId: CycleId, name: string): Promise<ScanRow> {
  const table = await tableOf(cycleId, name);
  const scanned = await withLake(async (lake) =>
    findSubjects(lake, table, await readSubjects(lake, cycleId)),
  );
  return keepScan(cycleId, 'PROOF', { name, ...scanned });
}

interface Scanned {
  name: string;
  scannedRows: number;
  hits: SubjectHit[];
  unreadable?: string | undefined;
}

/** Keeps under the cycle which of its members stand in one table. */
export async function keepScan(
  cycleId: CycleId,
  kind: 'PROOF' | 'RESIDUE',
  { name, scannedRows, hits, unreadable }: Scanned,
): Promise<ScanRow> {
  const byMember: Record<string, number> = {};
  for (const { requestId, rows } of hits) byMember[requestId] = (byMember[requestId] ?? 0) + rows;
  const held = Object.keys(byMember);
  const row: ScanRow = {
    name,
    rows: scannedRows,
    found: held.filter((id) => !isSharedPart(id)).length,
    hits:
      held.length > 0
        ? `work/${cycleId}/${kind.toLowerCase()}/${encodeURIComponent(name)}.json`
        : undefined,
    unreadable,
  };
  if (row.hits) await lakeStorage().putJson(row.hits, byMember);
  await recordChange([newFinding(cycleId, kind, name, row)], {
    chain: `cycle/${cycleId}`,
    event: kind === 'PROOF' ? 'tableScanned' : 'residueScanned',
    by: kind === 'PROOF' ? 'proveAbsence' : 'findResidue',
    facts: { table: name, rows: row.rows, found: row.found, unreadable: unreadable !== undefined },
  });
  return row;
}

async function tableOf(cycleId: CycleId, name: string): Promise<LakeTable> {
  const [kind, table = ''] = name.split(' ');
  const snapshot = await findSnapshot(cycleId);
  if (kind === 'source') {
    const partition = await findPartition(table, snapshot?.partitions[table] ?? '');
    if (partition) return tableOfPartition(partition);
  } else {
    const built = kind === 'model' ? snapshot?.models[table] : snapshot?.segments[table];
    if (built) return tableOfBuilt(kind === 'model' ? 'model' : 'segment', table, built);
  }
  throw new Error(`The snapshot ${cycleId} has no ${name}.`);
}

/**
 * For some members: the tables in which each was found, and what was scanned. What was found of all
 * others is let go of file by file: thousands of members in hundreds of tables fill no function.
 */
export async function scansOf(
  cycleId: CycleId,
  kind: 'PROOF' | 'RESIDUE',
  members: Pick<Member, 'requestId'>[],
): Promise<{ scans: ScanRow[]; foundIn(requestId: string): (TableRows & { name: string })[] }> {
  const scans = await all(findings<ScanRow>(cycleId, kind));
  const ids = members.flatMap(({ requestId }) => [requestId, sharedPart(requestId)]);
  const found = new Map<string, (TableRows & { name: string })[]>(ids.map((id) => [id, []]));
  const kept = await mapLimited(scans, 20, async ({ name, hits }) => {
    if (!hits) return [];
    const byMember = (await lakeStorage().getJson(hits)) as Record<string, number>;
    return ids.flatMap((id) => (byMember[id] ? [{ id, name, rows: byMember[id] }] : []));
  });
  for (const { id, name: scanned, rows } of kept.flat()) {
    const [tableKind, ...name] = scanned.split(' ');
    found.get(id)?.push({ kind: tableKind as TableRows['kind'], name: name.join(' '), rows });
  }
  return { scans, foundIn: (requestId) => found.get(requestId) ?? [] };
}
