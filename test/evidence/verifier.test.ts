import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAbout, type Json, verifyBundle } from '../../cli/verifier.ts';
import type { EvidenceBundle } from '../../lambdas/domain/evidence/documents.ts';
import { digestOf } from '../../lambdas/domain/evidence/jws.ts';
import { type ChainedEntry, hashOfEntry } from '../../lambdas/domain/evidence/ledger-chain.ts';
import { aHead, aSigner, aStory, CHAIN, PERSON, SECRET, type Story, written } from './a-bundle.ts';

let story: Story;
let bytes: Buffer;
beforeAll(async () => {
  story = await aStory();
  bytes = written(story.bundle);
});

describe('a bundle that nobody touched', () => {
  it('holds, and says what it proves', () => {
    expect(verifyBundle(bytes)).toEqual({
      valid: true,
      problems: [],
      certificate: story.certificate,
      digest: digestOf(story.bundle.certificate),
      keys: [story.signer.jwk.kid],
      entries: 15,
      head: { n: 7, signedAt: '2026-11-02T10:07:00.000Z' },
      completedAt: ['2026-12-03T02:00:00.000Z'],
    });
  });

  it('holds without a completion, before residue is gone', () => {
    expect(verifyBundle(written({ ...story.bundle, completions: [] })).problems).toEqual([]);
  });

  it('holds for a key that was named, and for no other', () => {
    const { kid } = story.signer.jwk;
    expect(verifyBundle(bytes, ['another', kid]).valid).toBe(true);
    expect(verifyBundle(bytes, ['another'])).toMatchObject({
      valid: false,
      problems: [{ code: 'otherKey', words: expect.stringContaining(kid) }],
    });
  });
});

type Tampered = EvidenceBundle & { entries: ChainedEntry[] };
type Tamper = (bundle: Tampered, story: Story) => unknown;
const copy = () => structuredClone(story.bundle) as Tampered;
const entry = ({ entries }: Tampered, seq: number) => entries[seq - 1] as ChainedEntry;
const lastHead = ({ heads }: Tampered) => heads.at(-1) as Tampered['heads'][number];
/** As somebody would who can write to the ledger. */
function rehash(entries: ChainedEntry[]): void {
  let before = '0'.repeat(64);
  for (const each of entries) {
    const { hash: _old, ...rest } = each;
    each.hash = hashOfEntry(before, rest);
    before = each.hash;
  }
}
const partsOf = (jws: string) => jws.split('.') as [string, string, string];
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const saying = (jws: string, changed: object) => {
  const [header, payload, signature] = partsOf(jws);
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [header, encoded({ ...said, ...changed }), signature].join('.');
};

const aCompletion = { version: 1, completedAt: '2026-12-03T02:00:00.000Z', prefixes: [] };

