import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, calculateJwkThumbprint } from 'jose';
import { exampleCertificate } from '../../infra/draw/example-certificate.ts';
import { type Certificate, commitments } from '../../lambdas/domain/certificate.ts';
import { bundleOf, headFor } from '../../lambdas/domain/evidence/bundle.ts';
import type {
  ChainHead,
  EvidenceBundle,
  SignedHead,
  StoredHead,
} from '../../lambdas/domain/evidence/documents.ts';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import {
  type ChainedEntry,
  canonicalJson,
  type Facts,
  hashOfEntry,
  NOTHING_BEFORE,
} from '../../lambdas/domain/evidence/ledger-chain.ts';
import { leafHash, merkleRoot } from '../../lambdas/domain/evidence/merkle.ts';

export const SECRET = Buffer.alloc(32, 7).toString('base64url');
export const PERSON = [
  { type: 'email', value: 'anna@example.com' },
  { type: 'phone', value: '+49301234567' },
  { type: 'customer_id', value: 'C-17' },
];
const { requestId } = exampleCertificate;
export const CHAIN = `request/${requestId}`;

/** Signs as KMS does, with a key of its own. */
export interface Signer {
  jwk: EvidenceBundle['keys'][number];
  sign(payload: object, typ: string, header?: object): Promise<string>;
}

export async function aSigner(): Promise<Signer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const jwk = { kty: 'EC', crv: 'P-256', x, y };
  const kid = await calculateJwkThumbprint(jwk);
  return {
    jwk: { ...jwk, kid },
    sign: (payload, typ, header = { alg: 'ES256', kid, typ }) =>
      signed(payload, header, privateKey),
  };
}

const signed = (payload: object, header: object, key: KeyObject) =>
  new CompactSign(Buffer.from(canonicalJson(payload)))
    .setProtectedHeader(header as { alg: 'ES256' })
    .sign(key);

/** Entries of one chain, each over the one before it. */
export function aChain(
  events: [event: string, facts?: Facts][],
  after: ChainedEntry[] = [],
  chain = CHAIN,
): ChainedEntry[] {
  const entries = [...after];
  for (const [event, facts] of events) {
    const last = entries.at(-1);
    const seq = (last?.seq ?? 0) + 1;
    const at = `2026-11-02T09:${String(10 + seq)}:00.000Z`;
    const entry = { chain, seq, at, event, by: event, ...(facts && { facts }) };
    entries.push({ ...entry, hash: hashOfEntry(last?.hash ?? NOTHING_BEFORE, entry) });
  }
  return entries;
}

export const standOf = ({ chain, seq, hash }: ChainedEntry): ChainHead => ({ chain, seq, hash });

export async function aHead(
  signer: Signer,
  leaves: ChainHead[],
  n: number,
  previous: string,
  changed: Partial<SignedHead> = {},
): Promise<StoredHead> {
  const root = merkleRoot(leaves.map((leaf) => leafHash(canonicalJson(leaf))));
  const signedAt = `2026-11-02T10:${String(n).padStart(2, '0')}:00.000Z`;
  const size = leaves.length;
  const head = { version: 1, platform: 'demo', n, signedAt, previous, size, root, ...changed };
  return { jws: await signer.sign(head, 'dsr-head'), leaves };
}

export interface Story {
  signer: Signer;
  certificate: Certificate;
  entries: ChainedEntry[];
  bundle: EvidenceBundle;
}

/**
 * A request that was erased: 11 entries, a head, its certificate, four entries, a head.
 * @param claimed what its certificate says instead
 */
export async function aStory(claimed: Partial<Certificate> = {}): Promise<Story> {
  const signer = await aSigner();
  const before = aChain([
    ['requestReceived', { kind: 'erasure' }],
    ['resolveIdentities', { round: 1, unique: 2 }],
    ['askSources', { round: 1, sources: ['crm', 'orders'] }],
    ['waitOpened'],
    ['sourcesLetGo', { round: 1 }],
    ['joinRefreshCycle', { round: 1 }],
    ['released', { outcome: 'proven' }],
    ['lookAtProof', { round: 1 }],
    ['stateResidue', { places: 4, rows: 10 }],
    ['disclosed'],
    ['waitTold', { role: 'tenantAdmin' }],
  ]);
  const certificate: Certificate = {
    ...exampleCertificate,
    subjectCommitments: commitments(PERSON, SECRET),
    ledger: standOf(before.at(-1) as ChainedEntry),
    ...claimed,
  };
  const jws = await signer.sign(certificate, 'dsr-certificate');
  const completion = {
    version: 1,
    requestId,
    completedAt: '2026-12-03T02:00:00.000Z',
    certificate: digestOf(jws),
    prefixes: ['partitions/crm/c-6.1/'],
  };
  const completed = await signer.sign(completion, 'dsr-completion');
  const entries = aChain(
    [
      ['certify', { outcome: 'erased', inTime: true, certificate: digestOf(jws) }],
      ['notify', { kind: 'closed' }],
      ['requestClosed', { outcome: 'erased' }],
      ['residueGone', { prefixes: 1, completion: digestOf(completed) }],
    ],
    before,
  );
  const heads = await headsOver(signer, [before, entries]);
  const gathered = await bundleOf(
    { certificate: jws, completions: [completed] },
    entries,
    heads.flatMap((head) => headFor(CHAIN, head) ?? []),
    async () => signer.jwk,
  );
  if (gathered.outcome !== 'gathered') throw new Error(gathered.outcome);
  return { signer, certificate, entries, bundle: gathered.bundle };
}

/** One head for each state of the chain, beside chains of others. */
export async function headsOver(signer: Signer, states: ChainedEntry[][]): Promise<StoredHead[]> {
  const others = ['cycle/c-7', 'platform', 'request/01K0', 'request/01KZ'].map((chain) =>
    standOf(aChain([['somethingElse']], [], chain)[0] as ChainedEntry),
  );
  const heads: StoredHead[] = [];
  for (const [at, state] of states.entries()) {
    const leaves = [...others.slice(at), standOf(state.at(-1) as ChainedEntry)];
    leaves.sort((a, b) => (a.chain < b.chain ? -1 : 1));
    const last = heads.at(-1);
    heads.push(await aHead(signer, leaves, at + 6, last ? digestOf(last.jws) : '5'.repeat(64)));
  }
  return heads;
}

export const written = (bundle: unknown): Buffer => Buffer.from(canonicalJson(bundle), 'utf8');
