import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Ambiguity, IdentityAnswer } from '../domain/ambiguity.ts';
import {
  type Identity,
  identityKey,
  MOST_BYTES,
  roomFor,
  type Subject,
} from '../domain/identity.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Request } from '../domain/request.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, query, rowsOf, transact, type Write } from './dynamo.ts';
import { type Opener, openerOf, seal } from './request-keys.ts';

const table = () => configuration().requestsTable;

/** The request's own row. `listed` puts it in the index by which requests are listed. */
export type RequestRow = Request & { pk: RequestId; sk: 'REQUEST'; listed: 'open' | 'closed' };

export const newRequest = (request: Request): Write => ({
  Put: {
    TableName: table(),
    Item: { pk: request.requestId, sk: 'REQUEST', listed: 'open', ...request },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

export const findRequest = (requestId: string): Promise<RequestRow | undefined> =>
  getRow<RequestRow>(table(), requestId, 'REQUEST');

/** @throws Error when the request does not exist: a flow was started for nothing. */
export async function getRequest(requestId: RequestId): Promise<RequestRow> {
  const row = await findRequest(requestId);
  if (!row) throw new Error(`There is no request ${requestId}.`);
  return row;
}

/** Oldest first. The index lags a moment behind; what decides reads the row itself. */
export const requestsListed = (listed: 'open' | 'closed'): AsyncGenerator<RequestRow> =>
  query<RequestRow>({
    TableName: table(),
    IndexName: 'listed',
    KeyConditionExpression: 'listed = :listed',
    ExpressionAttributeValues: { ':listed': listed },
  });

/** A write that changes attributes of a request's row, under a condition. */
export const changedRequest = (
  requestId: RequestId,
  changes: Partial<Omit<RequestRow, 'pk' | 'sk'>>,
  condition = 'attribute_exists(pk)',
  values: Record<string, unknown> = {},
): Write => ({
  Update: {
    TableName: table(),
    Key: { pk: requestId, sk: 'REQUEST' },
    ConditionExpression: condition,
    ...assignments(changes, values),
  },
});

/** Everything known of who is meant; sealed, one row a request. */
export interface SealedSubject {
  /** As given, normalised. */
  seed: Identity[];
  /** As resolved so far; it only grows until the request closes. */
  subject: Subject;
  /** What the latest question is about. */
  ambiguities: Ambiguity[];
  /** Numbered people of that question, in the order of its options. */
  candidates: Identity[];
  /** What was decided about values that several people share. */
  answers: IdentityAnswer[];
  /** How many questions have been answered and taken into `answers`. */
  answeredQuestions?: number;
}

/** A sealed text beside its request: `SUBJECT`, `SECRET`, `FREETEXT#…`. */
export const sealedText = (requestId: string, name: string, sealed: string, at: Date): Write => ({
  Put: {
    TableName: table(),
    Item: { pk: requestId, sk: name, sealed, at: at.toISOString() },
  },
});

/** The same, sealed under the request's key; `undefined` when that is gone. */
export async function sealedRow(
  requestId: string,
  name: string,
  text: string,
): Promise<Write | undefined> {
  const sealed = await seal(requestId, text);
  return sealed === undefined ? undefined : sealedText(requestId, name, sealed, new Date());
}

export async function readSealed(
  requestId: string,
  name: string,
  opener?: Opener,
): Promise<string | undefined> {
  const [row, key] = await Promise.all([
    getRow<{ sealed: string }>(table(), requestId, name),
    opener ?? openerOf(requestId),
  ]);
  return row && key ? key.open(row.sealed) : undefined;
}

/** All that is known of who is meant. */
export interface KnownSubject extends SealedSubject {
  /** What sources said beside the subject's identities, each in a row of its own. */
  linked: Identity[];
}

/** `undefined` once its key is gone. */
export async function readSubject(
  requestId: string,
  opener?: Opener,
): Promise<KnownSubject | undefined> {
  const key = opener ?? (await openerOf(requestId));
  const text = await readSealed(requestId, 'SUBJECT', key);
  if (!key || text === undefined) return undefined;
  const sealed = JSON.parse(text) as SealedSubject;
  const linked: Identity[] = [];
  for await (const row of rowsOf<{ sealed: string }>(table(), requestId, LINKED))
    linked.push(...(JSON.parse(await key.open(row.sealed)) as Identity[]));
  return { ...sealed, linked: each(linked) };
}

const LINKED = 'LINKED#';
/** Each once. */
const each = (identities: Identity[]): Identity[] => [
  ...new Map(identities.map((identity) => [identityKey(identity), identity])).values(),
];

/**
 * Keeps what a source's rows say beside the subject's identities, because the link goes with the
 * rows. The next resolution follows it. Of thousands, more is kept than a resolution takes, so that
 * it says that it is full; and they hold up nobody else of the pass. One pass at a time asks a source.
 */
export async function keepLinked(
  requestId: string,
  source: string,
  linked: Identity[],
): Promise<void> {
  const before = (await readSealed(requestId, `${LINKED}${source}`)) ?? '[]';
  const all = each([...(JSON.parse(before) as Identity[]), ...linked]);
  const text = JSON.stringify(all.filter(roomFor(2 * MOST_BYTES).takes));
  if (text === before) return;
  const row = await sealedRow(requestId, `${LINKED}${source}`, text);
  if (row) await transact([row]);
}

/** @throws Error when its key is gone: the request has closed, and its execution should have ended. */
export async function getSubject(requestId: RequestId): Promise<KnownSubject> {
  const subject = await readSubject(requestId);
  if (!subject) throw new Error(`The identities of ${requestId} cannot be read any more.`);
  return subject;
}

export const freeTextOf = (requestId: string) =>
  rowsOf<{ sk: string; sealed: string }>(table(), requestId, 'FREETEXT#');

/** Something of the person was found somewhere: the outcome will not be `nothingHeld`. */
export async function markHeld(requestId: string): Promise<void> {
  await dynamo.send(
    new UpdateCommand({
      TableName: table(),
      Key: { pk: requestId, sk: 'REQUEST' },
      UpdateExpression: 'SET held = :yes',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':yes': true },
    }),
  );
}
