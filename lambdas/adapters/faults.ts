import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { decodeTime } from 'ulid';
import type { DisclosedFault } from '../domain/desk.ts';
import { configuration } from './configuration.ts';
import { dynamo, getRow, rowsOf, transact } from './dynamo.ts';
import { newKey, type Opener, seal } from './request-keys.ts';

const DAYS_KEPT = 30;
const DAY_MS = 86_400_000;

/** Where the messages of a day's faults are kept that belong to no request. */
const faultsOwner = (day: Date): string => `faults#${day.toISOString().slice(0, 10)}`;

/** A fault's id tells when it happened. */
const ownerByTime = (faultId: string) => faultsOwner(new Date(decodeTime(faultId)));

/** Gives today and tomorrow their keys, which go after thirty days, and all messages with them. */
export async function ensureFaultKeys(now: Date): Promise<void> {
  for (const ahead of [0, 1]) {
    const day = new Date(now.getTime() + ahead * DAY_MS);
    const expiresAt = new Date(day.getTime() + DAYS_KEPT * DAY_MS);
    const { write } = await newKey(faultsOwner(day), expiresAt);
    await transact([write]);
  }
}

/**
 * Keeps a fault's message, sealed: databases quote values in theirs. For a request beside it, else
 * for the cycle or pass under the key of the day. Without a key, only class and id remain.
 */
export async function keepFault(
  fault: { faultId: string; step: string; class: string; error: unknown },
  owner: { requestId?: string; execution?: string },
): Promise<void> {
  const now = new Date();
  const keyOwner = owner.requestId ?? ownerByTime(fault.faultId);
  const { error, ...visible } = fault;
  const sealed = await seal(keyOwner, messageOf(error));
  await dynamo.send(
    new PutCommand({
      TableName: configuration().requestsTable,
      Item: {
        pk: keyOwner,
        sk: `FAULT#${fault.faultId}`,
        at: now.toISOString(),
        execution: owner.execution,
        sealed,
        ...visible,
      },
    }),
  );
}

/** An error's own words, and those of what caused it: a database's stand in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error instanceof AggregateError ? error.errors : [error.cause ?? []].flat();
  return [error.stack ?? error.message, ...causes.map(messageOf)].join('\ncaused by: ');
}

/** A fault as it is kept: of its message, only what was sealed. */
export interface FaultRow {
  /** The request, or the day's `faults#2026-11-23`: whose key opens the message. */
  pk: string;
  sk: string;
  step: string;
  class: string;
  at: string;
  /** `c-12` or `v-40`. */
  execution?: string;
  /** Absent when there was no key. */
  sealed?: string;
}

export const faultsOfRequest = (requestId: string): AsyncGenerator<FaultRow> =>
  rowsOf<FaultRow>(configuration().requestsTable, requestId, 'FAULT#');

/** Those of one cycle or pass, oldest first, as far back as they can be read. */
export async function* faultsOfExecution(execution: string, now: Date): AsyncGenerator<FaultRow> {
  for (let ago = DAYS_KEPT; ago >= 0; ago -= 1) {
    const owner = faultsOwner(new Date(now.getTime() - ago * DAY_MS));
    for await (const row of rowsOf<FaultRow>(configuration().requestsTable, owner, 'FAULT#')) {
      if (row.execution === execution) yield row;
    }
  }
}

/** One that belongs to no request, by its id. */
export const findFault = (faultId: string): Promise<FaultRow | undefined> =>
  getRow<FaultRow>(configuration().requestsTable, ownerByTime(faultId), `FAULT#${faultId}`);

/** Reads a fault, its message included while its key is there. */
export async function openFault(
  { sk, step, class: faultClass, at, sealed }: FaultRow,
  opener: Opener | undefined,
): Promise<DisclosedFault> {
  const message = sealed === undefined ? undefined : await opener?.open(sealed);
  return { faultId: sk.slice('FAULT#'.length), step, class: faultClass, message, at };
}
