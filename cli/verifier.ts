import { createHash, createHmac, createPublicKey, type KeyObject, verify } from 'node:crypto';
import canonicalize from 'canonicalize';

/*
 * Checks an evidence bundle, and trusts nobody: no AWS, no network, nothing of the system that made
 * it. docs/evidence.md says what each check proves. Needs Node.js and `canonicalize` (RFC 8785).
 */

/** What is wrong; `code` for scripts. */
export interface Problem {
  code: string;
  words: string;
}

export interface Verdict {
  valid: boolean;
  problems: Problem[];
  /** Of a certificate whose signature holds. */
  certificate?: Json;
  /** SHA-256 of the signed certificate: what its printed page says. */
  digest?: string;
  /** RFC 7638 thumbprints of the keys that signed. */
  keys: string[];
  entries: number;
  /** The head that covers the last entry. */
  head?: { n: number; signedAt: string };
  /** When it was certified that residue is gone. */
  completedAt: string[];
}

export type Json = Record<string, unknown>;
interface Entry extends Json {
  chain: string;
  seq: number;
  event: string;
  hash: string;
  facts?: Json;
}
interface Head {
  jws: string;
  leaf: { chain: string; seq: number; hash: string };
  index: number;
  path: string[];
}
interface Bundle {
  certificate: string;
  completions: string[];
  entries: Entry[];
  heads: Head[];
  keys: Record<'crv' | 'kid' | 'kty' | 'x' | 'y', string>[];
}
type Report = (code: string, words: string) => void;

/** @param pinned thumbprints of the keys that may have signed; without any, the bundle's own count */
export function verifyBundle(bytes: Uint8Array, pinned: string[] = []): Verdict {
  const problems: Problem[] = [];
  const report: Report = (code, words) => void problems.push({ code, words });
  const verdict: Verdict = { valid: false, problems, keys: [], entries: 0, completedAt: [] };
  const bundle = readCanonical(bytes, report);
  if (bundle === undefined) return verdict;
  checkShape(bundle, BUNDLE, 'the bundle', report);
  if (problems.length > 0) return verdict;

  const { certificate: jws, completions, entries, heads } = bundle as Bundle;
  const keys = readKeys((bundle as Bundle).keys, report);
  const used = new Set<string>();
  const open: Open = (what, text, typ, shape) => {
    const opened = openSigned(what, text, typ, keys, report);
    if (!opened) return undefined;
    used.add(opened.kid);
    const before = problems.length;
    checkShape(opened.payload, shape, what, report);
    return problems.length === before ? opened.payload : undefined;
  };
  const certificate = open('the certificate', jws, 'dsr-certificate', CERTIFICATE);
  const digest = sha256(jws);
  const chain = certificate ? `request/${certificate.requestId}` : (entries[0]?.chain ?? '');
  checkEntries(entries, chain, report);
  checkCertificate(certificate, digest, entries, report);
  const head = checkHeads(heads, chain, entries, certificate?.platform, open, report);
  for (const [at, text] of completions.entries()) {
    const what = `completion ${at + 1}`;
    const completion = open(what, text, 'dsr-completion', COMPLETION);
    if (!completion) continue;
    verdict.completedAt.push(String(completion.completedAt));
    if (completion.certificate !== digest || completion.requestId !== certificate?.requestId)
      report('otherRequest', `${capital(what)} belongs to another certificate.`);
    else if (
      !entries.some(
        ({ event, facts }) => event === 'residueGone' && facts?.completion === sha256(text),
      )
    )
      report('notInLedger', `${capital(what)} stands in no entry of the ledger (residueGone).`);
  }
  for (const kid of keys.keys())
    if (!used.has(kid)) report('unusedKey', `Nothing here is signed with the key ${kid}.`);
  for (const kid of used)
    if (pinned.length > 0 && !pinned.includes(kid))
      report('otherKey', `Signed with the key ${kid}, and not with one that you named.`);
  return {
    ...verdict,
    valid: problems.length === 0,
    ...(certificate && { certificate, digest }),
    keys: [...used],
    entries: entries.length,
    ...(head && { head }),
  };
}

