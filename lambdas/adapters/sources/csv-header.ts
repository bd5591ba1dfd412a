import { constants, gunzipSync } from 'node:zlib';
import { isGzip } from './gzip.ts';

/** The names in a CSV file's first record (RFC 4180, UTF-8, commas), from the file's first bytes. */
export function csvHeader(start: Uint8Array): string[] {
  const bytes = isGzip(start) ? gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
  const text = new TextDecoder().decode(bytes);
  const names: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n"]*))(,|\r?\n|$)/y;
  for (;;) {
    const found = field.exec(text);
    if (!found) return names;
    names.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] !== ',') return names;
  }
}
