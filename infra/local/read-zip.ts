import { text } from 'node:stream/consumers';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** Names and texts of what a ZIP holds. */
export function filesIn(zip: Buffer): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, opened) => {
      if (error || !opened) return reject(error);
      const files: Record<string, string> = {};
      opened.on('error', reject);
      opened.on('end', () => resolve(files));
      opened.on('entry', (entry: Entry) => {
        textOf(opened, entry).then((read) => {
          files[entry.fileName] = read;
          opened.readEntry();
        }, reject);
      });
      opened.readEntry();
    });
  });
}

const textOf = (zip: ZipFile, entry: Entry): Promise<string> =>
  new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error || !stream) return reject(error);
      text(stream).then(resolve, reject);
    });
  });
