import {
  type Ambiguity,
  candidatesOf,
  decisionOn,
  type IdentityAnswer,
  optionsFor,
  sortedIdentities,
} from './ambiguity.ts';
import {
  type Identity,
  type IdentityType,
  identityKey,
  roomFor,
  type Subject,
} from './identity.ts';
import { keysOfOthers } from './made-keys.ts';

/** Rows of one table that hold the same identities. */
export interface HeldRow {
  /** Of a model or a segment, only the keys that models made count: it links nothing by itself. */
  kind: 'source' | 'model' | 'segment';
  table: string;
  identities: Identity[];
  rows: number;
  /** Of a model: whether the active snapshot has this row, and not only an older one. */
  isActive?: boolean | undefined;
}

/** Who stands beside a value, by the `personKey` of one source, over all of its partitions. */
export interface PeopleBeside {
  identity: Identity;
  table: string;
  /** Values of the source's personKey; at most 20 are listed. */
  people: Identity[];
  count: number;
}

/** The lake, as far as the resolution asks it. Sources without a personKey name no people. */
export interface LakeReader {
  peopleBeside(identities: Identity[]): Promise<PeopleBeside[]>;
  /** Every row that holds any of them, in the active snapshot and in partitions not yet cleaned up. */
  rowsHolding(identities: Identity[]): Promise<HeldRow[]>;
}

/** All lists are sorted. */
export interface Resolution extends Subject {
  /** What no answer settles; these values stand in `shared`. */
  ambiguities: Ambiguity[];
  /** The people whom the ambiguities name: candidate 1 is the first. */
  candidates: Identity[];
  /** Rows that hold a unique identity, by table. */
  rows: Record<string, number>;
  /** More unique identities than `bound` were found: the rest was not followed. */
  boundReached: boolean;
  /** There are more than can be kept of one person: those beyond are left out. */
  isFull: boolean;
}

/** Each names up to twenty people of each source, and is kept: what is left is the next question. */
const ASKED_AT_ONCE = 10;

/**
 * Follows unique identities from row to row until nothing new is found. A value that stands beside
 * two values of a source's personKey is shared in fact, and somebody is asked. Keys that models
 * made are collected, never followed, and left out again where they are another's by now. What a
 * seed of shared types alone means is always asked.
 * @param linked what sources said beside the seed: it comes after all that was known before
 */
