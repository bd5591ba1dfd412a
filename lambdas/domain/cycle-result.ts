import type { SourceStatus } from './refresh.ts';
import { type UndeclaredColumn, undeclaredWords } from './undeclared.ts';

/** One table, as people name it: `source crm`, `model customers`, `segment vip`. */
export interface TableRows {
  kind: 'source' | 'model' | 'segment';
  name: string;
  rows: number;
}

/** Inactive copies of one table that still hold a person; `rows` is those of all together. */
export interface Residue extends TableRows {
  /** How many: partitions of a source, snapshots of a model or segment. */
  copies: number;
  /**
   * Their ids, `c-3 to c-9` for those that follow one another; of what cannot be read, prefixes in
   * the lake. At most 20: the last may span copies that do not hold the person.
   */
  in: string[];
  /** Half written, perhaps: whom they hold is unknown. */
  cannotBeRead?: boolean;
  /** The first of them. */
  inactiveSince: string;
  /** The day by which the clean-up deletes the last of them, in the platform's time zone. */
  deletedBy: string;
}

/** What a cycle gives one of its members when it releases it. */
export interface CycleResult {
  cycleId: string;
  outcome: 'proven' | 'found' | 'foundUndeclared' | 'notScanned' | 'sourceFailed' | 'buildFailed';
  snapshotId?: string;
  /** Where the person still stands in the new snapshot. */
  found: TableRows[];
  /** Where the person stands in columns that nobody declared. */
  foundUndeclared: UndeclaredColumn[];
  /** Rows with a value that the person shares with others: other people's, and no finding. */
  sharedWithOthers: (TableRows & { column?: string })[];
  /** `deep`: how many of the tables were read whole, every column as text. */
  scanned: { tables: number; rows: number; deep: number };
  failedSources: { source: string; status: SourceStatus; cause: string }[];
  /** The model or segment that failed, and why. */
  failedBuild?: { kind: 'model' | 'segment'; name: string; cause: string };
  residue: Residue[];
}

/** What a cycle came to, as far as one member needs it. */
export interface MemberFindings {
  /** Sources that the member needs and that were not refreshed. */
  failedSources: number;
  buildFailed: boolean;
  published: boolean;
  /** Tables of the snapshot, and how many of them were scanned. */
  tables: number;
  scannedTables: number;
  /** Tables in which the member still stands. */
  foundIn: number;
  /** Columns beside the declared ones in which the member stands. */
  undeclared: number;
}

/** With which word a member is released. Not scanned is never absent. */
export function outcomeFor(findings: MemberFindings): CycleResult['outcome'] {
  if (findings.failedSources > 0) return 'sourceFailed';
  if (findings.buildFailed) return 'buildFailed';
  if (!findings.published || findings.scannedTables < findings.tables) return 'notScanned';
  if (findings.foundIn > 0) return 'found';
  return findings.undeclared > 0 ? 'foundUndeclared' : 'proven';
}

/** What a proof means for the request: the rule behind "Is the person gone?". */
export type Verdict =
  | { verdict: 'absent' }
  /** Only what somebody gave up on, and what is made of it, still holds the person. */
  | { verdict: 'partlyGone' }
  | { verdict: 'nextRound'; reason: 'reappeared' | 'identitiesGrew' }
  | { verdict: 'ask'; reason: AskReason };

export type AskReason =
  | 'reappearedTooOften'
  | 'sourceFailed'
  | 'heldForLoss'
  | 'buildFailed'
  | 'notScanned'
  /** Only somebody who knows the columns can say what they are. */
  | 'foundUndeclared';

/**
 * @param grew the identities, resolved again against the new snapshot, are more than were proven
 * @param without sources that somebody gave up on: that they hold the person is known
 * @param rounds how many rounds are made before somebody is asked
 */
export function verdictOn(
  result: CycleResult,
  {
    round,
    rounds,
    grew,
    without = [],
  }: { round: number; rounds: number; grew: boolean; without?: string[] },
): Verdict {
  switch (result.outcome) {
    case 'proven':
      if (!grew) return { verdict: 'absent' };
      return round < rounds
        ? { verdict: 'nextRound', reason: 'identitiesGrew' }
        : { verdict: 'ask', reason: 'reappearedTooOften' };
    case 'found':
      if (without.length > 0 && !cameBack(result, without)) return { verdict: 'partlyGone' };
      return round < rounds
        ? { verdict: 'nextRound', reason: 'reappeared' }
        : { verdict: 'ask', reason: 'reappearedTooOften' };
    case 'sourceFailed':
      return result.failedSources.some(({ status }) => status === 'heldForLoss')
        ? { verdict: 'ask', reason: 'heldForLoss' }
        : { verdict: 'ask', reason: 'sourceFailed' };
    case 'buildFailed':
    case 'notScanned':
    case 'foundUndeclared':
      return { verdict: 'ask', reason: result.outcome };
    default:
      return result.outcome satisfies never;
  }
}

const cameBack = ({ found }: CycleResult, without: string[]): boolean =>
  found.some(({ kind, name }) => kind === 'source' && !without.includes(name));

/** What stands beside the question, words first: about what somebody is to decide. */
export function askedAbout(
  reason: AskReason,
  result: Pick<CycleResult, 'failedSources' | 'failedBuild' | 'found' | 'foundUndeclared'>,
): string[] | undefined {
  const { failedSources, failedBuild, found, foundUndeclared } = result;
  switch (reason) {
    case 'sourceFailed':
    case 'heldForLoss':
      return ['Not refreshed:', ...failedSources.map(({ source, cause }) => `${source}: ${cause}`)];
    case 'buildFailed':
      return (
        failedBuild && [
          'Not built:',
          `${failedBuild.kind} ${failedBuild.name}: ${failedBuild.cause}`,
        ]
      );
    case 'foundUndeclared':
      return undeclaredWords(foundUndeclared);
    case 'reappearedTooOften':
      return found.length > 0 ? ['Still there, or again:', ...found.map(rowsIn)] : undefined;
    case 'notScanned':
      return undefined;
    default:
      return reason satisfies never;
  }
}

const rowsIn = ({ kind, name, rows }: TableRows): string =>
  `${kind} ${name} (${rows} ${rows === 1 ? 'row' : 'rows'})`;

/** What may be decided, and by whom first. */
export function decisionOn(reason: AskReason): {
  role: 'tenantAdmin' | 'operator';
  options: string[];
} {
  switch (reason) {
    case 'heldForLoss':
      return { role: 'tenantAdmin', options: ['acceptLoss', 'tryAgain', 'giveUp'] };
    case 'reappearedTooOften':
    case 'foundUndeclared':
      return { role: 'tenantAdmin', options: ['tryAgain', 'giveUp'] };
    case 'sourceFailed':
    case 'buildFailed':
    case 'notScanned':
      return { role: 'operator', options: ['tryAgain', 'giveUp'] };
    default:
      return reason satisfies never;
  }
}
