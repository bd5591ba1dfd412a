import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { EvidenceBundle } from '../domain/evidence/documents.ts';
import { canonicalJson } from '../domain/evidence/ledger-chain.ts';
import { awsClient } from './aws-clients.ts';
import { configuration } from './configuration.ts';

const kms = new KMSClient(awsClient);

export type PublicKey = EvidenceBundle['keys'][number];

let known: Promise<PublicKey> | undefined;

/** The public half of the key that signs, as a JWK; its `kid` is its thumbprint (RFC 7638). */
export function publicKey(): Promise<PublicKey> {
  known ??= readPublicKey().catch((error: unknown) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function readPublicKey(): Promise<PublicKey> {
  const { PublicKey: der } = await kms.send(
    new GetPublicKeyCommand({ KeyId: configuration().signingKeyId }),
  );
  if (!der) throw new Error('KMS gave no public key');
  const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
  const { kty = '', crv = '', x = '', y = '' } = await exportJWK(key);
  return { kty, crv, x, y, kid: await calculateJwkThumbprint({ kty, crv, x, y }) };
}

/**
 * Signs a document with the platform's key, which never leaves KMS: a compact JWS, ES256.
 * Signed twice, the same document gives two signatures: record the first.
 * @param typ what kind of document it is, so that none passes for another: `dsr-certificate`
 */
export async function sign(payload: object, typ: string): Promise<string> {
  const { kid } = await publicKey();
  const header = { alg: 'ES256', kid, typ };
  const input = [header, payload].map((part) => base64url(canonicalJson(part))).join('.');
  const { Signature } = await kms.send(
    new SignCommand({
      KeyId: configuration().signingKeyId,
      SigningAlgorithm: 'ECDSA_SHA_256',
      MessageType: 'DIGEST',
      Message: new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.from(input))),
    }),
  );
  if (!Signature) throw new Error('KMS gave no signature');
  return `${input}.${Buffer.from(fromDer(Signature)).toString('base64url')}`;
}

const base64url = (text: string) => Buffer.from(text, 'utf8').toString('base64url');

/** KMS answers in DER; a JWS takes `r` and `s` in 32 bytes each (RFC 7518, section 3.4). */
function fromDer(der: Uint8Array): Uint8Array {
  const joined = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    const digits = number.subarray(Math.max(0, number.length - 32));
    joined.set(digits, end - digits.length);
    at += 2 + length;
  }
  return joined;
}
