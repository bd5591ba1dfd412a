import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Identity, type IdentityType, identityKey } from '../../lambdas/domain/identity.ts';
import { normalise } from '../../lambdas/domain/normalise.ts';
import { readingsSql } from '../../lambdas/domain/within-text/escapes.ts';
import { keysWithinSql } from '../../lambdas/domain/within-text/keys-sql.ts';
import { patternOf } from '../../lambdas/domain/within-text/pattern.ts';
import { WantedWithin } from '../../lambdas/domain/within-text/wanted.ts';
import { duckdb } from './in-duckdb.ts';
import { troublesome } from './troublesome.ts';
import { SHORT, TEXTS } from './within-text.vectors.ts';

const TYPES: Record<string, IdentityType> = {
  email: { normalForm: 'email', points: 'unique' },
  customer_id: { normalForm: 'text', points: 'unique' },
  phone: { normalForm: 'phone', points: 'unique', defaultCountry: 'DE' },
};

const wantedOf = (...identities: Identity[]) => new WantedWithin(identities, TYPES);
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

describe('what a text names', () => {
  it.each(TEXTS)('%j, asked for %j: %j', (text, identity, stands) => {
    const found = wantedOf(identity).findIn(text, { whole: false });
    expect(found).toEqual(stands ? [identity] : []);
  });

  it('is told apart among everybody who is looked for', () => {
    const everybody = wantedOf(...TEXTS.map(([, identity]) => identity));
    for (const [text, identity, stands] of TEXTS) {
      const found = everybody.findIn(text, { whole: false });
      const isFound = found.some((one) => identityKey(one) === identityKey(identity));
      expect([text, isFound]).toEqual([text, stands]);
    }
  });

  it.each(SHORT)('%j, asked for the id %j that says little: %j', (text, value, stands) => {
    const id = { type: 'customer_id', value };
    expect(wantedOf(id).findIn(text, { whole: true })).toEqual(stands ? [id] : []);
    expect(wantedOf(id).findIn(text, { whole: false })).toEqual([]);
  });
});

describe('the search for texts in DuckDB', () => {
  let evaluate: Awaited<ReturnType<typeof duckdb>>;
  beforeAll(async () => {
    evaluate = await duckdb();
  });

  /** Whether SQL gives each text to TypeScript, for these people. */
  const isCandidate = async (wanted: WantedWithin, texts: string[]): Promise<boolean[]> => {
    const looksSo = await evaluate(`regexp_matches(raw, ${quoted(patternOf(wanted))})`, texts);
    const long = await evaluate(`strlen(raw) >= ${wanted.shortest}`, texts);
    const readings = await evaluate(readingsSql('raw'), texts);
    const keys = await evaluate(keysWithinSql(wanted, 'raw'), readings as string[]);
    const wantedKeys = wanted.keys;
    return texts.map((_, at) => {
      const { items } = keys[at] as { items: string[] };
      const reading = String(readings[at]);
      const isKept = wantedKeys.some(
        ([key, exact]) => items.includes(key) && (exact === null || reading.includes(exact)),
      );
      return looksSo[at] === true && long[at] === true && isKept;
    });
  };

  /** Those that name somebody and that SQL keeps from TypeScript: there must be none. */
  const missedOf = async (wanted: WantedWithin, texts: string[]) => {
    const candidates = await isCandidate(wanted, texts);
    return texts.filter(
      (text, at) => !candidates[at] && wanted.findIn(text, { whole: false }).length > 0,
    );
  };

  it('misses none of the vectors, for one person or for all', async () => {
    for (const [text, identity] of TEXTS)
      expect(await missedOf(wantedOf(identity), [text])).toEqual([]);
    const everybody = wantedOf(...TEXTS.map(([, identity]) => identity));
    expect(
      await missedOf(
        everybody,
        TEXTS.map(([text]) => text),
      ),
    ).toEqual([]);
  });

  it('leaves out texts that name nobody, however many digits they have', async () => {
    const wanted = wantedOf(...TEXTS.map(([, identity]) => identity));
    const texts = [
      '2026-11-25 10:30:00',
      'Hauptstr. 17, 10115 Berlin',
      'd41d8cd98f00b204e9800998ecf8427e',
      'ben@x.example',
      'B-17',
    ];
    expect(await isCandidate(wanted, texts)).toEqual(texts.map(() => false));
  });

  it('says how ids are built, and nothing of any of them', () => {
    const ids = ['C-17', 'C-4711', 'QX:aaaa.bbbb', '7f1c9e2a-1111'].map((value) => ({
      type: 'customer_id',
      value,
    }));
    const pattern = patternOf(wantedOf(...ids, { type: 'email', value: 'anna@x.example' }));
    for (const part of ['17', '4711', 'QX', 'aaaa', '7f1c', 'anna', 'example'])
      expect(pattern).not.toContain(part);
  });

  it('finds people anywhere in any text, where TypeScript does', async () => {
    const identity = fc
      .oneof(
        fc
          .stringMatching(/^[a-zA-Z0-9.+'_-]{1,8}@[a-z0-9-]{1,6}\.example$/)
          .map((value) => ({ type: 'email', value })),
        troublesome.map((value) => ({ type: 'email', value: `${value}@x.example` })),
        fc
          .stringMatching(/^[A-Za-z0-9]{1,5}[-_.:/ ][A-Za-z0-9]{1,6}$/)
          .map((value) => ({ type: 'customer_id', value })),
        troublesome.map((value) => ({ type: 'customer_id', value })),
        fc.stringMatching(/^0(30|171|89)[0-9]{5,8}$/).map((value) => ({ type: 'phone', value })),
      )
      .map(({ type, value }) => ({
        type,
        raw: value,
        value: normalise(value, TYPES[type] as IdentityType) ?? '',
      }));
    const encoded = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.toUpperCase(),
      encodeURIComponent,
      (text) => JSON.stringify({ text }),
      (text) => JSON.stringify(text).replaceAll('@', '\\u0040'),
      (text) => text.normalize('NFD'),
      (text) => text.split('').join(' '),
      (text) => text.replace(/^0/, '+49 (0) '),
    );
    const samples = fc.sample(
      fc.tuple(
        fc.array(identity, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(troublesome, encoded, fc.nat(3), troublesome), {
          minLength: 8,
          maxLength: 8,
        }),
      ),
      150,
    );
    let found = 0;
    for (const [people, settings] of samples) {
      const wanted = wantedOf(
        ...people.filter(({ value }) => value !== '').map(({ type, value }) => ({ type, value })),
      );
      const texts = settings.map(([before, encode, at, after]) => {
        const { raw = '' } = people[at % people.length] ?? {};
        try {
          return encode(`${before} ${raw} ${after}`);
        } catch {
          return raw;
        }
      });
      found += texts.filter((text) => wanted.findIn(text, { whole: false }).length > 0).length;
      expect([people, await missedOf(wanted, texts)]).toEqual([people, []]);
    }
    expect(found).toBeGreaterThan(200);
  });
});
