import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Identity, identityKey } from '../domain/identity.ts';
import { awsClient } from './aws-clients.ts';
import { configuration } from './configuration.ts';

const kms = new KMSClient(awsClient);

/**
 * Recognises the same identities again without keeping them: a MAC whose key never leaves KMS.
 * @param about what is asked of them: an export and an erasure of one person are two requests
 */
export async function recognise(identities: Identity[], about: string[]): Promise<string> {
  const people = [...new Set(identities.map(identityKey))].sort();
  const canonical = JSON.stringify([about, people]);
  // KMS takes 4,096 bytes; a hundred identities are more, so their hash is what is keyed.
  const digest = await crypto.subtle.digest('SHA-256', Buffer.from(canonical));
  const { Mac } = await kms.send(
    new GenerateMacCommand({
      KeyId: configuration().recognitionKeyId,
      MacAlgorithm: 'HMAC_SHA_256',
      Message: new Uint8Array(digest),
    }),
  );
  if (!Mac) throw new Error('KMS gave no MAC');
  return Buffer.from(Mac).toString('hex');
}
