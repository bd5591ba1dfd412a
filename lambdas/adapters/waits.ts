import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Answer, Wait, WaitKind, WaitReason, WaitRole } from '../domain/wait.ts';
import { configuration } from './configuration.ts';
import { assignments, dynamo, getRow, query, rowsOf, type Write } from './dynamo.ts';
import { wake } from './executions.ts';
import { classOf } from './faults.ts';
import { type LedgerEntry, recordChange } from './ledger.ts';
import { logger } from './logger.ts';

/*
 * One mechanism for every pause: of a request on people, on the verifier and on a cycle.
 * A wait's answer is written first, and then delivered to the execution as often as needed:
 * the other order loses a request when the process dies between the two.
 */

/** A wait as it lies in the table `requests`, beside its owner. */
export type WaitRow = Wait & { pk: string; sk: string; taskToken?: string; dueAt?: string };

/** The next sweep delivers an answer again that lies: whatever any clock says, and no harm if it was on its way. */
const AT_ONCE = new Date(0).toISOString();

export const waitKey = (owner: string, name: string, round: number) => ({
  pk: owner,
  sk: `WAIT#${name}#${round}`,
});

/** Which of its owner's waits of one name it is. */
export const whichOf = ({ sk }: Pick<WaitRow, 'sk'>): number => Number(sk.split('#').at(-1));

