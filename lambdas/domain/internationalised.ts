import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * The other spelling of an internationalised domain: letters for `xn--`, `xn--` for letters. Whoever
 * reads an address gets both: letters to know it by, and `xn--`, because letters of two scripts may
 * look the same. `undefined`: it has one spelling, or is no domain.
 */
export function otherSpelling(domain: string): string | undefined {
  const [ascii, letters] = [domainToASCII(domain), domainToUnicode(domain)];
  if (!ascii || !letters || ascii === letters) return undefined;
  return domain === ascii ? letters : ascii;
}

/** An address as a person reads it: `anna@xn--bcher-kva.example (bücher.example)`. */
export function inBothSpellings(address: string): string {
  const at = address.lastIndexOf('@');
  const other = at > 0 ? otherSpelling(address.slice(at + 1)) : undefined;
  return other === undefined ? address : `${address} (${other})`;
}
