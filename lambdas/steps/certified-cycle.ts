import { findPartition, findSnapshot } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { findCycle, findings, refreshedSources } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import type { Proof, Refresh, ScannedTable } from '../domain/certificate.ts';
import type { CycleResult, TableRows } from '../domain/cycle-result.ts';
import type { IdentityType, Subject } from '../domain/identity.ts';
import { CycleId } from '../domain/ids.ts';
import { unsearchedColumns } from '../domain/undeclared.ts';
import { WantedWithin } from '../domain/within-text/wanted.ts';
import type { ScanRow } from './proving.ts';

/** What the cycle that carried a request did; `undefined` of a request that none has carried. */
export async function refreshOf(result: CycleResult | undefined): Promise<Refresh | undefined> {
  if (!result) return undefined;
  const cycleId = CycleId.parse(result.cycleId);
  const [cycle, refreshed] = await Promise.all([
    findCycle(cycleId),
    all(refreshedSources(cycleId)),
  ]);
  return {
    cycleId,
    snapshotId: result.snapshotId,
    publishedAt: cycle?.publishedAt,
    // Not why: the words may name a file, and a file may be named after a person.
    sources: refreshed.map(({ source, outcome, at }) => ({ source, status: outcome, at })),
    failedSources: result.failedSources.map(({ source, status }) => ({ source, status })),
  };
}

/** `undefined` where no snapshot came about that could be scanned. */
export async function proofOf(
  result: CycleResult | undefined,
  { unique }: Subject,
): Promise<Proof | undefined> {
  if (!result?.snapshotId) return undefined;
  const { platform } = platformDefinition();
  const { tables, rows, deep } = result.scanned;
  const bytesOf = await bytesInSnapshot(result.snapshotId);
  const scans = await all(findings<ScanRow>(CycleId.parse(result.cycleId), 'PROOF'));
  const scanned = scans.map(({ name: table, rows }): ScannedTable => {
    const [kind, ...name] = table.split(' ');
    return {
      kind: kind as TableRows['kind'],
      name: name.join(' '),
      rows,
      bytes: bytesOf.get(table) ?? 0,
    };
  });
  return {
    depth: deep === tables ? 'deep' : 'declared',
    tables,
    rows,
    bytes: scanned.reduce((sum, { bytes }) => sum + bytes, 0),
    scanned,
    found: result.found,
    foundUndeclared: result.foundUndeclared,
    sharedWithOthers: result.sharedWithOthers,
    unsearched: unsearchedColumns(platform),
    notWithinTexts:
      unique.length -
      new WantedWithin(unique, platform.identityTypes as Record<string, IdentityType>).size,
  };
}

/** By table, as a scan names it: `source crm`. */
async function bytesInSnapshot(snapshotId: string): Promise<Map<string, number>> {
  const bytes = new Map<string, number>();
  const snapshot = await findSnapshot(snapshotId);
  if (!snapshot) return bytes;
  await mapLimited(Object.entries(snapshot.partitions), 20, async ([source, partitionId]) => {
    const partition = await findPartition(source, partitionId);
    if (partition) bytes.set(`source ${source}`, partition.bytes);
  });
  for (const kind of ['model', 'segment'] as const)
    for (const [name, table] of Object.entries(snapshot[`${kind}s`]))
      bytes.set(`${kind} ${name}`, table.bytes);
  return bytes;
}
