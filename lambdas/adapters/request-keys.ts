import { DecryptCommand, EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from '@hpke/core';
import { awsClient } from './aws-clients.ts';
import { configuration } from './configuration.ts';
import { dynamo, type Write } from './dynamo.ts';

/*
 * One key pair per request (RFC 9180, HPKE). The public half seals: a function that only keeps a
 * fault or a reason needs no right to read anything. The private half is wrapped by KMS under the
 * owner's id, and lies in a table without backups: once deleted, nothing sealed can be opened.
 */
const suite = new CipherSuite({
  kem: new DhkemP256HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});
const kms = new KMSClient(awsClient);
const base64 = (bytes: ArrayBuffer | Uint8Array) =>
  Buffer.from(bytes as Uint8Array).toString('base64');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

interface KeyRow {
  pk: string;
  publicKey: string;
  wrappedPrivateKey: Uint8Array;
}

/**
 * A new key for `owner` (a request, or a day of faults): the write that keeps it, refused if it has
 * one, and a way to seal before it is kept.
 */
export async function newKey(
  owner: string,
  expiresAt?: Date,
): Promise<{ write: Write; seal(text: string): Promise<string> }> {
  const pair = await suite.kem.generateKeyPair();
  const { CiphertextBlob } = await kms.send(
    new EncryptCommand({
      KeyId: configuration().dataKeyId,
      Plaintext: new Uint8Array(await suite.kem.serializePrivateKey(pair.privateKey)),
      EncryptionContext: { owner },
    }),
  );
  const publicKey = base64(await suite.kem.serializePublicKey(pair.publicKey));
  const write: Write = {
    Put: {
      TableName: configuration().requestKeysTable,
      Item: {
        pk: owner,
        publicKey,
        wrappedPrivateKey: CiphertextBlob,
        expiresAt: expiresAt && Math.floor(expiresAt.getTime() / 1000),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
  return { write, seal: (text) => sealWith(owner, publicKey, text) };
}

/** The write that makes everything sealed for `owner` unreadable, in backups too. */
export const deletedKey = (owner: string): Write => ({
  Delete: { TableName: configuration().requestKeysTable, Key: { pk: owner } },
});

async function keyRow(owner: string): Promise<KeyRow | undefined> {
  const { Item } = await dynamo.send(
    new GetCommand({
      TableName: configuration().requestKeysTable,
      Key: { pk: owner },
      ConsistentRead: true,
    }),
  );
  return Item as KeyRow | undefined;
}

/** The public half; `undefined` once the key was deleted, and then it stands nowhere any more. */
export const publicKeyOf = async (owner: string): Promise<string | undefined> =>
  (await keyRow(owner))?.publicKey;

/** Whether anything sealed for this owner can still be opened, by whoever may. */
export const hasKey = async (owner: string): Promise<boolean> =>
  (await keyRow(owner)) !== undefined;

/** Seals a text for its owner; `undefined` when the owner has no key any more. */
export async function seal(owner: string, text: string): Promise<string | undefined> {
  const row = await keyRow(owner);
  return row && sealWith(owner, row.publicKey, text);
}

async function sealWith(owner: string, publicKey: string, text: string): Promise<string> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytes(publicKey).buffer);
  const { enc, ct } = await suite.seal(
    { recipientPublicKey, info: Buffer.from(owner) },
    Buffer.from(text, 'utf8'),
  );
  return `${base64(enc)}.${base64(ct)}`;
}

/** Opens what was sealed for one owner. One KMS call, whatever the number of texts. */
export interface Opener {
  open(sealed: string): Promise<string>;
}

/** `undefined`: the key was deleted, so that what it sealed is gone for good. */
export async function openerOf(owner: string): Promise<Opener | undefined> {
  const row = await keyRow(owner);
  if (!row) return undefined;
  const { Plaintext } = await kms.send(
    new DecryptCommand({
      KeyId: configuration().dataKeyId,
      CiphertextBlob: row.wrappedPrivateKey,
      EncryptionContext: { owner },
    }),
  );
  if (!Plaintext) throw new Error('KMS gave no plaintext');
  const recipientKey = await suite.kem.deserializePrivateKey(new Uint8Array(Plaintext).buffer);
  return {
    open: async (sealed) => {
      const [enc = '', ct = ''] = sealed.split('.');
      const text = await suite.open(
        { recipientKey, enc: bytes(enc).buffer, info: Buffer.from(owner) },
        bytes(ct),
      );
      return Buffer.from(text).toString('utf8');
    },
  };
}