/** Whether a certificate is about the person with this identity: `HMAC-SHA256(secret, "type:value")`. */
export function isAbout(
  certificate: Json,
  secret: string,
  { type, value }: { type: string; value: string },
): boolean {
  const exact = value.trim().normalize('NFC');
  // As the system normalises: addresses in lower case, phone numbers as +4930123456.
  const spellings = [exact, exact.toLowerCase(), exact.replace(/[^+\d]/g, '')];
  const key = Buffer.from(secret.trim(), 'base64url');
  return spellings.some((spelling) =>
    (certificate.subjectCommitments as unknown[]).includes(
      createHmac('sha256', key).update(`${type}:${spelling}`).digest('hex'),
    ),
  );
}

/** The file is exactly what RFC 8785 makes of what it says: no byte of it is free. */
function readCanonical(bytes: Uint8Array, report: Report): unknown {
  try {
    const value: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
    );
    const canonical = Buffer.from(canonicalize(value) ?? '', 'utf8');
    if (canonical.equals(bytes)) return value;
    const at = bytes.findIndex((byte, index) => byte !== canonical[index]);
    report(
      'notCanonical',
      `The file is not as it was written: it is no canonical JSON (RFC 8785) at byte ${at < 0 ? bytes.length : at + 1}.`,
    );
  } catch {
    report('notJson', 'The file is no JSON in UTF-8.');
  }
  return undefined;
}

type Open = (what: string, jws: string, typ: string, shape: Shape) => Json | undefined;

/** A compact JWS (RFC 7515), ES256 only, every part in the one way in which it can be written. */
function openSigned(
  what: string,
  jws: string,
  typ: string,
  keys: Map<string, KeyObject>,
  report: Report,
): { kid: string; payload: Json } | undefined {
  const say = (code: string, words: string) => report(code, `${capital(what)} ${words}`);
  const parts = jws.split('.');
  if (parts.length !== 3 || !parts.every(isBase64url))
    return void say('notSigned', 'is no signed document: three parts in base64url.');
  const [header = '', payload = '', signature = ''] = parts;
  const { alg, kid, typ: said, ...more } = readPart(header) ?? {};
  if (alg !== 'ES256')
    return void say('otherAlgorithm', `is signed by “${alg}”; only ES256 counts.`);
  if (said !== typ) return void say('otherType', `says that it is “${said}”, not “${typ}”.`);
  const key = keys.get(String(kid));
  if (!key) return void say('unknownKey', `names a key that is not in the bundle: ${kid}.`);
  const document = readPart(payload);
  const isSigned =
    document !== undefined &&
    Object.keys(more).length === 0 &&
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
  if (!isSigned)
    return void say('badSignature', 'was changed after it was signed, or its signature is forged.');
  return { kid: String(kid), payload: document };
}

/** By their names, which are what they are (RFC 7638). */
function readKeys(keys: Bundle['keys'], report: Report): Map<string, KeyObject> {
  const known = new Map<string, KeyObject>();
  for (const key of keys) {
    const { crv, kid, kty, x, y } = key;
    const name = createHash('sha256').update(JSON.stringify({ crv, kty, x, y }));
    try {
      if (base64url(name.digest()) !== kid || known.has(kid)) throw new Error('It is another one.');
      known.set(kid, createPublicKey({ key, format: 'jwk' }));
    } catch {
      report('badKey', `The key ${kid} is not the one that its name says: it was changed.`);
    }
  }
  return known;
}

/** From 1 without gaps, and each hash over the one before it: `SHA-256(h[n-1] ‖ canonical JSON)`. */
function checkEntries(entries: Entry[], chain: string, report: Report): void {
  const bySeq = new Map(entries.map((entry) => [entry.seq, entry]));
  const seqs = [...bySeq.keys()].sort((a, b) => a - b);
  const gaps = seqs.flatMap((seq, at) => {
    const [first, last] = [(seqs[at - 1] ?? 0) + 1, seq - 1];
    return first > last ? [] : [first === last ? `Entry ${first}` : `Entries ${first} to ${last}`];
  });
  for (const gap of gaps) report('missingEntry', `${gap} of the ledger: missing.`);
  if (entries.length > bySeq.size) report('repeatedEntry', 'An entry of the ledger stands twice.');
  else if (gaps.length === 0)
    for (const [at, { seq }] of entries.entries())
      if (seq !== at + 1)
        report('reordered', `Entries are reordered: entry ${seq} stands where ${at + 1} belongs.`);
  for (const { hash, ...entry } of entries) {
    const name = `Entry ${entry.seq} (${entry.event})`;
    if (entry.chain !== chain)
      report('otherRequest', `${name} is of ${entry.chain}, not of ${chain}.`);
    const previous = entry.seq === 1 ? NOTHING : bySeq.get(entry.seq - 1)?.hash;
    if (previous && sha256(Buffer.from(previous, 'hex'), canonicalize(entry) ?? '') !== hash)
      report(
        'changedEntry',
        `${name} does not come to its hash: it was changed, or the entry before it was replaced.`,
      );
  }
}