export async function resolveIdentities(
  seed: Identity[],
  identityTypes: Record<string, IdentityType>,
  reader: LakeReader,
  {
    answers = [],
    bound,
    linked = [],
  }: { answers?: IdentityAnswer[]; bound: number; linked?: Identity[] },
): Promise<Resolution> {
  const isShared = ({ type }: Identity) => identityTypes[type]?.points === 'shared';
  const isMade = ({ type }: Identity) => identityTypes[type]?.madeBy !== undefined;
  const isFollowed = (identity: Identity) =>
    identityTypes[identity.type]?.points === 'unique' && !isMade(identity);

  const unique = new Map<string, Identity>();
  const shared = new Map<string, Identity>();
  const unsettled: Ambiguity[] = [];
  const room = roomFor();
  const add = (identity: Identity, to: Map<string, Identity>) =>
    to.set(identityKey(identity), identity);

  /** What is to be followed of these, and whom an answer named instead. The rest stays shared. */
  const settle = async (identities: Identity[], askAlways: boolean) => {
    const follow: Identity[] = [];
    const named: Identity[] = [];
    const people = identities.length > 0 ? await reader.peopleBeside(identities) : [];
    const beside = new Map<string, PeopleBeside[]>();
    for (const one of people) {
      const key = identityKey(one.identity);
      beside.set(key, [...(beside.get(key) ?? []), one]);
    }
    for (const identity of identities) {
      const sources = beside.get(identityKey(identity)) ?? [];
      const ambiguity = ambiguityOf(identity, sources, askAlways);
      const decision = ambiguity && decisionOn(ambiguity, answers);
      if (!ambiguity || (decision === 'followAll' && isFollowed(identity))) follow.push(identity);
      else {
        add(identity, shared);
        if (decision === undefined) unsettled.push(ambiguity);
        else if (decision === 'followAll') named.push(...ambiguity.people);
        else if (decision !== 'followNone') named.push(decision.only);
      }
    }
    return { follow, named };
  };

  // To open the tables is the work: rows are asked for by all that is known, and never only to count.
  let held: HeldRow[] = [];
  let asked = 0;
  const rowsOfAll = async () => {
    held = await reader.rowsHolding([...unique.values()]);
    asked = unique.size;
    return held;
  };
  const holdsFollowed = ({ identities }: HeldRow) =>
    identities.some((one) => isFollowed(one) && unique.has(identityKey(one)));

  const isSharedOnly = [...seed, ...linked].every(isShared);
  let found = isSharedOnly ? (await settle(sortedIdentities(seed), true)).named : seed;
  let afterwards = linked;
  while (found.length > 0 && unique.size <= bound && !room.isFull) {
    const fresh = sortedIdentities(found)
      .filter(
        (identity) => !unique.has(identityKey(identity)) && !shared.has(identityKey(identity)),
      )
      .filter(room.takes);
    for (const identity of fresh.filter(isShared)) add(identity, shared);
    for (const identity of fresh.filter(isMade)) add(identity, unique);
    const { follow, named } = await settle(fresh.filter(isFollowed), false);
    for (const identity of follow) add(identity, unique);
    const rows = follow.length > 0 ? await rowsOfAll() : [];
    const beside = rows
      .filter(holdsFollowed)
      .flatMap(({ kind, identities }) =>
        kind === 'source' ? identities : identities.filter(isMade),
      );
    found = [...beside, ...named, ...afterwards];
    afterwards = [];
  }
  const boundReached = unique.size > bound || room.isFull;
  const ambiguities = unsettled.slice(0, ASKED_AT_ONCE);
  if (unique.size > asked) await rowsOfAll();
  const subject = { unique: [...unique.values()], shared: [...shared.values()] };
  for (const key of keysOfOthers(subject, held, { isMade, isFollowed })) {
    unique.delete(identityKey(key));
    add(key, shared);
  }
  const holds = ({ identities }: HeldRow) => identities.some((one) => unique.has(identityKey(one)));
  return {
    unique: sortedIdentities(unique.values()),
    shared: sortedIdentities(shared.values()),
    ambiguities,
    candidates: candidatesOf(ambiguities),
    rows: countRows(held.filter(holds)),
    boundReached,
    isFull: room.isFull,
  };
}

const BOUND_OPTIONS = ['followFurther', 'stopFollowing'];
const NOBODY_OPTIONS = ['tryAgain', 'refused', 'cancelled'];
/** Options that settle no ambiguity. */
export const SETTLES_NOTHING: readonly string[] = [...BOUND_OPTIONS, ...NOBODY_OPTIONS];

/** What somebody has to be asked before the subject is known. */
export interface Question {
  reasonCode: 'ambiguous' | 'boundReached' | 'noUniqueIdentity';
  options: string[];
}

/**
 * `undefined`: it is clear who is meant. Without one identity that is nobody else's there is nobody
 * to erase and nothing to prove: such a request is no `nothingHeld`, it names nobody.
 * @param boundSettled somebody has decided to follow no further
 */
export function questionOn(
  { unique, ambiguities, boundReached, isFull }: Resolution,
  boundSettled: boolean,
): Question | undefined {
  if (ambiguities.some(({ count }) => unique.length > 0 || count > 0))
    return { reasonCode: 'ambiguous', options: optionsFor(ambiguities) };
  if (unique.length === 0) return { reasonCode: 'noUniqueIdentity', options: NOBODY_OPTIONS };
  if (!boundReached || boundSettled) return undefined;
  // To follow further would find what cannot be kept.
  const options = isFull ? ['stopFollowing'] : BOUND_OPTIONS;
  return { reasonCode: 'boundReached', options };
}

/** `undefined`: the value means one person, as far as any source tells people apart. */
function ambiguityOf(
  about: Identity,
  sources: PeopleBeside[],
  askAlways: boolean,
): Ambiguity | undefined {
  const beside = sources.filter(({ count }) => askAlways || count > 1);
  if (beside.length === 0 && !askAlways) return undefined;
  const listed = sortedIdentities(beside.flatMap((source) => source.people));
  const unlisted = beside.reduce((sum, source) => sum + source.count - source.people.length, 0);
  return { about, people: listed, count: listed.length + unlisted };
}

function countRows(held: HeldRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { table, rows } of held) counts[table] = (counts[table] ?? 0) + rows;
  return counts;
}
