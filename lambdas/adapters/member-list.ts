import { gunzipSync, gzipSync } from 'node:zlib';
import type { Member } from './cycles.ts';

/** Many members need the same sources: each list of them stands there once. */
interface Packed {
  sources: string[][];
  /** The last number is the place of the member's sources. */
  members: [requestId: string, round: number, sources: number][];
}

/** Members as the bytes in which they lie in a row: about 20 each, whatever the number of sources. */
export function packMembers(members: Member[]): Uint8Array {
  const places = new Map<string, number>();
  const packed: Packed = { sources: [], members: [] };
  for (const { requestId, round, sources } of members) {
    const key = JSON.stringify(sources);
    const place = places.get(key) ?? packed.sources.push(sources) - 1;
    places.set(key, place);
    packed.members.push([requestId, round, place]);
  }
  return gzipSync(JSON.stringify(packed));
}

export function unpackMembers(bytes: Uint8Array): Member[] {
  const { sources, members } = JSON.parse(gunzipSync(bytes).toString()) as Packed;
  return members.map(([requestId, round, place]) => ({
    requestId,
    round,
    sources: sources[place] ?? [],
  }));
}

/** As many of the first of them as take at most so many bytes; only hundreds of sets of sources make them large. */
export function fittingMembers(members: Member[], bytes: number): Member[] {
  let first = members;
  while (packMembers(first).length > bytes) first = first.slice(0, Math.floor(first.length * 0.9));
  return first;
}
