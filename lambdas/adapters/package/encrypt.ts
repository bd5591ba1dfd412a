import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Encrypter } from 'age-encryption';

/**
 * The same bytes, encrypted for an age recipient while they are read (https://age-encryption.org/v1).
 * @throws Error when it is no recipient
 */
export async function encrypted(
  bytes: NodeJS.ReadableStream,
  recipient: string,
): Promise<Readable> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const web = Readable.toWeb(Readable.from(bytes, { objectMode: false }));
  const sealed = await encrypter.encrypt(web as globalThis.ReadableStream<Uint8Array>);
  return Readable.fromWeb(sealed as ReadableStream);
}
