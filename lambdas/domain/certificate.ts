import { createHmac } from 'node:crypto';
import type { Residue, TableRows } from './cycle-result.ts';
import type { ChainHead } from './evidence/documents.ts';
import type { Identity } from './identity.ts';
import type { RecipientTold } from './recipients.ts';
import type { SourceStatus } from './refresh.ts';
import type { Request } from './request.ts';
import type { UndeclaredColumn, UnsearchedColumn } from './undeclared.ts';
import type { SourceState } from './verification.ts';

/** One source's law, as platform.yaml names it; `columns` are empty in the lake, else its rows are missing. */
export interface Exception {
  source: string;
  basis: string;
  until: string;
  columns?: string[];
}

/** What one request came to, for an auditor; nothing in it points at the person. */
export interface Certificate {
  version: 2;
  platform: string;
  /** IANA; days on this certificate are days there. */
  timeZone: string;
  platformHash: string;
  requestId: string;
  kind: Request['kind'];
  outcome: string;
  /** Each identity of the person, given or found, by its commitment; sorted. */
  subjectCommitments: string[];
  receivedAt: string;
  dueOn: string;
  certifiedAt: string;
  /** Whether it was certified by the legal deadline. */
  inTime: boolean;
  rounds: number;
  identities: { unique: Record<string, number>; shared: Record<string, number> };
  verification: Record<string, Pick<SourceState, 'answer' | 'askedAt' | 'goneSince' | 'asks'>>;
  refresh?: Refresh;
  proof?: Proof;
  /** `afterDeadline`: the last of it is deleted only after the legal deadline has passed. */
  residue: (Residue & { afterDeadline: boolean })[];
  /** Sources that keep the person because a law demands it, until that day; the lake does not. */
  exceptions: Exception[];
  /** The last day on which keyed hashes of the identities are kept, so that nothing brings them back. */
  recognisedUntil?: string | undefined;
  /** Who had received the person, and was told of the erasure (GDPR Art. 19); absent: nobody. */
  recipients?: RecipientTold[] | undefined;
  /** How many packages of exports of the same person were deleted; absent: none was open. */
  packagesPurged?: number | undefined;
  /** Of an export: what was handed over, and when. */
  delivered?: Delivered | undefined;
  gaveUpOn: string[];
  closedBy?: { option: string; by: string; reasonCode: string };
  /** The last entry of the request's chain before this was certified. */
  ledger: ChainHead;
}

/** The package of an export; it is deleted here, and whoever collected it can compare its hash. */
export interface Delivered {
  at: string;
  /** SHA-256 of what was downloaded, hexadecimal: of the ZIP, or of what it was encrypted to. */
  sha256: string;
  bytes: number;
  tables: number;
  rows: number;
}

/** The cycle that carried the request, and every source that it ingested. */
export interface Refresh {
  cycleId: string;
  snapshotId?: string;
  publishedAt?: string;
  sources: { source: string; status: SourceStatus; at?: string }[];
  failedSources: { source: string; status: SourceStatus }[];
}

/** `sharedWithOthers`: rows with a value that is other people's too; they stay. */
export interface Proof {
  /** `deep`: every column, as text; `declared`: those that the platform says hold identities. */
  depth: 'declared' | 'deep';
  tables: number;
  rows: number;
  bytes: number;
  scanned: ScannedTable[];
  found: TableRows[];
  foundUndeclared: UndeclaredColumn[];
  sharedWithOthers: (TableRows & { column?: string })[];
  /** Columns in which nobody was looked for, and why. */
  unsearched: UnsearchedColumn[];
  /** Identities of the person so short that they were looked for as whole values only. */
  notWithinTexts: number;
}

export interface ScannedTable extends TableRows {
  bytes: number;
}

/**
 * Names one identity without giving it away: a plain hash would, to anyone with a list of
 * addresses. `HMAC-SHA256(secret, "type:value")`, hexadecimal; types have no colon.
 * @param secret 32 random bytes in base64url, which only the requester has
 */
export const commitment = ({ type, value }: Identity, secret: string): string =>
  createHmac('sha256', Buffer.from(secret, 'base64url')).update(`${type}:${value}`).digest('hex');

/** One for each identity, so that whoever knows a single one can check it. Sorted: no order tells. */
export const commitments = (identities: Identity[], secret: string): string[] =>
  [...new Set(identities.map((identity) => commitment(identity, secret)))].sort();

export function countByType(identities: Identity[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of identities) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
