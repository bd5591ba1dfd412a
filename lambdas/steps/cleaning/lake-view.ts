import { activePointer, partitions, snapshots } from '../../adapters/catalog.ts';
import { builtTables, type CycleEnd, cycleEnds } from '../../adapters/cycles.ts';
import { all } from '../../adapters/dynamo.ts';
import type { StoredVersion } from '../../adapters/lake/every-version.ts';
import { lakeStorage } from '../../adapters/lake/lake-storage.ts';
import { mapLimited } from '../../adapters/map-limited.ts';
import type { CycleTrace, LakeView } from '../../domain/clean-up.ts';
import type { BuiltTable, Snapshot } from '../../domain/refresh.ts';

/** The lake as the rule of the clean-up looks at it. */
export async function readLakeView(): Promise<LakeView> {
  // The lake first: whatever is there by then has had its row in the catalog before.
  const { prefixes, loose } = await standingPrefixes();
  const [pointer, kept, published, ends] = await Promise.all([
    activePointer(),
    all(partitions()),
    all(snapshots()),
    all(cycleEnds()),
  ]);
  const cycles = await tracesOf(ends, published);
  const known = new Set([
    ...kept.map(({ prefix }) => prefix),
    ...cycles.flatMap(({ cycleId, built, endedAt, emptiedAt }) =>
      (built !== undefined && !emptiedAt) || !endedAt ? [`snapshots/${cycleId}/`] : [],
    ),
  ]);
  const unknown = prefixes.filter((prefix) => !known.has(prefix));
  return {
    active: pointer
      ? (published.find(({ snapshotId }) => snapshotId === pointer) ?? missing(pointer))
      : undefined,
    partitions: kept,
    snapshots: published,
    cycles,
    strangers: [
      ...(await mapLimited(unknown, 10, strangerAt)).flat(),
      ...loose.map(({ key, bytes, lastModified }) => ({
        prefix: key,
        bytes,
        newestAt: lastModified,
      })),
    ],
  };
}

/** Named by the pointer, and not there: the rule finds no row of it. */
const missing = (snapshotId: string): LakeView['active'] => ({
  snapshotId: snapshotId as Snapshot['snapshotId'],
  partitions: {},
});

/** Every `partitions/<source>/<id>/` and `snapshots/<id>/` with a version in it, and what lies in none. */
export async function standingPrefixes(): Promise<{
  prefixes: string[];
  loose: StoredVersion[];
}> {
  const lake = lakeStorage();
  const [sources, cycles] = await Promise.all([
    lake.folders('partitions/'),
    lake.folders('snapshots/'),
  ]);
  const below = await mapLimited(sources.folders, 10, (source) => lake.folders(source));
  return {
    prefixes: [...below.flatMap(({ folders }) => folders), ...cycles.folders],
    loose: [...sources.loose, ...cycles.loose, ...below.flatMap(({ loose }) => loose)],
  };
}

async function tracesOf(ends: CycleEnd[], published: Snapshot[]): Promise<CycleTrace[]> {
  const snapshotOf = new Map<string, Snapshot>(published.map((one) => [one.snapshotId, one]));
  return mapLimited(ends, 20, async (end) => {
    const snapshot = snapshotOf.get(end.cycleId);
    if (snapshot) return { ...end, built: sumOfBytes(tablesIn(snapshot)) };
    // Of one that runs, or is cleaned up already, nothing is due.
    if (!end.endedAt || end.emptiedAt) return end;
    const begun = (await all(builtTables(end.cycleId))).filter(
      ({ table, unfinished }) => table ?? unfinished,
    );
    return begun.length > 0
      ? { ...end, built: sumOfBytes(begun.flatMap(({ table }) => table ?? [])) }
      : end;
  });
}

const tablesIn = ({ models, segments }: Snapshot): BuiltTable[] => [
  ...Object.values(models),
  ...Object.values(segments),
];
const sumOfBytes = (tables: { bytes: number }[]): number =>
  tables.reduce((sum, { bytes }) => sum + bytes, 0);

async function strangerAt(prefix: string): Promise<LakeView['strangers']> {
  const sum = { prefix, bytes: 0, newestAt: '' };
  for await (const page of lakeStorage().versions(prefix))
    for (const { bytes, lastModified } of page) {
      sum.bytes += bytes;
      if (lastModified > sum.newestAt) sum.newestAt = lastModified;
    }
  // Deleted since it was listed.
  return sum.newestAt ? [sum] : [];
}