/** `01J…/whoIsMeant#1` → its key. */
export function waitKeyOf(waitId: string): { pk: string; sk: string } | undefined {
  const [, owner, name] = /^([^/]+)\/([A-Za-z]+#\d+)$/.exec(waitId) ?? [];
  return owner && name ? { pk: owner, sk: `WAIT#${name}` } : undefined;
}

type Why =
  | { kind: Exclude<WaitKind, 'legalHold'>; reasonCode: WaitReason }
  | { kind: 'legalHold'; reasonCode: string };

export type NewWait = Why & NewWaitRow;

interface NewWaitRow extends Pick<Wait, 'owner' | 'name' | 'on' | 'role' | 'options'> {
  round: number;
  /** Somebody was asked just now, so that people may answer. */
  asked?: boolean;
  remindAt?: string;
  deadline?: string;
  /** Its deadline ends it. */
  expires?: boolean;
  recipient?: string;
  identities?: number;
  details?: string[];
}

/** The write that opens a wait; refused when it is there already. */
export function newWait(wait: NewWait, now: Date): Write {
  const { round, asked, ...rest } = wait;
  const dueAt = earliest(wait.remindAt, wait.deadline);
  return {
    Put: {
      TableName: configuration().requestsTable,
      Item: {
        ...waitKey(wait.owner, wait.name, round),
        waitId: `${wait.owner}/${wait.name}#${round}`,
        ...rest,
        firstRole: wait.role,
        since: now.toISOString(),
        openedAt: asked ? now.toISOString() : undefined,
        ...due(dueAt),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

const earliest = (...times: (string | undefined)[]): string | undefined =>
  times.filter((time) => time !== undefined).sort()[0];

/** The sparse index that the sweeper reads. */
const due = (dueAt: string | undefined) =>
  dueAt === undefined ? {} : { duePartition: 'DUE', dueAt };

/** The write that makes a machine's wait one on people too, once; refused when it is, or is answered. */
export const openedForPeople = (
  key: Pick<WaitRow, 'pk' | 'sk'>,
  asked: Pick<WaitRow, 'openedAt' | 'role' | 'options' | 'remindAt' | 'deadline'> & {
    reasonCode: WaitReason;
  },
): Write => ({
  Update: {
    TableName: configuration().requestsTable,
    Key: { pk: key.pk, sk: key.sk },
    ConditionExpression: 'attribute_not_exists(openedAt) AND attribute_not_exists(answer)',
    ...assignments({
      ...asked,
      firstRole: asked.role,
      on: asked.role,
      ...due(earliest(asked.remindAt, asked.deadline)),
    }),
  },
});

/** The write that passes the wait up to the next one, who has not been told yet. */
export const passedUp = (
  key: Pick<WaitRow, 'pk' | 'sk'>,
  to: { role: WaitRole; remindAt: string; deadline?: string },
): Write => changedWait(key, { ...to, on: to.role, toldAt: undefined });

/** The write that has the sweeper look again later. */
export const postponed = (key: Pick<WaitRow, 'pk' | 'sk' | 'deadline'>, remindAt: string): Write =>
  changedWait(key, { remindAt, deadline: key.deadline });

/** The write that notes when a role was told, and when it is to be reminded. */
export const told = (
  key: Pick<WaitRow, 'pk' | 'sk' | 'deadline' | 'firstToldAt'>,
  toldAt: string,
  remindAt: string,
): Write => {
  const firstToldAt = key.firstToldAt ?? toldAt;
  return changedWait(key, { toldAt, firstToldAt, remindAt, deadline: key.deadline });
};

const changedWait = (
  { pk, sk }: Pick<WaitRow, 'pk' | 'sk'>,
  changes: Partial<WaitRow> & { remindAt: string },
): Write => ({
  Update: {
    TableName: configuration().requestsTable,
    Key: { pk, sk },
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(answer)',
    ...assignments({ ...changes, ...due(earliest(changes.remindAt, changes.deadline)) }),
  },
});

/** The write that says why a wait still stands; refused once it is answered. When it is due stays. */
export const reasoned = (
  { pk, sk }: Pick<WaitRow, 'pk' | 'sk'>,
  reasonCode: WaitReason,
): Write => ({
  Update: {
    TableName: configuration().requestsTable,
    Key: { pk, sk },
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(answer)',
    ...assignments({ reasonCode }),
  },
});

export const findWaitByKey = ({ pk, sk }: Pick<WaitRow, 'pk' | 'sk'>) =>
  getRow<WaitRow>(configuration().requestsTable, pk, sk);

export const findWait = (owner: string, name: string, round: number) => {
  const { pk, sk } = waitKey(owner, name, round);
  return getRow<WaitRow>(configuration().requestsTable, pk, sk);
};

export const waitsOf = (owner: string): AsyncGenerator<WaitRow> =>
  rowsOf<WaitRow>(configuration().requestsTable, owner, 'WAIT#');

/** What is due, and what no right clock would have dated after `latest`. */
export async function* dueWaits(now: Date, latest: Date): AsyncGenerator<WaitRow> {
  yield* waitsDue('dueAt <= :at', now);
  yield* waitsDue('dueAt > :at', latest);
}

const waitsDue = (condition: string, at: Date): AsyncGenerator<WaitRow> =>
  query<WaitRow>({
    TableName: configuration().requestsTable,
    IndexName: 'due',
    KeyConditionExpression: `duePartition = :due AND ${condition}`,
    ExpressionAttributeValues: { ':due': 'DUE', ':at': at.toISOString() },
  });

/** The write that answers a wait; refused when somebody else was first, or nobody was asked yet. */
export function answered(
  wait: Pick<WaitRow, 'pk' | 'sk'>,
  answer: Answer,
  fromPerson: boolean,
): Write {
  return {
    Update: {
      TableName: configuration().requestsTable,
      Key: { pk: wait.pk, sk: wait.sk },
      UpdateExpression: 'SET answer = :answer, duePartition = :due, dueAt = :atOnce',
      ConditionExpression: fromPerson
        ? 'attribute_exists(pk) AND attribute_not_exists(answer) AND attribute_exists(openedAt)'
        : 'attribute_exists(pk) AND attribute_not_exists(answer)',
      ExpressionAttributeValues: {
        ':answer': answer,
        ':due': 'DUE',
        ':atOnce': AT_ONCE,
      },
    },
  };
}

/**
 * Answers a wait for people, verifier, cycle and deadline alike, with whatever changes together
 * with it, and delivers the answer. `refused`: something was no longer so, and nothing changed.
 */
export async function answer(
  wait: Pick<WaitRow, 'pk' | 'sk'>,
  given: Answer,
  entry: LedgerEntry,
  { writes = [], fromPerson = false }: { writes?: Write[]; fromPerson?: boolean } = {},
): Promise<'recorded' | 'refused'> {
  const outcome = await recordChange([answered(wait, given, fromPerson), ...writes], entry);
  // It is answered, also where this fails: it lies due, and the next sweep delivers it.
  if (outcome === 'recorded')
    await deliver(wait).catch((error) =>
      logger.error('notDelivered', { wait: wait.sk, class: classOf(error) }),
    );
  return outcome;
}

/** Wakes the execution of an answered wait, if one waits; safe to repeat. */
export async function deliver({ pk, sk }: Pick<WaitRow, 'pk' | 'sk'>): Promise<void> {
  const table = configuration().requestsTable;
  const row = await getRow<WaitRow>(table, pk, sk);
  if (!row?.answer) return;
  if (row.taskToken) await wake(row.taskToken);
  await dynamo.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk, sk },
      UpdateExpression: 'REMOVE duePartition, dueAt',
    }),
  );
}
