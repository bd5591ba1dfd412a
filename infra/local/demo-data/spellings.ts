import type { Random } from './random.ts';

/** An address as people type it and systems keep it. */
export function misspellEmail(email: string, chance: Random): string {
  const [name = '', domain = ''] = email.split('@');
  return chance.pick([
    email,
    email,
    email,
    email.toUpperCase(),
    `${name[0]?.toUpperCase()}${name.slice(1)}@${domain}`,
    ` ${email} `,
    `${email}\t`,
  ]);
}

/** One number, as five people write it. Only German numbers go without their country. */
export function respellPhone(phone: string, chance: Random): string {
  const grouped = phone.replace(/^(\+\d\d)(\d{3})(\d{3})/, '$1 $2 $3 ');
  if (!phone.startsWith('+49')) return chance.pick([phone, phone.replace('+', '00'), grouped]);
  const national = `0${phone.slice(3)}`;
  return chance.pick([
    phone,
    phone.replace('+', '00'),
    national,
    `(${national.slice(0, 4)}) ${national.slice(4)}`,
    `${national.slice(0, 4)} / ${national.slice(4, 7)}-${national.slice(7)}`,
    grouped,
  ]);
}
