import { createHash } from 'node:crypto';

/** The ways in which a value may stand somewhere without being seen at a glance. */
export interface Spellings {
  /** Compared without regard to case. */
  anyCase: string[];
  exact: string[];
}

/** @param forms a value as it was written, and its normal form */
export function spellingsOf(forms: string[]): Spellings {
  const all = new Set(
    forms.flatMap((form) => [form, form.trim(), form.toLowerCase(), form.normalize('NFC')]),
  );
  const anyCase = [...all].flatMap((form) => [
    form,
    encodeURIComponent(form),
    encodeURIComponent(form).replaceAll('%20', '+'),
    JSON.stringify(form).slice(1, -1),
    asciiJson(form),
    ...['md5', 'sha1', 'sha256', 'sha512'].flatMap((hash) => hashed(hash, form, 'hex')),
    Buffer.from(form).toString('hex'),
  ]);
  const exact = [...all].flatMap((form) => [
    ...inBase64(form),
    ...['md5', 'sha1', 'sha256'].flatMap((hash) => hashed(hash, form, 'base64')),
  ]);
  return {
    anyCase: [...new Set(anyCase.map((form) => form.toLowerCase()))],
    exact: [...new Set(exact.flatMap((form) => [form, urlSafe(form)]))],
  };
}

const hashed = (hash: string, form: string, encoding: 'hex' | 'base64') => [
  createHash(hash).update(form).digest(encoding).replace(/=+$/, ''),
];

const asciiJson = (form: string) =>
  JSON.stringify(form)
    .slice(1, -1)
    .replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const urlSafe = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');

/** What a text leaves in base64, wherever in a longer text it begins; without the edges, which others share. */
const inBase64 = (form: string) =>
  [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(form)]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return bytes.toString('base64').slice(from, to);
  });