function checkCertificate(
  certificate: Json | undefined,
  digest: string,
  entries: Entry[],
  report: Report,
): void {
  const certify = entries.findLast(({ event }) => event === 'certify');
  const inLedger = certify?.facts?.certificate;
  if (inLedger === undefined)
    report('notInLedger', 'The ledger has no entry of a certificate (certify).');
  else if (inLedger !== digest)
    report('otherCertificate', `The ledger names another certificate: ${inLedger}, not ${digest}.`);
  if (!certificate || !certify) return;
  for (const { event, facts } of entries)
    if (['certify', 'requestClosed'].includes(event) && facts?.outcome !== certificate.outcome)
      report(
        'otherOutcome',
        `The certificate says “${certificate.outcome}”, and the ledger “${facts?.outcome}” (${event}).`,
      );
  const { chain, seq, hash } = certificate.ledger as Head['leaf'];
  const before = entries.find((entry) => entry.seq === seq);
  if (before?.hash !== hash || before.chain !== chain || seq >= certify.seq)
    report('otherPlace', `The certificate follows on an entry ${seq} that is not in this ledger.`);
  const { proof, refresh, outcome } = certificate as Record<string, Json | undefined>;
  const isProven =
    isEmpty(proof?.found) && isEmpty(proof?.foundUndeclared) && isEmpty(refresh?.failedSources);
  if (['erased', 'nothingHeld'].includes(String(outcome)) && !isProven)
    report('contradiction', `The certificate says “${outcome}” without a proof of absence.`);
}

/** Each head was signed when the chain stood at its leaf; the last one covers the last entry. */
function checkHeads(
  heads: Head[],
  chain: string,
  entries: Entry[],
  platform: unknown,
  open: Open,
  report: Report,
): { n: number; signedAt: string } | undefined {
  let before: { n: number; seq: number; jws: string } | undefined;
  let last: { n: number; signedAt: string } | undefined;
  for (const [at, { jws, leaf, index, path }] of heads.entries()) {
    const signed = open(`head ${at + 1} of the bundle`, jws, 'dsr-head', HEAD);
    if (!signed) continue;
    const { n, signedAt, size, root, previous } = signed as unknown as Record<
      'n' | 'size',
      number
    > &
      Record<'signedAt' | 'root' | 'previous', string>;
    const entry = entries.find(({ seq }) => seq === leaf.seq);
    if (leaf.chain !== chain)
      report('otherRequest', `Head ${n} is given for ${leaf.chain}, not for ${chain}.`);
    if (!entry)
      report(
        'missingEntry',
        `Head ${n} was signed over ${leaf.seq} entries: those after ${entries.length} are missing.`,
      );
    else if (entry.hash !== leaf.hash)
      report('headDoesNotMatch', `Head ${n} does not match: entry ${leaf.seq} has another hash.`);
    if (rootFrom(sha256(Uint8Array.of(0), canonicalize(leaf) ?? ''), index, size, path) !== root)
      report('notInHead', `Head ${n} does not hold this chain: the path misses the signed root.`);
    if (platform !== undefined && signed.platform !== platform)
      report('otherPlatform', `Head ${n} is of the platform ${signed.platform}, not ${platform}.`);
    if (before && (n <= before.n || leaf.seq <= before.seq))
      report('reordered', `Heads are reordered: head ${n} stands after head ${before.n}.`);
    const link = n === 1 ? NOTHING : before?.n === n - 1 ? sha256(before.jws) : previous;
    if (previous !== link)
      report('headsNotLinked', `Heads are not linked: head ${n} follows on another head ${n - 1}.`);
    before = { n, seq: leaf.seq, jws };
    last = { n, signedAt };
  }
  const covered = heads.at(-1)?.leaf.seq ?? 0;
  if (covered < entries.length)
    report('notCovered', `No signed head covers the ledger after entry ${covered}.`);
  return last;
}

