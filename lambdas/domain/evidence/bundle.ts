import type { EvidenceBundle, StoredHead } from './documents.ts';
import { digestOf, headerOf } from './jws.ts';
import { type ChainedEntry, canonicalJson } from './ledger-chain.ts';
import { inclusionPath, leafHash } from './merkle.ts';

type BundledHead = EvidenceBundle['heads'][number];

/** A head as evidence of one chain, with the way from its leaf to the root. */
export function headFor(chain: string, { jws, leaves }: StoredHead): BundledHead | undefined {
  const index = leaves.findIndex((leaf) => leaf.chain === chain);
  const leaf = leaves[index];
  if (!leaf) return undefined;
  const hashes = leaves.map((each) => leafHash(canonicalJson(each)));
  return { jws, leaf, index, path: inclusionPath(hashes, index) };
}

export type Gathered =
  | { outcome: 'gathered'; bundle: EvidenceBundle }
  /** No head covers the entry of the certificate yet. */
  | { outcome: 'notSigned' };

/**
 * Evidence of one request, as of the last head: entries that came after it are for the next.
 * @param keyOf the public key of a `kid`
 */
export async function bundleOf(
  { certificate, completions }: Pick<EvidenceBundle, 'certificate' | 'completions'>,
  entries: ChainedEntry[],
  heads: BundledHead[],
  keyOf: (kid: string) => Promise<EvidenceBundle['keys'][number]>,
): Promise<Gathered> {
  const covered = heads.at(-1)?.leaf.seq ?? 0;
  const certified = entries.findLast(({ event }) => event === 'certify')?.seq;
  if (certified === undefined || certified > covered) return { outcome: 'notSigned' };
  const proven = entries.filter(({ seq }) => seq <= covered);
  const entered = new Set(proven.map(({ facts }) => facts?.completion));
  const completed = completions.filter((jws) => entered.has(digestOf(jws)));
  const signed = [certificate, ...completed, ...heads.map(({ jws }) => jws)];
  const kids = [...new Set(signed.map((jws) => headerOf(jws).kid))].sort();
  return {
    outcome: 'gathered',
    bundle: {
      version: 1,
      certificate,
      completions: completed,
      entries: proven,
      heads,
      keys: await Promise.all(kids.map(keyOf)),
    },
  };
}
