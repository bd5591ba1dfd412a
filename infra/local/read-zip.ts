import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

const open = promisify<Buffer, object, ZipFile>(fromBuffer as never);

/** Every file of a ZIP by its path, in the order in which they stand there. */
export async function filesIn(zip: Buffer): Promise<Map<string, Buffer>> {
  const opened = await open(zip, { lazyEntries: true });
  const read = promisify<Entry, NodeJS.ReadableStream>(opened.openReadStream.bind(opened) as never);
  const files = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    opened.on('error', reject);
    opened.on('end', () => resolve(files));
    opened.on('entry', (entry: Entry) => {
      read(entry)
        .then(buffer)
        .then((bytes) => {
          files.set(entry.fileName, bytes);
          opened.readEntry();
        }, reject);
    });
    opened.readEntry();
  });
}