const TAMPERINGS: [what: string, code: string, words: RegExp, Tamper][] = [
  [
    'a changed field of an entry',
    'changedEntry',
    /^Entry 9 \(stateResidue\) does not come to its hash/,
    (bundle) => Object.assign(entry(bundle, 9).facts ?? {}, { rows: 0 }),
  ],
  [
    'an entry replaced together with its hash',
    'changedEntry',
    /^Entry 10 .*the entry before it was replaced/,
    (bundle) => {
      const replaced = entry(bundle, 9);
      replaced.facts = { places: 0, rows: 0 };
      const { hash: _old, ...rest } = replaced;
      replaced.hash = hashOfEntry(entry(bundle, 8).hash, rest);
    },
  ],
  [
    'a ledger written anew from the first entry on',
    'headDoesNotMatch',
    /^Head 7 does not match: entry 15 has another hash/,
    (bundle) => {
      entry(bundle, 2).facts = { unique: 1 };
      rehash(bundle.entries);
    },
  ],
  [
    'a missing entry',
    'missingEntry',
    /^Entry 4 of the ledger: missing/,
    (bundle) => bundle.entries.splice(3, 1),
  ],
  [
    'a missing entry in a ledger counted and written anew',
    'missingEntry',
    /^Head 7 was signed over 15 entries: those after 14 are missing/,
    (bundle) => {
      bundle.entries.splice(3, 1);
      for (const [at, each] of bundle.entries.entries()) each.seq = at + 1;
      rehash(bundle.entries);
    },
  ],
  [
    'missing entries at the end',
    'missingEntry',
    /^Head 7 was signed over 15 entries: those after 14 are missing/,
    (bundle) => bundle.entries.pop(),
  ],
  [
    'entries in another order',
    'reordered',
    /^Entries are reordered: entry 6 stands where 5 belongs/,
    ({ entries }) => entries.splice(4, 2, ...entries.slice(4, 6).reverse()),
  ],
  [
    'an entry that stands twice',
    'repeatedEntry',
    /stands twice/,
    ({ entries }) => entries.splice(4, 0, structuredClone(entries[4] as ChainedEntry)),
  ],
  [
    'an entry with a field of its own',
    'malformed',
    /entries\[2\] has an unknown “note”/,
    (bundle) => Object.assign(entry(bundle, 3), { note: 1 }),
  ],
  [
    'a changed certificate',
    'badSignature',
    /^The certificate was changed after it was signed, or its signature is forged/,
    (bundle) => {
      bundle.certificate = saying(bundle.certificate, { inTime: false });
    },
  ],
  [
    'the spare bits of a signature',
    'notSigned',
    /^The certificate is no signed document/,
    (bundle) => {
      const last = bundle.certificate.at(-1) === 'A' ? 'B' : 'A';
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const at = letters.indexOf(bundle.certificate.at(-1) ?? last);
      bundle.certificate = `${bundle.certificate.slice(0, -1)}${letters[at + 1]}`;
    },
  ],
  [
    'a certificate that is not signed',
    'otherAlgorithm',
    /signed by “none”; only ES256 counts/,
    (bundle) => {
      const [, payload] = partsOf(bundle.certificate);
      const header = encoded({ alg: 'none', kid: bundle.keys[0]?.kid, typ: 'dsr-certificate' });
      bundle.certificate = `${header}.${payload}.`;
    },
  ],
  [
    'a header that says more',
    'badSignature',
    /^The certificate was changed/,
    async (bundle, { signer, certificate }) => {
      const header = { alg: 'ES256', kid: signer.jwk.kid, typ: 'dsr-certificate', x: 1 };
      bundle.certificate = await signer.sign(certificate, header.typ, header);
    },
  ],
  [
    'a header in another order',
    'otherAlgorithm',
    /signed by “undefined”/,
    async (bundle, { signer, certificate }) => {
      const header = { typ: 'dsr-certificate', kid: signer.jwk.kid, alg: 'ES256' };
      bundle.certificate = await signer.sign(certificate, header.typ, header);
    },
  ],
  [
    'a head that passes for a certificate',
    'otherType',
    /^The certificate says that it is “dsr-head”, not “dsr-certificate”/,
    (bundle) => {
      bundle.certificate = lastHead(bundle).jws;
    },
  ],
  [
    'another certificate, signed with the same key',
    'otherCertificate',
    /^The ledger names another certificate/,
    async (bundle, { signer, certificate }) => {
      bundle.certificate = await signer.sign({ ...certificate, rounds: 2 }, 'dsr-certificate');
    },
  ],
  [
    'a certificate signed with a key that is not there',
    'unknownKey',
    /^The certificate names a key that is not in the bundle/,
    async (bundle, { certificate }) => {
      bundle.certificate = await (await aSigner()).sign(certificate, 'dsr-certificate');
    },
  ],
  [
    'a signature with another key under the same name',
    'badSignature',
    /^The certificate was changed .* forged/,
    async (bundle, { signer, certificate }) => {
      const header = { alg: 'ES256', kid: signer.jwk.kid, typ: 'dsr-certificate' };
      bundle.certificate = await (await aSigner()).sign(certificate, header.typ, header);
    },
  ],
  [
    'another key under the same name',
    'badKey',
    /^The key .* is not the one that its name says/,
    async (bundle, { signer }) => {
      bundle.keys = [{ ...(await aSigner()).jwk, kid: signer.jwk.kid }];
    },
  ],
  [
    'a key that signed nothing',
    'unusedKey',
    /^Nothing here is signed with the key/,
    async (bundle) => bundle.keys.push((await aSigner()).jwk),
  ],
  [
    'an entry of a certificate left out, and all written anew',
    'notInLedger',
    /^The ledger has no entry of a certificate/,
    (bundle) => {
      entry(bundle, 12).event = 'somethingElse';
      rehash(bundle.entries);
    },
  ],
  [
    'a head with another hash',
    'badSignature',
    /^Head 2 of the bundle was changed after it was signed/,
    (bundle) => {
      lastHead(bundle).jws = saying(lastHead(bundle).jws, { root: '0'.repeat(64) });
    },
  ],
  [
    'a leaf that the head does not hold',
    'notInHead',
    /^Head 7 does not hold this chain/,
    (bundle) => {
      lastHead(bundle).leaf.hash = '1'.repeat(64);
    },
  ],
  [
    'a shortened path',
    'notInHead',
    /^Head 7 does not hold this chain/,
    (bundle) => lastHead(bundle).path.pop(),
  ],
  [
    'a leaf of somebody else',
    'otherRequest',
    /^Head 7 is given for request\/01KZ/,
    (bundle) => {
      lastHead(bundle).leaf.chain = 'request/01KZ';
    },
  ],
  [
    'heads that are not linked',
    'headsNotLinked',
    /^Heads are not linked: head 7 follows on another head 6/,
    async (bundle, { signer }) => {
      const { leaf } = lastHead(bundle);
      const { jws } = await aHead(signer, [leaf], 7, '6'.repeat(64));
      bundle.heads[1] = { jws, leaf, index: 0, path: [] };
    },
  ],
  [
    'a first head that follows on something',
    'headsNotLinked',
    /^Heads are not linked: head 1 /,
    async (bundle, { signer }) => {
      const { leaf } = lastHead(bundle);
      const { jws } = await aHead(signer, [leaf], 1, '6'.repeat(64));
      bundle.heads = [{ jws, leaf, index: 0, path: [] }];
    },
  ],
  [
    'heads in another order',
    'reordered',
    /^Heads are reordered: head 6 stands after head 7/,
    ({ heads }) => heads.reverse(),
  ],
  [
    'a head of another platform',
    'otherPlatform',
    /^Head 8 is of the platform other, not demo/,
    async (bundle, { signer }) => {
      const { leaf } = lastHead(bundle);
      const { jws } = await aHead(signer, [leaf], 8, '6'.repeat(64), { platform: 'other' });
      bundle.heads[1] = { jws, leaf, index: 0, path: [] };
    },
  ],
  [
    'a last head that was left out',
    'notCovered',
    /^No signed head covers the ledger after entry 11/,
    ({ heads }) => heads.pop(),
  ],
  ['no head at all', 'notCovered', /after entry 0/, ({ heads }) => heads.splice(0)],
  [
    'a completion of another certificate',
    'otherRequest',
    /^Completion 1 belongs to another certificate/,
    async (bundle, { signer, certificate }) => {
      const { requestId } = certificate;
      const completion = { ...aCompletion, requestId, certificate: '0'.repeat(64) };
      bundle.completions = [await signer.sign(completion, 'dsr-completion')];
    },
  ],
  [
    'a completion that nobody entered',
    'notInLedger',
    /^Completion 1 stands in no entry of the ledger/,
    async (bundle, { signer, certificate: { requestId } }) => {
      const completion = { ...aCompletion, requestId, certificate: digestOf(bundle.certificate) };
      bundle.completions = [await signer.sign(completion, 'dsr-completion')];
    },
  ],
  [
    'a certificate that says more than it may',
    'malformed',
    /^The certificate has an unknown “toString”/,
    async (bundle, { signer, certificate }) => {
      bundle.certificate = await signer.sign({ ...certificate, toString: 1 }, 'dsr-certificate');
    },
  ],
];

