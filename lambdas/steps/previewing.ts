import { activeSnapshot, partitions, snapshots } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import { EngineError } from '../adapters/engine/engine-error.ts';
import { alikeTables } from '../adapters/lake/alike-tables.ts';
import {
  findInSource,
  findUndeclared,
  type UndeclaredHit,
} from '../adapters/lake/find-undeclared.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';
import { lakeReader } from '../adapters/lake/lake-reader.ts';
import type { LakeTable } from '../adapters/lake/lake-table.ts';
import { countRowsHolding } from '../adapters/lake/prove.ts';
import type { AskedSubject } from '../adapters/source.ts';
import { kindOf } from '../adapters/sources/kinds.ts';
import { SourceFailure } from '../adapters/sources/source-failure.ts';
import { countByType } from '../domain/certificate.ts';
import { copyOfPartition, copyOfSnapshot } from '../domain/clean-up.ts';
import type { TableRows } from '../domain/cycle-result.ts';
import type { Preview, PreviewReport } from '../domain/desk.ts';
import { readIdentities } from '../domain/intake.ts';
import { questionOn, resolveIdentities } from '../domain/resolve-identities.ts';
import type { SourceAnswer } from '../domain/source-answer.ts';
import { retainedSources } from '../domain/suppression.ts';
import { askable, sourcesDeclaring } from '../domain/verification.ts';
import { deepRulesOf, deepSearchOf } from './deep-search.ts';
import { tableOfPartition, tablesOfSnapshot } from './lake-tables.ts';
import { readInactive } from './reading-inactive.ts';
import { overKeptTables } from './resolving.ts';

type Found = Extract<PreviewReport, { outcome: 'found' }>;

/** One person, under an id that no request has. */
const PREVIEWED = 'preview';

/** What is held where, in the sources and in the lake; starts nothing and keeps nothing. */
export async function previewErasure(asked: Preview): Promise<PreviewReport> {
  const { platform } = platformDefinition();
  const { identities, problems } = readIdentities(platform, asked.identities);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  return withLake(async (lake) => {
    const bound = platform.limits.identities;
    const resolution = await overKeptTables(lake, (tables) =>
      resolveIdentities(identities, lake.identityTypes, lakeReader(lake, tables), { bound }),
    );
    const { unique, shared } = resolution;
    const subject = { requestId: PREVIEWED, identities: unique };
    return {
      outcome: 'found',
      identities: countByType([...unique, ...shared]),
      ambiguous: questionOn(resolution, false) !== undefined,
      sources: await askAll(lake, subject),
      tables: await searchAll(lake, subject),
      ...(await searchDeep(lake, subject)),
    };
  });
}

async function askAll(lake: LakeContext, { identities }: AskedSubject) {
  const { platform } = platformDefinition();
  const asked = { requestId: PREVIEWED, identities: askable(identities, platform.identityTypes) };
  const answers: { source: string; answer: string; rows?: number; detail?: string }[] = [];
  const laws = retainedSources(platform, new Date());
  for (const name of sourcesDeclaring(platform, identities)) {
    const source = platform.sources[name];
    if (!source) continue;
    const given = (await kindOf(source).ask({ ...lake, name, source }, [asked])).get(PREVIEWED);
    const law = laws[name] && { detail: `keeps people by law: ${laws[name].basis}` };
    if (given) answers.push({ source: name, ...reported(given), ...law });
  }
  return answers;
}

function reported(given: SourceAnswer): { answer: string; rows?: number; detail?: string } {
  switch (given.answer) {
    case 'gone':
      return { answer: 'gone' };
    case 'stillHeld':
      return { answer: 'stillHeld', rows: given.rows };
    case 'cannotTell':
      return { answer: 'cannotTell', detail: given.types.join(', ') };
    case 'unreachable':
      return { answer: 'unreachable', detail: given.reason };
    default:
      return given satisfies never;
  }
}

/** Every column of every source and of every active table, for what nobody declared. */
async function searchDeep(lake: LakeContext, subject: AskedSubject) {
  const found = await searchSources(lake, subject);
  const [active, kept] = await Promise.all([activeSnapshot(), all(partitions())]);
  const tables = [
    ...kept
      .filter(({ source, partitionId }) => active?.partitions[source] === partitionId)
      .map(tableOfPartition),
    ...(active ? tablesOfSnapshot(active) : []),
  ];
  for (const table of tables) {
    const hits = await findUndeclared(lake, deepSearchOf(lake, table), [subject]);
    const kind: TableRows['kind'] = table.kind === 'partition' ? 'source' : table.kind;
    const where = { in: 'lake', kind, name: table.name } as const;
    found.undeclared.push(...hits.map((hit) => ({ ...where, ...shown(hit) })));
  }
  return found;
}

