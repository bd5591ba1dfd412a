import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { IdentityType } from '../../lambdas/domain/identity.ts';
import { normalise } from '../../lambdas/domain/normalise.ts';
import { coarseKeySql } from '../../lambdas/domain/normalise-sql.ts';
import { barePhoneSql, homePhoneSql } from '../../lambdas/domain/plain-phone.ts';
import {
  piecesOf,
  recognitionOf,
  recognitionsOf,
  type SuppressionKey,
  saltOf,
  tagSql,
  tagsOf,
} from '../../lambdas/domain/recognising.ts';
import { duckdb } from './in-duckdb.ts';
import { troubledValues } from './troublesome.ts';

const KEYS: SuppressionKey[] = [1, 2, 7].map((version) => ({
  version,
  key: Buffer.alloc(32, version),
}));
const TYPES = {
  email: { normalForm: 'email', points: 'unique' },
  phone: { normalForm: 'phone', points: 'unique', defaultCountry: 'DE' },
  number: { normalForm: 'text', points: 'unique' },
} satisfies Record<string, IdentityType>;

let evaluate: Awaited<ReturnType<typeof duckdb>>;
beforeAll(async () => {
  evaluate = await duckdb();
});

/** What SQL makes of raw values, with the salt as it stands in the sieve. */
const inSql = (key: SuppressionKey, type: keyof typeof TYPES, raws: string[]) =>
  evaluate(
    tagSql(
      `'${saltOf(key, type, 'coarse')}'`,
      coarseKeySql(TYPES[type].normalForm, 'raw', 'duckdb'),
    ),
    raws,
  );

const SPELLINGS: [type: keyof typeof TYPES, value: string, spellings: string[]][] = [
  ['email', 'anna@example.org', ['anna@example.org', ' <Anna@EXAMPLE.org> ', 'ANNA@example.org.']],
  ['email', 'jörg@müller.example', ['jörg@müller.example', 'JO\u0308RG@MÜLLER.example']],
  ['email', '𝔞😀@post.example', ['𝔞😀@post.example', '\u200b𝔞😀@POST.example']],
  ['number', 'Kunde-Ü1', ['Kunde-Ü1', '\tKunde-U\u03081 ']],
  ['phone', '+49301234567', ['030/123 45 67', '+49 (30) 1234567', 'Tel. ٠٣٠ 1234567 ext. 8']],
];

describe.each(KEYS)('the key of version $version', (key) => {
  it.each(SPELLINGS)('lets SQL see a %s %s in every spelling', async (type, value, spellings) => {
    for (const raw of spellings) expect(normalise(raw, TYPES[type])).toBe(value);
    const tags = tagsOf(key, { type, value }, TYPES[type]);
    for (const tag of await inSql(key, type, spellings)) expect(tags).toContain(tag);
  });

  it('lets SQL see whatever TypeScript takes for somebody, whatever it is', async () => {
    const texts = troubledValues();
    for (const type of ['email', 'number', 'phone'] as const) {
      const meant = texts.flatMap((raw) => {
        const value = normalise(raw, TYPES[type]);
        return value === undefined ? [] : [{ raw, value }];
      });
      expect(meant.length).toBeGreaterThan(100);
      const seen = await inSql(
        key,
        type,
        meant.map(({ raw }) => raw),
      );
      for (const [at, { value }] of meant.entries())
        expect(tagsOf(key, { type, value }, TYPES[type])).toContain(seen[at]);
    }
  });

  it('tells whole phones apart where SQL can normalise them', async () => {
    const whole = `${tagSql(`'${saltOf(key, 'phone', 'phone')}'`, homePhoneSql(barePhoneSql('raw'), 'DE'))}`;
    const [own, other] = await evaluate(whole, ['030 1234567', '040 1234567']);
    const tags = tagsOf(key, { type: 'phone', value: '+49301234567' }, TYPES.phone);
    expect(tags).toContain(own);
    expect(tags).not.toContain(other);
  });
});

describe('what is kept of somebody', () => {
  const identities = [
    { type: 'email', value: 'jörg@müller.example' },
    { type: 'number', value: 'jörg@müller.example' },
    { type: 'undeclared', value: '1' },
  ];
  const [key] = KEYS as [SuppressionKey];

  it('is an HMAC-SHA256 of each identity that the platform declares', () => {
    const { macs } = recognitionsOf(key, identities, TYPES);
    const macKey = createHmac('sha256', key.key).update('recognise').digest();
    const mac = (text: string) => createHmac('sha256', macKey).update(text).digest('hex');
    expect(piecesOf(macs, 32)).toEqual([
      mac('email\0jörg@müller.example'),
      mac('number\0jörg@müller.example'),
    ]);
  });

  it('differs by version of the key, and by type', () => {
    const all = KEYS.flatMap((one) => {
      const { macs, tags } = recognitionsOf(one, identities, TYPES);
      return [...piecesOf(macs, 32), ...piecesOf(tags, 8)];
    });
    expect(new Set(all).size).toBe(3 * 4);
    expect(recognitionOf(key, { type: 'email', value: 'a' })).toHaveLength(32);
  });
});
