import type { IdentityType } from '../../lambdas/domain/identity.ts';

type Type = Pick<IdentityType, 'normalForm' | 'defaultCountry'>;

const email: Type = { normalForm: 'email' };
const text: Type = { normalForm: 'text' };
const phoneIn = (defaultCountry?: IdentityType['defaultCountry']): Type => ({
  normalForm: 'phone',
  ...(defaultCountry && { defaultCountry }),
});

/** Raw spelling, its type, and its normal form (`undefined`: no identity). */
export const VECTORS: [raw: string, type: Type, normalised: string | undefined][] = [
  ['anna@example.com', email, 'anna@example.com'],
  ['  Anna@Example.COM\r\n', email, 'anna@example.com'],
  ['\u00a0\ufeffanna@example.com\u200b', email, 'anna@example.com'],
  ['<anna@example.com>', email, 'anna@example.com'],
  ['anna@example.com.', email, 'anna@example.com'],
  ['Anna+News@example.com', email, 'anna+news@example.com'],
  ['M\u00dcLLER@example.com', email, 'm\u00fcller@example.com'],
  ['mu\u0308ller@example.com', email, 'm\u00fcller@example.com'],
  ['\u212aim@example.com', email, 'kim@example.com'],
  ['\u0130pek@example.com', email, 'i\u0307pek@example.com'],
  ['stra\u00dfe@example.com', email, 'stra\u00dfe@example.com'],
  ['\u039f\u0394\u039f\u03a3@example.com', email, '\u03bf\u03b4\u03bf\u03c3@example.com'],
  ['STRA\u1e9eE@example.com', email, 'stra\u00dfe@example.com'],
  ['\u0430nna@example.com', email, '\u0430nna@example.com'],
  ['"Anna.B"@example.com', email, '"anna.b"@example.com'],
  ['anna@m\u00dcller.example', email, 'anna@m\u00fcller.example'],
  ['anna@xn--mller-kva.example', email, 'anna@xn--mller-kva.example'],
  ['\u5c71\u7530@example.jp', email, '\u5c71\u7530@example.jp'],
  ["o'hara@example.ie", email, "o'hara@example.ie"],
  ['', email, undefined],
  [' \t ', email, undefined],
  ['n/a', email, undefined],
  ['anna@', email, undefined],
  ['@example.com', email, undefined],
  ['anna@example.com, bob@example.com', email, undefined],
  ['anna@@example.com', email, undefined],

  [' C-0042 ', text, 'C-0042'],
  ['c-0042', text, 'c-0042'],
  ['\u3000Jose\u0301\u200f', text, 'Jos\u00e9'],
  ['a b', text, 'a b'],
  ['\u212a1', text, 'K1'],
  ['\u00a0', text, undefined],
  ['', text, undefined],

  ['030 1234567', phoneIn('DE'), '+49301234567'],
  ['+49 30 1234567', phoneIn('DE'), '+49301234567'],
  ['+49 (0)30 / 123-4567', phoneIn('DE'), '+49301234567'],
  ['0049301234567', phoneIn('DE'), '+49301234567'],
  ['(+49) 30 1234567', phoneIn(), '+49301234567'],
  ['tel:+49-30-1234567', phoneIn(), '+49301234567'],
  ['030 1234567 ext. 89', phoneIn('DE'), '+49301234567'],
  ['030 1234567x89', phoneIn('DE'), '+49301234567'],
  ['030 1234567;ext=89', phoneIn('DE'), '+49301234567'],
  ['\u0660\u0663\u0660 \u0661\u0662\u0663\u0664\u0665\u0666\u0667', phoneIn('DE'), '+49301234567'],
  [
    '\uff0b\uff14\uff19\u3000\uff13\uff10\uff0d\uff11\uff12\uff13\uff14\uff15\uff16\uff17',
    phoneIn(),
    '+49301234567',
  ],
  ['\u202a+49 30 123\u20114567\u202c', phoneIn(), '+49301234567'],
  ['(213) 373-4253', phoneIn('US'), '+12133734253'],
  ['02966 15-43-1234', phoneIn('AR'), '+5492966431234'],
  ['21 234', phoneIn('CK'), '+68221234'],
  ['+682 21 234', phoneIn('DE'), '+68221234'],
  ['+683 4012', phoneIn(), undefined],
  ['30 1234567', phoneIn(), undefined],
  ['123', phoneIn('DE'), undefined],
  ['unknown', phoneIn('DE'), undefined],
  ['', phoneIn('DE'), undefined],
];