/** The root that a leaf leads to (RFC 9162, section 2.1.3.2); `undefined`: by no way. */
function rootFrom(leaf: string, index: number, size: number, path: string[]): string | undefined {
  if (index >= size) return undefined;
  let [at, end, root] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (end === 0) return undefined;
    const isRight = at % 2 === 1 || at === end;
    const [left, right] = isRight ? [sibling, root] : [root, sibling];
    root = sha256(Uint8Array.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
    while (isRight && at % 2 === 0 && at !== 0) [at, end] = [half(at), half(end)];
    [at, end] = [half(at), half(end)];
  }
  return end === 0 ? root : undefined;
}

const half = (count: number) => Math.floor(count / 2);
const NOTHING = '0'.repeat(64);
const base64url = (data: string | Buffer) => Buffer.from(data as string).toString('base64url');
/** Of 43 letters for 32 bytes, the last has two spare bits: they must be zero. */
const isBase64url = (text: string) => base64url(Buffer.from(text, 'base64url')) === text;
const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** An object, if it is written as RFC 8785 writes it. */
function readPart(part: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return object(value) && base64url(canonicalize(value) ?? '') === part
      ? (value as Json)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What a value must be: a rule on it, a list of such, or exactly these keys (`?`: may be absent). */
type Shape = ((value: unknown) => boolean) | [Shape] | { [key: string]: Shape };
const text = (value: unknown) => typeof value === 'string';
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
const yes = (value: unknown) => typeof value === 'boolean';
const object = (value: unknown) => typeof value === 'object' && value !== null;
const whole = (least: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= least;
const exactly = (wanted: unknown) => (value: unknown) => value === wanted;
const hex = (value: unknown) => text(value) && /^[0-9a-f]{64}$/.test(value as string);
const time = (value: unknown) => text(value) && !Number.isNaN(Date.parse(value as string));

const LEAF: Shape = { chain: text, seq: whole(1), hash: hex };
const BUNDLE: Shape = {
  version: exactly(1),
  certificate: text,
  completions: [text],
  entries: [{ ...LEAF, at: time, event: text, by: text, 'facts?': object }],
  heads: [{ jws: text, leaf: LEAF, index: whole(0), path: [hex] }],
  keys: [{ kty: exactly('EC'), crv: exactly('P-256'), x: text, y: text, kid: text }],
};
const HEAD: Shape = {
  version: exactly(1),
  platform: text,
  n: whole(1),
  signedAt: time,
  previous: hex,
  size: whole(1),
  root: hex,
};
const COMPLETION: Shape = {
  version: exactly(1),
  requestId: text,
  completedAt: time,
  certificate: hex,
  prefixes: [text],
};
const DELIVERED: Shape = {
  ...{ at: time, sha256: hex, bytes: whole(1), tables: whole(0), rows: whole(0) },
};
const RECIPIENT: Shape = {
  ...{ name: text, title: text, 'toldAt?': time, 'acknowledgedAt?': time },
  'undeliverable?': exactly(true),
};
const CERTIFICATE: Shape = {
  ...{ version: exactly(2), platform: text, timeZone: text, platformHash: text },
  ...{ requestId: text, kind: text, outcome: text, subjectCommitments: [hex] },
  ...{ receivedAt: time, dueOn: text, certifiedAt: time, inTime: yes, rounds: whole(1) },
  ...{ identities: object, verification: object, 'refresh?': object, 'proof?': object },
  ...{
    residue: [object],
    exceptions: [object],
    'recognisedUntil?': text,
    'recipients?': [RECIPIENT],
    'packagesPurged?': whole(0),
    'delivered?': DELIVERED,
    gaveUpOn: [text],
    'closedBy?': object,
  },
  ledger: LEAF,
};

function checkShape(value: unknown, shape: Shape, where: string, report: Report): void {
  const say = (words: string) => report('malformed', `${capital(where)} ${words}.`);
  if (typeof shape === 'function') {
    if (!shape(value)) say('is not what belongs there');
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) say('is no list');
    else
      for (const [at, each] of value.entries())
        checkShape(each, shape[0], `${where}[${at}]`, report);
  } else if (!object(value) || Array.isArray(value)) {
    say('is no object');
  } else {
    const given = value as Json;
    const known = Object.keys(shape).map((name) => name.replace('?', ''));
    for (const [name, rule] of Object.entries(shape)) {
      const key = name.replace('?', '');
      if (Object.hasOwn(given, key)) checkShape(given[key], rule, `${where}.${key}`, report);
      else if (key === name) say(`lacks “${key}”`);
    }
    for (const key of Object.keys(given).filter((each) => !known.includes(each)))
      say(`has an unknown “${key}”`);
  }
}