async function searchSources(lake: LakeContext, subject: AskedSubject) {
  const undeclared: Found['undeclared'] = [];
  const notRead: Found['notRead'] = [];
  for (const [name, source] of Object.entries(platformDefinition().platform.sources)) {
    try {
      const hits = await findInSource({ ...lake, name, source }, deepRulesOf('source', name), [
        subject,
      ]);
      const where = { in: 'source', kind: 'source', name } as const;
      undeclared.push(...hits.map((hit) => ({ ...where, ...shown(hit) })));
    } catch (error) {
      if (!(error instanceof SourceFailure)) throw error;
      notRead.push({ source: name, reason: error.reason });
    }
  }
  return { undeclared, notRead };
}

const shown = ({ column, types, rows, whole }: UndeclaredHit) => ({ column, types, rows, whole });

interface Copy {
  table: LakeTable;
  copy: string;
  /** Not of one that is being written, or never was. */
  isWhole: boolean;
}

async function searchAll(lake: LakeContext, subject: AskedSubject) {
  const [active, kept, published] = await Promise.all([
    activeSnapshot(),
    all(partitions()),
    all(snapshots()),
  ]);
  const copies: Record<'active' | 'inactive', Copy[]> = { active: [], inactive: [] };
  for (const partition of kept) {
    const { source, partitionId } = partition;
    const isActive = active?.partitions[source] === partitionId;
    copies[isActive ? 'active' : 'inactive'].push({
      table: tableOfPartition(partition),
      copy: copyOfPartition(source, partitionId),
      isWhole: partition.state === 'ingested',
    });
  }
  for (const snapshot of published) {
    const copy = copyOfSnapshot(snapshot.snapshotId);
    const tables = tablesOfSnapshot(snapshot).map((table) => ({ table, copy, isWhole: true }));
    copies[snapshot.supersededAt ? 'inactive' : 'active'].push(...tables);
  }
  const counts = new Map<string, ReturnType<typeof counted>>();
  const add = (found: ReturnType<typeof counted>) => {
    const key = `${found.kind} ${found.name} ${found.where}`;
    counts.set(key, { ...found, rows: found.rows + (counts.get(key)?.rows ?? 0) });
  };
  for (const found of await searchCopies(lake, copies.active, subject))
    add(counted(found.table, 'active', found.rows));
  for (const found of await searchInactive(lake, copies.inactive, subject))
    add(counted(found.table, 'inactive', found.rows));
  return [...counts.values()];
}

interface Counted {
  table: Pick<LakeTable, 'kind' | 'name'>;
  rows: number;
}

async function searchCopies(
  lake: LakeContext,
  copies: Copy[],
  subject: AskedSubject,
): Promise<Counted[]> {
  const found: Counted[] = [];
  const tables = copies.map(({ table }) => table);
  for (const alike of await alikeTables(lake, tables))
    found.push({ table: alike.table, rows: await countRowsHolding(lake, alike, subject) });
  return found;
}

/** All at once; each by itself that cannot be read, or where one goes meanwhile. */
async function searchInactive(
  lake: LakeContext,
  copies: Copy[],
  subject: AskedSubject,
): Promise<Counted[]> {
  const whole = copies.filter(({ isWhole }) => isWhole);
  const together = await searchCopies(lake, whole, subject).catch((error: unknown) => {
    if (error instanceof EngineError) return undefined;
    throw error;
  });
  const found = together ?? [];
  for (const one of copies) {
    const { copy, table, isWhole } = one;
    if (together && isWhole) continue;
    const remains = await readInactive(lake, copy, table.prefix, () =>
      searchCopies(lake, [one], subject),
    );
    found.push(...(remains.outcome === 'read' ? remains.found : [{ table, rows: 0 }]));
  }
  return found;
}

const counted = (table: Counted['table'], where: 'active' | 'inactive', rows: number) => ({
  kind: table.kind === 'partition' ? ('source' as const) : table.kind,
  name: table.name,
  where,
  rows,
});