describe('tampering is named', () => {
  it.each(TAMPERINGS)('%s: %s', async (_, code, words, tamper) => {
    const bundle = copy();
    await tamper(bundle, story);
    const { valid, problems } = verifyBundle(written(bundle));
    expect(valid).toBe(false);
    expect(problems).toContainEqual({ code, words: expect.stringMatching(words) });
  });

  it.each<[what: string, claimed: object, code: string, words: RegExp]>([
    ['another outcome', { outcome: 'nothingHeld' }, 'otherOutcome', /“nothingHeld”.*“erased”/],
    [
      'another place in the ledger',
      { ledger: { chain: CHAIN, seq: 11, hash: '1'.repeat(64) } },
      'otherPlace',
      /follows on an entry 11 that is not in this ledger/,
    ],
    ['another request', { requestId: '01KAS3V7N0ZQ4T5M8W2X6Y9B1D' }, 'otherRequest', /^Entry 1 /],
    ['another platform', { platform: 'other' }, 'otherPlatform', /of the platform demo, not other/],
    ['erased, without a proof', { proof: undefined }, 'contradiction', /without a proof/],
    ['what no certificate says', { inTime: 'yes' }, 'malformed', /certificate\.inTime is not/],
  ])('a certificate that says %s', async (_, claimed, code, words) => {
    const told = await aStory(claimed);
    expect(verifyBundle(written(told.bundle)).problems).toContainEqual({
      code,
      words: expect.stringMatching(words),
    });
  });

  it.each([
    ['no JSON', () => Buffer.from('{'), 'notJson', /no JSON in UTF-8/],
    ['a line after it', () => Buffer.concat([bytes, Buffer.from('\n')]), 'notCanonical', /at byte/],
    [
      'a space in it',
      () => Buffer.from(`{ ${bytes.toString().slice(1)}`),
      'notCanonical',
      /byte 2/,
    ],
    [
      'a key twice',
      () => Buffer.from(`{"version":1,${bytes.toString().slice(1)}`),
      'notCanonical',
      /./,
    ],
    ['a mark before it', () => Buffer.concat([Buffer.from('\ufeff'), bytes]), 'notJson', /./],
    ['no object', () => Buffer.from('[]'), 'malformed', /^The bundle is no object/],
    ['no keys', () => written({ ...story.bundle, keys: undefined }), 'malformed', /lacks “keys”/],
  ])('a file with %s', (_, file, code, words) => {
    expect(verifyBundle(file()).problems).toEqual([
      { code, words: expect.stringMatching(words as RegExp) },
    ]);
  });
});

