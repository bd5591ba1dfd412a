import { ulid } from 'ulid';
import type { BuiltRow } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { finding, newFinding, putFinding } from '../adapters/cycles.ts';
import { keepFault } from '../adapters/faults.ts';
import { buildTable, copyTable } from '../adapters/lake/build-table.ts';
import { keepSurvivors } from '../adapters/lake/keep-survivors.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { recordChange } from '../adapters/ledger.ts';
import type { IdentityColumn } from '../domain/identity.ts';
import type { CycleId } from '../domain/ids.ts';
import type { BuiltTable } from '../domain/refresh.ts';
import { type CycleTables, cycleTables } from './cycle-tables.ts';
import { type FrozenSegment, frozenSegment } from './frozen-segments.ts';

type Kind = BuiltRow['kind'];
/** `failed`: the cycle publishes nothing. What it was is in the catalog and in the ledger. */
export interface Built {
  outcome: 'built' | 'failed';
}

export const buildModelTable = (cycleId: CycleId, model: string): Promise<Built> =>
  onceBuilt(cycleId, 'model', model, () => runSql(cycleId, 'model', model));

export const buildSegmentTable = (cycleId: CycleId, segment: string): Promise<Built> =>
  onceBuilt(cycleId, 'segment', segment, () => runSql(cycleId, 'segment', segment));

/** A static segment in a cycle that carries an erasure, as the platform declares it. */
export const recreate = (cycleId: CycleId, name: string): Promise<Built> =>
  onceBuilt(cycleId, 'segment', name, async () => {
    const segment = platformDefinition().platform.segments[name];
    if (segment?.kind !== 'static') throw new Error(`${name} is not a static segment.`);
    const tables = await cycleTables(cycleId);
    const old = tables.previous?.segments[name];
    if (segment.recreate === 'drop') return { outcome: 'built' };
    if (segment.recreate === 'rerun' || !old) return runSql(cycleId, 'segment', name);
    const standing = [...tables.models.values(), ...tables.sources.values()];
    const frozen = await frozenSegment(name, old);
    return copied(cycleId, name, frozen, (context, prefix) =>
      keepSurvivors(context, { old: frozen.table, standing, prefix }),
    );
  });

/**
 * A static segment in any other cycle: as it is. One that was never made is made, and made anew is
 * one whose SQL may run again anyway, once more columns are declared than it has.
 */
export const carryOver = (cycleId: CycleId, name: string): Promise<Built> =>
  onceBuilt(cycleId, 'segment', name, async () => {
    const { previous } = await cycleTables(cycleId);
    const old = previous?.segments[name];
    if (old) {
      const frozen = await frozenSegment(name, old);
      return frozen.lacks.length > 0 && mayRunAgain(name)
        ? runSql(cycleId, 'segment', name)
        : copied(cycleId, name, frozen, (context, prefix) =>
            copyTable(context, frozen.table, prefix),
          );
    }
    return wasDropped(name, previous !== undefined)
      ? { outcome: 'built' }
      : runSql(cycleId, 'segment', name);
  });

function mayRunAgain(name: string): boolean {
  const segment = platformDefinition().platform.segments[name];
  return segment?.kind === 'static' && segment.recreate === 'rerun';
}

function wasDropped(name: string, publishedBefore: boolean): boolean {
  const segment = platformDefinition().platform.segments[name];
  return publishedBefore && segment?.kind === 'static' && segment.recreate === 'drop';
}

interface Result extends Built, Pick<BuiltRow, 'cause' | 'table' | 'unfinished' | 'lacks'> {}

async function onceBuilt(
  cycleId: CycleId,
  kind: Kind,
  name: string,
  build: () => Promise<Result>,
): Promise<Built> {
  const earlier = await finding<BuiltRow>(cycleId, 'TABLE', `${kind} ${name}`);
  if (earlier && earlier.outcome !== 'building') return { outcome: earlier.outcome };
  const { outcome, ...rest } = await build();
  const built = newFinding(cycleId, 'TABLE', `${kind} ${name}`, { kind, name, outcome, ...rest });
  await recordChange([built], {
    chain: `cycle/${cycleId}`,
    event: 'tableBuilt',
    by: 'refreshCycle',
    facts: { kind, name, outcome, rows: rest.table?.rows, cause: rest.cause, lacks: rest.lacks },
  });
  return { outcome };
}

/** Before its first row: what a death leaves there must be known to hold people. */
async function begin(
  cycleId: CycleId,
  kind: Kind,
  name: string,
  identities: IdentityColumn[],
): Promise<NonNullable<BuiltRow['unfinished']>> {
  const unfinished = { prefix: `snapshots/${cycleId}/${kind}s/${name}/`, identities };
  const row: BuiltRow = { kind, name, outcome: 'building', unfinished };
  await putFinding(cycleId, 'TABLE', `${kind} ${name}`, row);
  return unfinished;
}

async function runSql(cycleId: CycleId, kind: Kind, name: string): Promise<Result> {
  const { platform, sql } = platformDefinition();
  const declared = kind === 'model' ? platform.models[name] : platform.segments[name];
  if (!declared) throw new Error(`The platform has no ${kind} ${name} any more.`);
  const tables = await cycleTables(cycleId);
  const { reads, missing } = readable(tables, declared.reads);
  const file = `models/${name}.sql`;
  if (missing.length > 0)
    return { outcome: 'failed', cause: `${file}: ${missing.join(', ')} is not there` };
  const identities = declared.identities ?? [];
  const unfinished = await begin(cycleId, kind, name, identities);
  const { prefix } = unfinished;
  const built = await withLake((context) =>
    buildTable(context, {
      sql: sql[name] ?? '',
      reads,
      identitiesOver: declared.reads.includes('identities')
        ? [...tables.sources.values()]
        : undefined,
      identities,
      prefix,
    }),
  );
  if (built.outcome === 'built') {
    const { rows, bytes } = built;
    const { identityFree } = declared;
    return { outcome: 'built', table: { prefix, rows, bytes, identities, identityFree } };
  }
  const { error } = built;
  await keepFault(
    { faultId: ulid(), step: `build ${kind}`, class: 'ModelFailed', error },
    { execution: cycleId },
  );
  return { outcome: 'failed', cause: `${file}: ${built.cause}`, unfinished };
}

function readable(tables: CycleTables, names: string[]) {
  const reads: Record<string, LakeTable> = {};
  const missing: string[] = [];
  for (const name of names.filter((read) => read !== 'identities')) {
    const table = tables.sources.get(name) ?? tables.models.get(name);
    if (table) reads[name] = table;
    else missing.push(name);
  }
  return { reads, missing };
}

async function copied(
  cycleId: CycleId,
  name: string,
  { table: { identities }, lacks }: FrozenSegment,
  copy: (context: LakeContext, prefix: string) => Promise<{ rows: number; bytes: number }>,
): Promise<Result> {
  const declared = platformDefinition().platform.segments[name];
  const identityFree = identities.length === 0 ? declared?.identityFree : undefined;
  const { prefix } = await begin(cycleId, 'segment', name, identities);
  const { rows, bytes } = await withLake((context) => copy(context, prefix));
  const table: BuiltTable = { prefix, rows, bytes, identities, identityFree };
  return { outcome: 'built', table, ...(lacks.length > 0 ? { lacks } : {}) };
}
