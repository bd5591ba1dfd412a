import { timingSafeEqual } from 'node:crypto';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  type AnyPurpose,
  CODE_LENGTH,
  CODE_TRIES,
  type CodeState,
  codeFrom,
  nextState,
} from '../domain/code.ts';
import { awsClient } from './aws-clients.ts';
import { configuration } from './configuration.ts';
import { assignments, getRow, query, type Write } from './dynamo.ts';

/*
 * A code is kept as a MAC, under a key that never leaves KMS and has no other use: forty bits behind
 * a plain hash would be tried through in minutes. The MAC is over what the code is for as well, so
 * that it works for this request, this purpose, this number and this person's address, and no other.
 */
const kms = new KMSClient(awsClient);

export interface CodeRow extends CodeState {
  pk: string;
  sk: string;
  purpose: AnyPurpose;
  /** Of which of the waits for it, from 1; 1 where it is absent. */
  which?: number;
  /** How many have been issued for this purpose, with this one. */
  n: number;
  /** Base64. */
  mac: string;
  /** The message that brought it, of one that was used by mail. */
  usedBy?: string;
  /** Messages that each took one of the tries. */
  triedBy?: Set<string>;
}

/** Whom a code is for, and which one it is. */
export interface CodeOf {
  /** Or the owner of a change of the tenant admin. */
  requestId: string;
  purpose: AnyPurpose;
  /** Which of the request's waits for that purpose, from 1. */
  which?: number;
  n: number;
  /** The registered address: when another one is registered, no older code works. */
  address: string;
}

const table = () => configuration().requestsTable;
/** A code of one wait is none of another's. */
export const useOf = (purpose: AnyPurpose, which = 1): string =>
  which === 1 ? purpose : `${purpose}.${which}`;

const keyOf = (requestId: string, use: string, n: number) => ({
  pk: requestId,
  sk: `CODE#${use}#${String(n).padStart(6, '0')}`,
});

/** HMAC-SHA256 of what was said, in this order. The first part keeps the uses of the key apart. */
export async function keyedHash(...said: [use: 'code' | 'link', ...string[]]): Promise<Buffer> {
  const { Mac } = await kms.send(
    new GenerateMacCommand({
      KeyId: configuration().codesKeyId,
      MacAlgorithm: 'HMAC_SHA_256',
      Message: Buffer.from(JSON.stringify(said)),
    }),
  );
  if (!Mac) throw new Error('KMS gave no MAC');
  return Buffer.from(Mac);
}

const hashOfCode = ({ requestId, purpose, which, n, address }: CodeOf, code: string) =>
  keyedHash(
    'code',
    ...[requestId, useOf(purpose, which), String(n), address.trim().toLowerCase(), code],
  );

/** A new code, and the write that keeps its hash; refused when one of this number is there. */
export async function newCode(
  of: CodeOf,
  expiresAt?: string,
): Promise<{ code: string; write: Write }> {
  const code = codeFrom(crypto.getRandomValues(new Uint8Array(CODE_LENGTH)));
  const { requestId, purpose, which, n } = of;
  const row: CodeRow = {
    ...keyOf(requestId, useOf(purpose, which), n),
    ...{ purpose, which, n, fate: 'issued', tries: 0 },
    mac: (await hashOfCode(of, code)).toString('base64'),
    ...(expiresAt && { expiresAt }),
  };
  return {
    code,
    write: {
      Put: { TableName: table(), Item: row, ConditionExpression: 'attribute_not_exists(pk)' },
    },
  };
}

/** The one that was issued last: all before it are void. */
export async function newestCode(
  requestId: string,
  purpose: AnyPurpose,
  which = 1,
): Promise<CodeRow | undefined> {
  for await (const row of query<CodeRow>({
    TableName: table(),
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: 1,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': requestId, ':sk': `CODE#${useOf(purpose, which)}#` },
  }))
    return row;
  return undefined;
}

/** Whether it is the code that was issued; it takes as long whether it is or not. */
export async function isCode(
  row: Pick<CodeRow, 'mac'>,
  of: CodeOf,
  typed: string,
): Promise<boolean> {
  const kept = Buffer.from(row.mac, 'base64');
  const given = await hashOfCode(of, typed);
  return kept.length === given.length && timingSafeEqual(kept, given);
}

/** Under which the sweep finds codes that were tried since it looked. */
const TRIED = 'TRIED';

/**
 * The write that takes one of the five tries, before anything is compared: of tries that come at
 * once, only five are ever compared, whatever the others have read. The sweep looks at it after.
 */
export const tryTaken = (
  { pk, sk }: Pick<CodeRow, 'pk' | 'sk'>,
  now: Date,
  message?: string,
): Write => ({
  Update: {
    TableName: table(),
    Key: { pk, sk },
    UpdateExpression: `SET tries = tries + :one, duePartition = :tried, dueAt = :now${message ? ' ADD triedBy :by' : ''}`,
    ConditionExpression: 'fate = :issued AND tries < :all',
    ExpressionAttributeValues: {
      ':one': 1,
      ':issued': 'issued',
      ':all': CODE_TRIES,
      ':tried': TRIED,
      ':now': now.toISOString(),
      ...(message && { ':by': new Set([message]) }),
    },
  },
});

/** Codes that were tried since the sweep looked, as they stand now. */
export async function* triedCodes(): AsyncGenerator<CodeRow> {
  for await (const { pk, sk } of query({
    TableName: table(),
    IndexName: 'due',
    KeyConditionExpression: 'duePartition = :tried',
    ExpressionAttributeValues: { ':tried': TRIED },
  })) {
    const row = await getRow<CodeRow & { dueAt?: string }>(table(), pk, sk);
    if (row?.dueAt) yield row;
  }
}

/** The write that notes that the sweep looked; refused when it was tried meanwhile. */
export const lookedAt = ({ pk, sk, tries }: CodeRow): Write => ({
  Update: {
    TableName: table(),
    Key: { pk, sk },
    ConditionExpression: 'tries = :tries AND attribute_exists(dueAt)',
    ...assignments({ duePartition: undefined, dueAt: undefined }, { ':tries': tries }),
  },
});

/** The writes that end a code, refused when it has ended already. */
export const codeUsed = (row: CodeRow, now: Date, message?: string): Write =>
  ended(row, 'match', now, message);
export const codeVoided = (row: CodeRow, now: Date): Write => ended(row, 'void', now);

function ended(row: CodeRow, event: 'match' | 'void', now: Date, usedBy?: string): Write {
  const { fate } = nextState({ ...row, tries: Math.max(1, row.tries) }, event, now);
  const ending = { fate, endedAt: now.toISOString(), ...(usedBy && { usedBy }) };
  return {
    Update: {
      TableName: table(),
      Key: { pk: row.pk, sk: row.sk },
      ConditionExpression: 'fate = :issued',
      ...assignments(ending, { ':issued': 'issued' }),
    },
  };
}
