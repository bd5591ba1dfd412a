import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inBothSpellings } from '../../lambdas/domain/internationalised.ts';
import { maskIdentities, maskIdentity } from '../../lambdas/domain/masking.ts';

describe('a masked identity', () => {
  it.each([
    ['email', 'anna.schmidt@mail.example.org', 'email a…t@m….org'],
    ['email', 'al@example.org', 'email a…@e….org'],
    ['email', 'x@y.de', 'email …@….de'],
    ['email', '"a@b"@example.org', 'email "…"@e….org'],
    ['email', 'root@localhost', 'email r…t@…'],
    ['email', 'anna@xn--bcher-kva.example', 'email a…a@xn--….example (b….example)'],
    ['email', 'anna@bücher.example', 'email a…a@b….example (xn--….example)'],
    // Cyrillic letters that look Latin: only the other spelling tells.
    ['email', 'anna@аррӏе.com', 'email a…a@а….com (xn--….com)'],
    ['email', 'anna@xn--é.example', 'email a…a@xn--….example'],
    ['phone', '+4930123456', 'phone …56'],
    ['customer_id', 'C-000042', 'customer id C…2'],
    ['customer_id', '7', 'customer id …'],
    ['customer_id', '42', 'customer id 4…'],
    ['name', '𝒳𝒴𝒵𝒲', 'name 𝒳…𝒲'],
  ])('of %s %s', (type, value, masked) => {
    expect(maskIdentity({ type, value })).toBe(masked);
  });

  it('says the same of values that differ in the middle alone, whatever their length', () => {
    const middle = fc.stringMatching(/^[a-z0-9.]{2,30}$/);
    fc.assert(
      fc.property(middle, middle, (one, other) => {
        const mask = (text: string) =>
          maskIdentity({ type: 'email', value: `a${text}z@m${text}.org` });
        return mask(one).replace(/@.*/, '') === mask(other).replace(/@.*/, '');
      }),
    );
  });

  it('never shows more than two characters of a local part', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (value) => {
        const [local = ''] = maskIdentity({ type: 'email', value })
          .slice('email '.length)
          .split('@');
        return [...local.replace('…', '')].length <= 2;
      }),
    );
  });

  it('are five at most, and the rest is counted', () => {
    const many = Array.from({ length: 7 }, (_, i) => ({ type: 'customer_id', value: `C-000${i}` }));
    expect(maskIdentities(many)).toHaveLength(6);
    expect(maskIdentities(many).at(-1)).toBe('and 2 more');
  });
});

describe('an address in full', () => {
  it.each([
    ['anna@xn--bcher-kva.example', 'anna@xn--bcher-kva.example (bücher.example)'],
    ['anna@bücher.example', 'anna@bücher.example (xn--bcher-kva.example)'],
    ['anna@example.org', 'anna@example.org'],
    ['C-000042', 'C-000042'],
  ])('%s is shown in both spellings of its domain, if it has two', (address, shown) => {
    expect(inBothSpellings(address)).toBe(shown);
  });
});
