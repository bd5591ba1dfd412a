import { activeSnapshot, partitions } from '../adapters/catalog.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import {
  findInSource,
  findUndeclared,
  type UndeclaredHit,
} from '../adapters/lake/find-undeclared.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';
import { lakeReader } from '../adapters/lake/lake-reader.ts';
import type { AskedSubject } from '../adapters/source.ts';
import { kindOf } from '../adapters/sources/kinds.ts';
import { SourceFailure } from '../adapters/sources/source-failure.ts';
import { countByType } from '../domain/certificate.ts';
import type { TableRows } from '../domain/cycle-result.ts';
import type { Preview, PreviewReport } from '../domain/desk.ts';
import { readIdentities } from '../domain/intake.ts';
import { questionOn, resolveIdentities } from '../domain/resolve-identities.ts';
import type { SourceAnswer } from '../domain/source-answer.ts';
import { retainedSources } from '../domain/suppression.ts';
import { askable, sourcesDeclaring } from '../domain/verification.ts';
import { deepRulesOf, deepSearchOf } from './deep-search.ts';
import { tableOfPartition, tablesOfSnapshot } from './lake-tables.ts';
import { overKeptTables } from './resolving.ts';
import { searchAll } from './searching-copies.ts';

type Found = Extract<PreviewReport, { outcome: 'found' }>;

/** One person, under an id that no request has. */
const PREVIEWED = 'preview';

/** What is held where, in the sources and in the lake; starts nothing and keeps nothing. */
export async function previewErasure(asked: Preview): Promise<PreviewReport> {
  const { platform } = platformDefinition();
  const { identities, problems } = readIdentities(platform, asked.identities);
  if (problems.length > 0) return { outcome: 'invalid', problems };
  const bound = platform.limits.identities;
  const { resolution, subject, tables } = await withLake(
    async (lake) => {
      const resolution = await overKeptTables(lake, (tables) =>
        resolveIdentities(identities, lake.identityTypes, lakeReader(lake, tables), { bound }),
      );
      const subject = { requestId: PREVIEWED, identities: resolution.unique };
      return { resolution, subject, tables: await searchAll(lake, subject) };
    },
    { readsAgain: true },
  );
  // What sources hold may change at any time: nothing is remembered of them.
  return withLake(async (lake) => ({
    outcome: 'found',
    identities: countByType([...resolution.unique, ...resolution.shared]),
    ambiguous: questionOn(resolution, false) !== undefined,
    sources: await askAll(lake, subject),
    tables,
    ...(await searchDeep(lake, subject)),
  }));
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
