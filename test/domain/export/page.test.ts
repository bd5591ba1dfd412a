import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExportSubject } from '../../../lambdas/domain/export/manifest.ts';
import { exportPage, type ShownTable } from '../../../lambdas/domain/export/page/page.ts';
import { troublesome } from '../troublesome.ts';
import { anExport, aTable, columns } from './an-export.ts';

const pageOf = (tables: ShownTable[], change: Partial<ExportSubject> = {}) =>
  exportPage(anExport(change), tables);

/** Names of elements and attributes, in order: what is markup, whatever the data says. */
const markupOf = (page: string): string[] =>
  // Values first: one that ends in an equals sign looks like an attribute before its quote.
  page.replace(/="[^"]*"/g, '=""').match(/<\/?[a-z][^>\s]*|\s[a-z-]+="/g) ?? [];

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '</td></table><form action="http://evil.example">',
  '</style><script>',
  '<!--',
  '&lt;script&gt;',
];

describe('the page of an export', () => {
  it('tells the facts of Art. 15 in words before any row', () => {
    const page = pageOf([aTable()]);
    const places = [
      'Shop GmbH, Berlin, privacy@shop.example',
      'To deliver what you order.',
      'Name and address',
      'The carrier',
      'Ten years after your last order.',
      'You gave it.',
      'the Berlin commissioner',
      'Customer record',
      'anna@example.org',
    ].map((words) => page.indexOf(words));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('tells those of people who sign in where they differ', () => {
    const page = pageOf([], { subjectKind: 'user' });
    expect(page).toContain('As long as you have an account.');
    expect(page).not.toContain('Ten years after your last order.');
  });

  it('needs none for a copy to take along', () => {
    const page = pageOf([aTable()], { kind: 'portability' });
    expect(page).not.toContain('Why your data is used');
    expect(page).toContain('This is the data that you gave to Web shop, to take along');
  });

  it('says where one table differs', () => {
    const page = pageOf([aTable({ facts: { retention: 'One year.', recipients: ['A', 'B'] } })]);
    expect(page).toContain('<strong>How long it is kept:</strong> One year.');
    expect(page).toContain('<strong>Who receives it:</strong> A B');
  });

  it('writes days and moments in words, and yes and no', () => {
    const page = pageOf([
      aTable({
        columns: columns({
          birthday: 'DATE',
          seen_at: 'TIMESTAMP',
          moved: 'TIMESTAMP WITH TIME ZONE',
          isActive: 'BOOLEAN',
          until: 'DATE',
        }),
        shown: [
          ['1990-05-01', '2026-11-23 14:05:00', '2026-11-23 13:05:00+00', 'false', 'infinity'],
        ],
      }),
    ]);
    for (const words of [
      '1 May 1990',
      '23 November 2026 at 14:05</time>',
      '23 November 2026 at 13:05 UTC',
      '<dt>Is active</dt><dd>no</dd>',
      '<dt>Until</dt><dd>infinity</dd>',
      '23 November 2026 at 14:05 (Europe/Berlin)',
    ])
      expect(page).toContain(words);
  });

  it('writes nested values as lists, and nothing as a dash', () => {
    const page = pageOf([
      aTable({
        columns: columns({ user: 'STRUCT(first_name VARCHAR, emails VARCHAR[])', note: 'VARCHAR' }),
        shown: [
          ['{"first_name":"<Anna>","emails":["a@example.org","b@example.org"]}', null],
          ['not what it was declared as', ''],
        ],
      }),
    ]);
    expect(page).toContain('<dt>First name</dt><dd>&lt;Anna&gt;</dd>');
    expect(page).toContain('<li>a@example.org</li><li>b@example.org</li>');
    expect(page).toContain('not what it was declared as');
    expect(page.match(/<span class="none">–<\/span>/g)).toHaveLength(2);
  });

  it('says in one sentence that nothing is held', () => {
    const page = pageOf([aTable({ rows: 0, shown: [] })]);
    expect(page).toContain('Web shop holds no data about you.');
    expect(page).toContain('Looked through, and nothing of you found: Customer record.');
  });

  it('says how much it does not show', () => {
    const page = pageOf([aTable({ rows: 5000, leftOut: 1 })]);
    expect(page).toContain('5,000 entries; the first 1 are shown, all are in');
    expect(page).toContain('1 entry is left out, because other people stand there too.');
  });

  it('cuts a text that would fill the page', () => {
    const page = pageOf([aTable({ shown: [['x'.repeat(100_000), null]] })]);
    expect(page.length).toBeLessThan(20_000);
    expect(page).toContain('the whole text is in the CSV file');
  });

  it('runs nothing and loads nothing', () => {
    const page = pageOf([aTable()]);
    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'");
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|form|base)\b/i);
    expect(page).not.toMatch(/\b(src|on[a-z]+)\s*=|url\(|@import|https?:/i);
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#/);
  });

  it.each(HOSTILE)('shows %s as the text that it is', (text) => {
    const row = (cell: string) => [cell, null];
    const hostile = pageOf([aTable({ title: text, shown: [row(text), row(text)] })]);
    const harmless = pageOf([aTable({ title: 'x', shown: [row('x'), row('x')] })]);
    expect(markupOf(hostile)).toEqual(markupOf(harmless));
  });

  it('has the same markup whatever is in the data', () =>
    fc.assert(
      fc.property(
        fc
          .oneof(troublesome, fc.string(), fc.constantFrom(...HOSTILE))
          .filter((text) => text !== ''),
        (text) => {
          const page = (words: string) =>
            pageOf([
              aTable({
                title: words,
                facts: { origin: words },
                columns: columns({ [`c ${words}`]: 'VARCHAR', list: 'VARCHAR[]' }),
                shown: [
                  [words, JSON.stringify([`x${words}`])],
                  [words, null],
                ],
              }),
            ]);
          expect(markupOf(page(text))).toEqual(markupOf(page('x')));
        },
      ),
      { numRuns: 200 },
    ));
});
