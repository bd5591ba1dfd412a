import type { Identity } from './identity.ts';
import { otherSpelling } from './internationalised.ts';

/*
 * What a mail or a page may show of a person: enough for whoever knows which request it is about,
 * and too little to learn an address from it. Length shows nowhere.
 */
const GAP = '…';

const ends = (text: string): string => {
  const letters = [...text];
  const first = letters[0] ?? '';
  return letters.length < 4
    ? `${letters.length > 1 ? first : ''}${GAP}`
    : `${first}${GAP}${letters.at(-1)}`;
};

/** `mail.example.org` → `m….org`; that a label is spelled in `xn--` says nothing of it. */
function maskDomain(domain: string): string {
  const first = domain.startsWith('xn--') ? 'xn--' : ([...domain][0] ?? '');
  const dot = domain.lastIndexOf('.');
  const ending = dot > 0 ? domain.slice(dot) : '';
  return `${dot > 1 ? first : ''}${GAP}${ending}`;
}

/** `anna.schmidt@mail.example.org` → `a…t@m….org`; of an internationalised domain, both spellings. */
function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  const masked = maskDomain(domain);
  const other = maskDomain(otherSpelling(domain) ?? domain);
  const also = other === masked ? '' : ` (${other})`;
  return `${ends(address.slice(0, at))}@${masked}${also}`;
}

/** A phone as `normalise` gives it: `+4930123456` → `…56`. */
const PHONE = /^\+\d{6,}$/;

/** An identity as the admin sees it: `email a…t@m….org`. */
export function maskIdentity({ type, value }: Identity): string {
  const words = type.replaceAll('_', ' ');
  if (value.lastIndexOf('@') > 0) return `${words} ${maskAddress(value)}`;
  if (PHONE.test(value)) return `${words} ${GAP}${value.slice(-2)}`;
  return `${words} ${ends(value)}`;
}

const SHOWN = 5;

export const maskIdentities = (identities: Identity[]): string[] => {
  const masked = identities.slice(0, SHOWN).map(maskIdentity);
  const more = identities.length - masked.length;
  return more > 0 ? [...masked, `and ${more} more`] : masked;
};