describe('any single byte that changes is noticed', () => {
  it('replaced, inserted and deleted, anywhere', () => {
    const change = fc.constantFrom('replace', 'insert', 'delete');
    const place = fc.integer({ min: 0, max: bytes.length - 1 });
    const letter = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(...[...bytes.toString('latin1')].map((each) => each.charCodeAt(0))),
    );
    fc.assert(
      fc.property(change, place, letter, (how, at, byte) => {
        const [before, from] = [bytes.subarray(0, at), bytes.subarray(at)];
        const middle = how === 'delete' ? [] : [byte];
        const rest = how === 'insert' ? from : from.subarray(1);
        const changed = Buffer.concat([before, Buffer.from(middle), rest]);
        expect(verifyBundle(changed).valid).toBe(changed.equals(bytes));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('whom a certificate is about', () => {
  const about = (type: string, value: string, secret = SECRET) =>
    isAbout(story.certificate as unknown as Json, secret, { type, value });

  it.each(PERSON)('can be checked with one identity alone: $type', ({ type, value }) => {
    expect(about(type, value)).toBe(true);
  });

  it('bears the ways in which people write', () => {
    expect(about('email', ' Anna@Example.com ')).toBe(true);
    expect(about('phone', '+49 (30) 123-4567')).toBe(true);
    expect(about('email', 'anna@example.com', ` ${SECRET}\n`)).toBe(true);
  });

  it('is nobody else, and nobody without the secret', () => {
    expect(about('email', 'bob@example.com')).toBe(false);
    expect(about('phone', 'anna@example.com')).toBe(false);
    expect(about('email', 'anna@example.com', Buffer.alloc(32, 8).toString('base64url'))).toBe(
      false,
    );
    expect(about('email', 'anna@example.com', '')).toBe(false);
  });
});
