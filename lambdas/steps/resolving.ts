import { activePointer, partitions, snapshots } from '../adapters/catalog.ts';
import { cycleEnds } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { EngineError } from '../adapters/engine/engine-error.ts';
import { type LakeContext, withLake } from '../adapters/lake/lake-context.ts';
import { lakeReader } from '../adapters/lake/lake-reader.ts';
import { countRows, type LakeTable } from '../adapters/lake/lake-table.ts';
import { readRemains } from '../adapters/lake/remains.ts';
import {
  getSubject,
  type KnownSubject,
  type RequestRow,
  type SealedSubject,
  sealedRow,
} from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { findWait } from '../adapters/waits.ts';
import { answersTo, type IdentityAnswer } from '../domain/ambiguity.ts';
import { identityKey, type Subject } from '../domain/identity.ts';
import type { Partition } from '../domain/refresh.ts';
import {
  type Question,
  questionOn,
  type Resolution,
  resolveIdentities,
  SETTLES_NOTHING,
} from '../domain/resolve-identities.ts';
import { tableOfPartition, tablesOfSnapshot } from './lake-tables.ts';

export interface Resolved {
  outcome: 'clear' | Question['reasonCode'];
  unique: number;
  shared: number;
  rows: number;
}

export const BEYOND_BOUND = 'identities beyond the bound';

/**
 * Every partition that is still kept, also what a dead cycle left if it can be read, and the models
 * of every snapshot, for the keys they made. Not what the clean-up has begun to delete.
 */
async function keptTables(lake: LakeContext): Promise<LakeTable[]> {
  const [ingested, published, cycles] = await Promise.all([
    all(partitions()),
    all(snapshots()),
    all(cycleEnds()),
  ]);
  const kept: Partition[] = [];
  for (const partition of ingested) {
    const { state, prefix, deleting } = partition;
    if (deleting) continue;
    const isWhole = async () =>
      (await readRemains(lake, prefix, () => countRows(lake, prefix))).outcome === 'read';
    if (state === 'ingested' || (await isWhole())) kept.push(partition);
  }
  const going = new Set<string>(
    cycles.flatMap(({ cycleId, deleting }) => (deleting ? [cycleId] : [])),
  );
  const models = published
    .filter(({ snapshotId }) => !going.has(snapshotId))
    .flatMap(tablesOfSnapshot)
    .filter(({ kind }) => kind === 'model');
  return [...kept.map(tableOfPartition), ...models];
}

/**
 * Reads all tables that are kept. One that goes while it is read makes the reading begin again,
 * without it; where all that were read are still kept, a fault is a fault.
 */
export async function overKeptTables<T>(
  lake: LakeContext,
  read: (tables: LakeTable[]) => Promise<T>,
): Promise<T> {
  for (;;) {
    const tables = await keptTables(lake);
    try {
      return await read(tables);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const left = new Set((await keptTables(lake)).map(({ prefix }) => prefix));
      if (tables.every(({ prefix }) => left.has(prefix))) throw error;
    }
  }
}

/**
 * Resolves who is meant, keeps the set sealed with the request, and says whether that is clear.
 * Every answered question resolves again; without a new one, the recorded result stands.
 */
export async function resolveAndKeep(request: RequestRow): Promise<Resolved> {
  const { requestId, round, questions = 0 } = request;
  const option = (await findWait(requestId, 'whoIsMeant', questions))?.answer?.option;
  const answered = option ? questions : Math.max(questions - 1, 0);
  const step = answered > 0 ? `resolveIdentities-${answered}` : 'resolveIdentities';
  return once(requestId, step, round, async () => {
    const { linked, ...kept } = await getSubject(requestId);
    const before = withAnswer(kept, option, answered);
    const isNew = before !== kept;
    const bound = isNew && option === 'followFurther' ? request.bound * 2 : request.bound;
    const gaveUpOn =
      isNew && option === 'stopFollowing' ? [...request.gaveUpOn, BEYOND_BOUND] : request.gaveUpOn;
    // Before anything is read: what is published meanwhile is another snapshot than this.
    const resolvedFor = await activePointer();
    const resolution = await resolve({ ...before, linked }, bound);
    const after: SealedSubject = {
      ...before,
      subject: grown(before.subject, resolution),
      ambiguities: resolution.ambiguities,
      candidates: resolution.candidates,
    };
    const rows = Object.values(resolution.rows).reduce((sum, count) => sum + count, 0);
    const question = questionOn(resolution, gaveUpOn.includes(BEYOND_BOUND));
    const sealed = await sealedRow(requestId, 'SUBJECT', JSON.stringify(after));
    const result: Resolved = {
      outcome: question?.reasonCode ?? 'clear',
      unique: after.subject.unique.length,
      shared: after.subject.shared.length,
      rows,
    };
    return {
      result,
      facts: { ...result },
      writes: sealed ? [sealed] : [],
      changes: {
        bound,
        gaveUpOn,
        ...(resolvedFor && { resolvedFor }),
        ...(rows > 0 ? { held: true } : {}),
        ...(question ? { questions: answered + 1, question } : {}),
      },
    };
  });
}

/** Whether the active data tell of more identities, or of another question, than were proven. */
export async function hasGrown(request: RequestRow): Promise<boolean> {
  const before = await getSubject(request.requestId);
  const { unique, ambiguities } = await resolve(before, request.bound);
  const known = new Set([...before.subject.unique, ...before.subject.shared].map(identityKey));
  return ambiguities.length > 0 || unique.some((identity) => !known.has(identityKey(identity)));
}

async function resolve(
  { seed, subject, answers, linked }: KnownSubject,
  bound: number,
): Promise<Resolution> {
  const known = [...seed, ...subject.unique];
  return withLake(
    (lake) =>
      overKeptTables(lake, (tables) =>
        resolveIdentities(known, lake.identityTypes, lakeReader(lake, tables), {
          answers,
          bound,
          linked,
        }),
      ),
    { readsAgain: true },
  );
}

/** What was decided on the latest question, beside the earlier answers; each counts once. */
function withAnswer(
  sealed: SealedSubject,
  option: string | undefined,
  question: number,
): SealedSubject {
  const folded = sealed.answeredQuestions ?? 0;
  if (!option || folded >= question) return sealed;
  const decided: IdentityAnswer[] = SETTLES_NOTHING.includes(option)
    ? []
    : answersTo(sealed.ambiguities, option);
  const answers = [...sealed.answers, ...decided];
  return { ...sealed, answers, answeredQuestions: question };
}

/** The set only grows; but what turns out to be other people's too is proven of nobody. */
function grown(before: Subject, { unique, shared }: Resolution): Subject {
  const sharedKeys = new Set(shared.map(identityKey));
  const once = new Map(
    [...before.unique, ...unique]
      .filter((identity) => !sharedKeys.has(identityKey(identity)))
      .map((identity) => [identityKey(identity), identity]),
  );
  const alsoShared = new Map(
    [...before.shared, ...shared].map((identity) => [identityKey(identity), identity]),
  );
  return { unique: [...once.values()], shared: [...alsoShared.values()] };
}
