/** What a package is called, and how it is opened, whether it is encrypted or not. */
const ending = (encryptedFor: string | undefined): string =>
  encryptedFor === undefined ? '.zip' : '.zip.age';

export const packageName = (name: string, encryptedFor: string | undefined): string =>
  `${name}${ending(encryptedFor)}`;

/** As it is downloaded. */
export const downloadName = (requestId: string, encryptedFor: string | undefined): string =>
  packageName(`export-${requestId}`, encryptedFor);

/** With the private half of the key, in `key.txt`. */
export const openingCommand = (requestId: string): string =>
  `age -d -i key.txt -o ${downloadName(requestId, undefined)} ${downloadName(requestId, 'a key')}`;
