import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readIdentities, readReceivedAt } from '../../lambdas/domain/intake.ts';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import { PLATFORM_SQL, PLATFORM_YAML } from './a-platform.ts';
import { troublesome } from './troublesome.ts';

const { platform } = parsePlatform({
  file: 'platform.yaml',
  yaml: PLATFORM_YAML,
  sql: PLATFORM_SQL,
});
const read = (...given: [type: string, value: string][]) =>
  readIdentities(
    platform,
    given.map(([type, value]) => ({ type, value })),
  );

describe('when a request came in', () => {
  const now = new Date('2026-03-01T10:00:00.000Z');

  it('is now, if nothing else is given, or any time before', () => {
    expect(readReceivedAt(undefined, now)).toBe('2026-03-01T10:00:00.000Z');
    expect(readReceivedAt('2026-01-15T01:00:00+02:00', now)).toBe('2026-01-14T23:00:00.000Z');
  });

  it('is now by a clock that is a little ahead of ours', () => {
    expect(readReceivedAt('2026-03-01T10:05:00Z', now)).toBe('2026-03-01T10:00:00.000Z');
  });

  it('is never later', () => {
    expect(readReceivedAt('2026-03-01T10:05:01Z', now)).toBeUndefined();
    expect(readReceivedAt('2026-03-02T10:00:00Z', now)).toBeUndefined();
  });
});

describe('the identities of a request', () => {
  it('are normalised, each once', () => {
    expect(
      read(
        ['email', ' Anna@Example.com '],
        ['email', '<anna@example.com>'],
        ['phone', '030 / 123 456'],
        ['customer_id', ' C-1 '],
      ),
    ).toEqual({
      identities: [
        { type: 'email', value: 'anna@example.com' },
        { type: 'phone', value: '+4930123456' },
        { type: 'customer_id', value: 'C-1' },
      ],
      problems: [],
    });
  });

  it('are one phone in five spellings, and a hundred when they are a hundred', () => {
    const spellings = [
      '+49 30 123456',
      '0049 30 123456',
      '030/123456',
      '(030) 123-456',
      '030123456',
    ];
    const phones = spellings.map((value): [string, string] => ['phone', value]);
    expect(read(...phones).identities).toEqual([{ type: 'phone', value: '+4930123456' }]);
    const hundred = [...Array(100).keys()].map((n): [string, string] => ['customer_id', `C-${n}`]);
    expect(read(...hundred)).toMatchObject({ identities: { length: 100 }, problems: [] });
  });

  it('are all read, so that every mistake is told at once', () => {
    const { identities, problems } = read(['email', 'anna'], ['phone', 'x'], ['customer_id', '1']);
    expect(identities).toEqual([{ type: 'customer_id', value: '1' }]);
    expect(problems).toEqual([
      'email: this cannot be read as email. Give an address like name@example.com.',
      'phone: this cannot be read as phone. Give it with its country prefix, like +49 30 123456.',
    ]);
  });

  it('are of types that people know, not of those that a model makes', () => {
    const known = 'this platform knows email, customer_id, phone. Give one of these.';
    expect(read(['golden_id', 'g']).problems).toEqual([`golden_id: ${known}`]);
    expect(read(['passport', 'p']).problems).toEqual([`passport: ${known}`]);
  });

  it('are never repeated in the words about a mistake', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('email', 'phone', 'customer_id', 'golden_id', 'passport'),
        troublesome.map((value) => `${value}§canary`),
        (type, value) => {
          for (const problem of read([type, value]).problems)
            expect(problem).not.toContain('§canary');
        },
      ),
    ));
});
