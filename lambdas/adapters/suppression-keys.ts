import { randomBytes } from 'node:crypto';
import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { SuppressionKey } from '../domain/recognising.ts';
import { awsClient } from './aws-clients.ts';
import { configuration } from './configuration.ts';
import { dynamo, transact, type Write } from './dynamo.ts';

/*
 * The keys by which erased people are recognised: one a version, wrapped by KMS, in the table
 * without backups. They are opened once an invocation, and never used in KMS itself: a refresh looks
 * at millions of values.
 */
const kms = new KMSClient(awsClient);

const NEWEST = 'suppression';
const ownerOf = (version: number): string => `${NEWEST}#${version}`;

/** After this, new entries get a key of the next version. */
const DAYS_USED = 730;
const DAY_MS = 86_400_000;

async function row<T>(pk: string): Promise<T | undefined> {
  const { Item } = await dynamo.send(
    new GetCommand({
      TableName: configuration().requestKeysTable,
      Key: { pk },
      ConsistentRead: true,
    }),
  );
  return Item as T | undefined;
}

/** @throws when the key is gone: nobody could be recognised, and everybody would be let in */
export async function suppressionKey(version: number): Promise<SuppressionKey> {
  const found = await findKey(version);
  if (found) return found;
  throw new Error(
    `The key ${ownerOf(version)} is gone, by which erased people are recognised: nothing may be ingested.`,
  );
}

async function findKey(version: number): Promise<SuppressionKey | undefined> {
  const owner = ownerOf(version);
  const found = await row<{ wrappedKey: Uint8Array }>(owner);
  if (!found) return undefined;
  const { Plaintext } = await kms.send(
    new DecryptCommand({
      KeyId: configuration().suppressionKeyId,
      CiphertextBlob: found.wrappedKey,
      EncryptionContext: { owner },
    }),
  );
  if (!Plaintext) throw new Error('KMS gave no plaintext');
  return { version, key: Plaintext };
}

/**
 * The key for new entries; made when there is none, when it is gone, or when it has been used long
 * enough. A version is the second in which it was made, and later than the one before: if the whole
 * table is lost, no new key takes the number of one that people are entered under.
 */
export async function newestSuppressionKey(now: Date): Promise<SuppressionKey> {
  const newest = await row<{ version: number; since: string }>(NEWEST);
  const usedUp = newest && now.getTime() - Date.parse(newest.since) > DAYS_USED * DAY_MS;
  const usable = newest && !usedUp ? await findKey(newest.version) : undefined;
  if (usable) return usable;
  const version = Math.max((newest?.version ?? 0) + 1, Math.floor(now.getTime() / 1000));
  const key = randomBytes(32);
  const made = await transact(await newVersion(version, key, now));
  // Somebody else made it a moment ago.
  return made.outcome === 'written' ? { version, key } : newestSuppressionKey(now);
}

async function newVersion(version: number, key: Uint8Array, now: Date): Promise<Write[]> {
  const TableName = configuration().requestKeysTable;
  const owner = ownerOf(version);
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({
      KeyId: configuration().suppressionKeyId,
      Plaintext: key,
      EncryptionContext: { owner },
    }),
  );
  return [
    {
      Put: {
        TableName,
        Item: { pk: NEWEST, version, since: now.toISOString() },
        ConditionExpression: 'attribute_not_exists(pk) OR version < :version',
        ExpressionAttributeValues: { ':version': version },
      },
    },
    {
      Put: {
        TableName,
        Item: { pk: owner, wrappedKey: CiphertextBlob },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ];
}
