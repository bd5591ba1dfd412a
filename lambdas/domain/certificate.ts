import { createHmac } from 'node:crypto';
import type { Residue, TableRows } from './cycle-result.ts';
import { type Identity, identityKey } from './identity.ts';
import type { Request } from './request.ts';
import type { Exception, UndeclaredColumn } from './undeclared.ts';
import type { SourceState } from './verification.ts';

/** What one request came to, for an auditor; nothing in it points at the person. */
export interface Certificate {
  version: 1;
  platform: string;
  platformHash: string;
  requestId: string;
  kind: Request['kind'];
  outcome: string;
  /** HMAC-SHA256 of the identities under a secret that only the requester has; see `commitment`. */
  subjectCommitment: string;
  receivedAt: string;
  dueOn: string;
  certifiedAt: string;
  /** Whether it was certified by the legal deadline. */
  inTime: boolean;
  rounds: number;
  identities: { unique: Record<string, number>; shared: Record<string, number> };
  verification: Record<string, Pick<SourceState, 'answer' | 'askedAt' | 'goneSince' | 'asks'>>;
  refresh?: {
    cycleId: string;
    snapshotId?: string;
    failedSources: { source: string; status: string }[];
  };
  proof?: Proof;
  /** `afterDeadline`: the last of it is deleted only after the legal deadline has passed. */
  residue: (Residue & { afterDeadline: boolean })[];
  gaveUpOn: string[];
  closedBy?: { option: string; by: string; reasonCode: string };
}

/** What was read to look for the person, and what was found. */
export interface Proof {
  tables: number;
  rows: number;
  /** `deep`: every column of every table was read as text, and not only those declared. */
  search: 'deep' | 'declared';
  found: TableRows[];
  foundUndeclared: UndeclaredColumn[];
  /** Rows with a value that is other people's too; they stay. */
  sharedWithOthers: (TableRows & { column?: string })[];
  /** Columns in which nobody was looked for, and why. */
  exceptions: Exception[];
  /** Identities of the person so short that they were looked for as whole values only. */
  notWithinTexts: number;
}

/**
 * Names a subject without giving it away: a plain hash would, to anyone with a list of addresses.
 * Identities are sorted, so that the same set gives the same commitment under the same secret.
 */
export function commitment(identities: Identity[], secret: string): string {
  const canonical = JSON.stringify([...new Set(identities.map(identityKey))].sort());
  return createHmac('sha256', Buffer.from(secret, 'base64url')).update(canonical).digest('hex');
}

export function countByType(identities: Identity[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of identities) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
