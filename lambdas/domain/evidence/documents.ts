import type { ChainedEntry } from './ledger-chain.ts';

/** Where one chain stood when its head was signed. */
export type ChainHead = Pick<ChainedEntry, 'chain' | 'seq' | 'hash'>;

/**
 * What is signed over the chains that have moved since the head before it. A leaf of the tree is
 * `leafHash(canonicalJson(chainHead))`; leaves are sorted by the name of their chain.
 */
export interface SignedHead {
  version: 1;
  platform: string;
  /** 1 for the first, without gaps. */
  n: number;
  signedAt: string;
  /** SHA-256, hexadecimal, of the JWS of head `n - 1`; `NOTHING_BEFORE` for the first. */
  previous: string;
  /** How many leaves. */
  size: number;
  /** Of the Merkle tree, hexadecimal. */
  root: string;
}

/** `heads/<n, ten digits>.json` in the evidence bucket, under Object Lock. */
export interface StoredHead {
  /** Compact JWS over a `SignedHead`, `typ` `dsr-head`. */
  jws: string;
  leaves: ChainHead[];
}

/**
 * What `dsr evidence` writes and `dsr verify` checks, as RFC 8785 writes it: one byte more, and it
 * is another file.
 */
export interface EvidenceBundle {
  version: 1;
  /** Compact JWS over the certificate, `typ` `dsr-certificate`. */
  certificate: string;
  /** What was certified later, that residue is gone: compact JWS, `typ` `dsr-completion`. */
  completions: string[];
  /** Every entry of the request's chain, the first one first. */
  entries: ChainedEntry[];
  /** Heads that cover the chain; the last one covers its last entry. */
  heads: {
    jws: string;
    leaf: ChainHead;
    /** Of the leaf among the leaves, from 0. */
    index: number;
    /** `inclusionPath` of the leaf. */
    path: string[];
  }[];
  /** Public keys (JWK, P-256), each with its RFC 7638 thumbprint as `kid`. */
  keys: { kty: string; crv: string; x: string; y: string; kid: string }[];
}
