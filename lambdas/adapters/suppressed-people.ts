import type { Recognition } from '../domain/recognising.ts';
import { recognisedUntil, type SuppressedPerson } from '../domain/suppression.ts';
import { configuration } from './configuration.ts';
import { assignments, getRow, query, rowsOf, type Write } from './dynamo.ts';

/*
 * Whom a refresh has to recognise: rows of keyed hashes under the requests that erased them, in
 * pieces, since a row takes 400 kB. What is known beside the hashes stands in the first piece.
 */
const PK = 'SUPPRESSED';
const table = () => configuration().catalogTable;
const MACS_A_PIECE = 4000;
const DAY_SECONDS = 86_400;
/** Of people of whom nothing else says when they are forgotten: an open request's. */
const LONGEST_SECONDS = 400 * DAY_SECONDS;

const key = (requestId: string, piece = 0) => ({ pk: PK, sk: `${requestId}#${piece}` });

type Row = SuppressedPerson & Recognition & { pk: string; sk: string; expiresAt: number };

/** In epoch seconds, a day after the last one, because days end later somewhere. */
function expiry(person: SuppressedPerson, now: Date): number {
  const seconds = Math.floor(now.getTime() / 1000);
  if (person.state === 'member') return seconds + LONGEST_SECONDS;
  const until = recognisedUntil(person);
  return until ? Date.parse(until) / 1000 + 2 * DAY_SECONDS : seconds;
}

/** What has been written of somebody who is erased by now stands. */
const UNLESS_ERASED = {
  ConditionExpression: 'attribute_not_exists(pk) OR #state <> :erased',
  ExpressionAttributeNames: { '#state': 'state' },
  ExpressionAttributeValues: { ':erased': 'erased' },
};

/** The writes that keep somebody recognisable, or replace what was kept of them as a member. */
export function suppressedWrites(
  person: SuppressedPerson,
  { macs, tags }: Recognition,
  now: Date,
): Write[] {
  const pieces = Math.max(1, Math.ceil(macs.length / 32 / MACS_A_PIECE));
  const expiresAt = expiry(person, now);
  return Array.from({ length: pieces }, (_, piece) => ({
    Put: {
      TableName: table(),
      Item: {
        ...key(person.requestId, piece),
        ...person,
        macs: macs.subarray(piece * MACS_A_PIECE * 32, (piece + 1) * MACS_A_PIECE * 32),
        tags: tags.subarray(piece * MACS_A_PIECE * 16, (piece + 1) * MACS_A_PIECE * 16),
        expiresAt,
      },
      ...(person.state === 'member' && UNLESS_ERASED),
    },
  }));
}

/** Everybody whom something still recognises, piece by piece, with their keyed hashes. */
export async function* suppressedPeople(now: Date): AsyncGenerator<SuppressedPerson & Recognition> {
  let first: SuppressedPerson | undefined;
  for await (const { sk, macs, tags, expiresAt, ...person } of rowsOf<Row>(table(), PK)) {
    if (sk.endsWith('#0')) first = isOver(expiresAt, now) ? undefined : person;
    if (first?.requestId === person.requestId) yield { ...first, macs, tags };
  }
}

// DynamoDB deletes what has expired when it gets round to it.
const isOver = (expiresAt: number, now: Date): boolean => expiresAt <= now.getTime() / 1000;

const SHOWN = [
  'sk',
  'requestId',
  'state',
  'suppressedUntil',
  'retained',
  'keptOut',
  'finding',
  'keyVersion',
  'expiresAt',
];

/** Everybody, without what recognises them. */
export async function* suppressedList(now: Date): AsyncGenerator<SuppressedPerson> {
  const rows = query<Omit<Row, 'macs' | 'tags'>>({
    TableName: table(),
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ProjectionExpression: SHOWN.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(SHOWN.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: { ':pk': PK },
  });
  for await (const { sk, expiresAt, ...person } of rows)
    if (sk.endsWith('#0') && !isOver(expiresAt, now)) yield person;
}

export const findSuppressed = (requestId: string): Promise<SuppressedPerson | undefined> =>
  getRow<Row>(table(), PK, key(requestId).sk);

/** Changes what follows from recognising somebody; refused when they are not recognised any more. */
export const changedSuppressed = (
  before: SuppressedPerson,
  changes: Partial<Pick<SuppressedPerson, 'suppressedUntil' | 'keptOut' | 'finding'>>,
  now: Date,
  condition = 'attribute_exists(pk)',
): Write => ({
  Update: {
    TableName: table(),
    Key: key(before.requestId),
    ConditionExpression: condition,
    ...assignments({ ...changes, expiresAt: expiry({ ...before, ...changes }, now) }),
  },
});

/** Nothing recognises them any more: a member whose request ended otherwise. */
export const forgotten = (requestId: string, now: Date): Write => ({
  Put: {
    TableName: table(),
    Item: {
      ...key(requestId),
      requestId,
      state: 'member',
      expiresAt: Math.floor(now.getTime() / 1000),
    },
    ...UNLESS_ERASED,
  },
});
