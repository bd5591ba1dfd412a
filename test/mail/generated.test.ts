import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { confirmationMail } from '../../lambdas/domain/loop-mails.ts';
import { REPLY_ABOVE } from '../../lambdas/domain/mail/above-quote.ts';
import { corpusMail, fateOfMail } from './a-mail.ts';
import { EXPECTED, REQUEST } from './expected.ts';

const ADMIN = 'tenant-admin@shop.example';
const CODE = '7GQ2-M0XK';

const corpus = Object.keys(EXPECTED).map(corpusMail);
/** The code as it stands in the corpus, too. */
const holdsCode = (text: string) => /7GQ2[- –]?M0XK/i.test(text);

const line = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'export',
      'delete',
      'anna.berg@example.org',
      'deny',
      'Thanks, Tina',
      '',
      'customer id C-1',
      '\t',
      '-- ',
      REQUEST,
    ),
  },
);
const quoteBegins = fc.constantFrom(
  REPLY_ABOVE,
  '> quoted',
  'On Wed, 25 Nov 2026 at 09:00, Privacy <privacy@shop.example> wrote:',
  '-----Original Message-----',
  '________________________________',
  'From: Privacy\r\nSent: Wednesday\r\nTo: Tina\r\nSubject: Request',
  `The request ${REQUEST} waits for your confirmation.`,
  'https://privacy.shop.example/confirm/0dG7yHq',
);
const verdict = fc.constantFrom(
  'PASS',
  'FAIL',
  'GRAY',
  'PROCESSING_FAILED',
  'DISABLED',
  'pass',
  '',
);
const author = fc.constantFrom(
  ADMIN,
  `Tina <${ADMIN}>`,
  `"${ADMIN}" <mallory@elsewhere.example>`,
  `${ADMIN} <mallory@elsewhere.example>`,
  `mallory@elsewhere.example, ${ADMIN}`,
  `<@elsewhere.example:${ADMIN}>`,
  `tenant-admin@shop.example.elsewhere.example`,
  `operator@shop.example`,
  `Admins: ${ADMIN};`,
);

const letter = (from: string[], lines: string[], headers: string[] = []) =>
  [
    ...from.map((one) => `From: ${one}`),
    `Subject: Re: Request ${REQUEST} waits for your confirmation`,
    'Content-Type: text/plain; charset=utf-8',
    ...headers,
    '',
    ...lines,
  ].join('\r\n');

describe('whatever comes', () => {
  it('has a fate, and is no crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        expect((await fateOfMail(bytes)).fate).toEqual(expect.any(String));
      }),
      { numRuns: 300 },
    );
  });

  it('has a fate when a message of the corpus is cut, spliced and overwritten', async () => {
    const broken = fc
      .record({
        one: fc.constantFrom(...corpus),
        other: fc.constantFrom(...corpus),
        cut: fc.nat({ max: 3000 }),
        from: fc.nat({ max: 3000 }),
        noise: fc.uint8Array({ maxLength: 20 }),
      })
      .map(({ one, other, cut, from, noise }) =>
        Buffer.concat([one.subarray(0, cut), noise, other.subarray(from)]),
      );
    await fc.assert(
      fc.asyncProperty(broken, async (bytes) => {
        expect((await fateOfMail(bytes)).fate).toEqual(expect.any(String));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a confirmation', () => {
  it('never comes of a mail without the code in the words of its author', async () => {
    const quoted = fc
      .record({
        above: fc.array(line, { maxLength: 6 }),
        quote: quoteBegins,
        below: fc.array(line, { maxLength: 4 }),
      })
      .filter(({ above }) => !holdsCode(above.join('\n')))
      .map(({ above, quote, below }) => [...above, quote, `Your code: ${CODE}`, CODE, ...below]);
    await fc.assert(
      fc.asyncProperty(quoted, async (lines) => {
        const fate = await fateOfMail(letter([ADMIN], lines));
        expect(JSON.stringify(fate)).not.toContain('7GQ2M0XK');
      }),
      { numRuns: 500 },
    );
  });

  it('never comes of our own mail sent back whole, its code unquoted', async () => {
    const { text } = confirmationMail({
      ...{ requestId: REQUEST, kind: 'access', masked: ['email a…a@e….org'], code: '7GQ2M0XK' },
      ...{ receivedOn: 'Wednesday', dueOn: 'Friday', page: 'https://privacy.shop.example/c/0dG7' },
      isReminder: false,
    });
    const sentBack = fc
      .record({ above: fc.array(line, { maxLength: 6 }), marked: fc.boolean() })
      .filter(({ above }) => !holdsCode(above.join('\n')))
      // Without the first line too: some mailers drop what they take for a rule.
      .map(({ above, marked }) => [...above, marked ? text : text.replace(REPLY_ABOVE, '')]);
    expect(text).toContain(CODE);
    await fc.assert(
      fc.asyncProperty(sentBack, async (lines) => {
        const fate = await fateOfMail(letter([ADMIN], lines));
        expect(JSON.stringify(fate)).not.toContain('7GQ2M0XK');
      }),
    );
  });

  it('never comes from anybody but the authenticated tenant admin', async () => {
    const arrived = fc
      .record({
        from: fc.array(author, { maxLength: 2 }),
        dmarc: verdict,
        spam: verdict,
        virus: verdict,
        header: fc.constantFrom('', 'Auto-Submitted: auto-replied', 'Precedence: bulk'),
      })
      .filter(({ from: [from = '', ...others], dmarc, spam, virus, header }) => {
        const isRight = [ADMIN, `Tina <${ADMIN}>`].includes(from) && others.length === 0;
        const passed = [dmarc, spam, virus].every((one) => one === 'PASS');
        return !(isRight && passed && header === '');
      });
    await fc.assert(
      fc.asyncProperty(arrived, async ({ from, header, ...verdicts }) => {
        const { fate } = await fateOfMail(letter(from, [CODE], header ? [header] : []), {
          verdicts,
        });
        expect(['confirmation', 'denial', 'request', 'decision']).not.toContain(fate);
      }),
      { numRuns: 500 },
    );
  });

  it('comes of the code in the first lines, whatever is quoted below', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 5 }), quoteBegins, async (below, quote) => {
        const fate = await fateOfMail(letter([ADMIN], [CODE, quote, ...below]));
        expect(fate).toMatchObject({ fate: 'confirmation', code: '7GQ2M0XK', requestId: REQUEST });
      }),
    );
  });
});
