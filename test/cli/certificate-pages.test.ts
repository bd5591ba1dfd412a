import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { encode } from 'uqr';
import { certificatePage } from '../../cli/certificate/html.ts';
import { certificatePdf } from '../../cli/certificate/pdf.ts';
import { qrCode } from '../../cli/certificate/qr.ts';
import { sheetOf } from '../../cli/certificate/sheet.ts';
import { exampleCertificate } from '../../infra/draw/example-certificate.ts';
import type { Certificate } from '../../lambdas/domain/certificate.ts';

const DIGEST = 'ab'.repeat(32);
const pageOf = (certificate: Certificate) => certificatePage(sheetOf(certificate, DIGEST));
const pdfOf = (certificate: Certificate) =>
  certificatePdf(sheetOf(certificate, DIGEST), certificate.certifiedAt);

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => `a_source_with_quite_a_long_name_${at}`.padEnd(40, 'w'));
const at = exampleCertificate.receivedAt;
const aTable = (name: string) => ({ kind: 'segment' as const, name, rows: 12_000_000 });

/** As much as a certificate can say, of everything. */
const crowded: Certificate = {
  ...exampleCertificate,
  outcome: 'partlyErased',
  inTime: false,
  verification: Object.fromEntries(
    names(30).map((name) => [
      name,
      { answer: 'cannotTell', askedAt: at, goneSince: at, asks: 999 },
    ]),
  ),
  refresh: {
    cycleId: 'c-1234567',
    snapshotId: 'c-1234567',
    publishedAt: at,
    sources: names(30).map((source) => ({ source, status: 'failedPermanent', at })),
    failedSources: [],
  },
  proof: {
    depth: 'declared',
    tables: 400,
    rows: 12_000_000_000,
    bytes: 5_000_000_000_000,
    scanned: [],
    foundUndeclared: [],
    unsearched: [],
    notWithinTexts: 0,
    found: names(40).map(aTable),
    sharedWithOthers: names(3).map(aTable),
  },
  residue: names(60).map((name) => ({
    ...aTable(name),
    copies: 300,
    in: ['c-1 to c-300'],
    inactiveSince: at,
    deletedBy: '2026-12-31',
    afterDeadline: true,
  })),
  exceptions: names(9).map((source) => ({ source, basis: 'x'.repeat(200), until: '2036-12-31' })),
  packagesPurged: 3,
  recipients: names(9).map((name) => ({ name, title: 'y'.repeat(200), toldAt: at })),
  gaveUpOn: names(9),
  closedBy: { option: 'refused', by: 'w'.repeat(200), reasonCode: 'given' },
};

describe('the sheet of a certificate', () => {
  it('says what was asked, when, and whether the deadline was kept', () => {
    const { title, outcome, facts } = sheetOf(exampleCertificate, DIGEST);
    expect({ title, outcome }).toEqual({ title: 'Certificate of erasure', outcome: 'erased' });
    expect(Object.fromEntries(facts)).toMatchObject({
      Received: '2026-11-02 08:12 UTC',
      'Legal deadline': '2026-12-02 (Europe/Berlin): kept',
      Person: '3 identities, each by a commitment only (email, customer_id, phone)',
    });
    expect(Object.fromEntries(sheetOf(crowded, DIGEST).facts)['Legal deadline']).toMatch(
      /not kept/,
    );
  });

  it('tells the rest in a number when there is more than a sheet holds', () => {
    const { sections } = sheetOf(crowded, DIGEST);
    const counted = sections.map((part) =>
      'rows' in part ? [part.rows.length, part.more] : part.text,
    );
    expect(counted).toEqual([
      [4, 'and 26 more, in the signed JSON'],
      expect.stringContaining('and 37 more, in the signed JSON. 36,000,000 rows'),
      [4, 'and 56 more, in the signed JSON'],
      expect.stringMatching(/and 6 more, in the signed JSON\.$/),
      expect.stringMatching(/and 6 more, in the signed JSON\.$/),
      [2, 'and 7 more, in the signed JSON'],
    ]);
  });

  it('says so where nobody was asked, and nothing was scanned', () => {
    const {
      verification: _,
      refresh: __,
      proof: ___,
      recipients: ____,
      ...refused
    } = exampleCertificate;
    const sheet = sheetOf(
      { ...refused, outcome: 'refused', verification: {}, residue: [] },
      DIGEST,
    );
    expect(sheet.good).toBe(false);
    expect(sheet.sections).toMatchObject([
      { text: 'No source was asked.' },
      { text: 'Nothing was scanned.' },
      { text: 'Nothing.' },
      { text: 'None.' },
    ]);
  });

  it('says of each recipient when they were told, and whether they acknowledged', () => {
    const toldAt = '2026-11-02T09:41:20.000Z';
    const told = (recipients: Certificate['recipients']) =>
      sheetOf({ ...exampleCertificate, recipients }, DIGEST).sections.at(-1);
    expect(
      told([
        { name: 'a', title: 'A Ltd', toldAt, acknowledgedAt: '2026-11-03T10:00:00.000Z' },
        { name: 'b', title: 'B Ltd', toldAt, undeliverable: true },
        { name: 'c', title: 'C Ltd' },
      ]),
    ).toMatchObject({
      heading: 'Recipients who were told (GDPR Art. 19)',
      rows: [
        ['A Ltd', '2026-11-02 09:41', '2026-11-03 10:00'],
        ['B Ltd', '2026-11-02 09:41', 'not acknowledged, the mail came back'],
        ['C Ltd', 'no mail left', 'not acknowledged'],
      ],
    });
  });
});

describe('the page', () => {
  it('holds everything, loads nothing and runs nothing', () => {
    const page = pageOf(exampleCertificate);
    for (const words of ['01KAS3V7N0ZQ4T5M8W2X6Y9B1C', 'web_events', '21,794 rows', DIGEST])
      expect(page).toContain(words);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|https?:|url\(|@import/i);
    expect(page).toContain('<html lang="en">');
    expect(page.match(/<h1/g)).toHaveLength(1);
    expect(page.match(/<th(?![^>]*scope=)[ >]/g)).toBeNull();
    expect(page).toMatch(/role="img" aria-label="QR code: dsr:certificate:/);
  });

  it('escapes whatever stands on it', () => {
    const hostile = `<script>"'&`;
    const page = pageOf({
      ...crowded,
      platform: hostile,
      gaveUpOn: [hostile],
      closedBy: { option: hostile, by: hostile, reasonCode: hostile },
      exceptions: [{ source: hostile, basis: hostile, until: hostile }],
      verification: { [hostile]: { asks: 1 } },
      residue: [{ ...(crowded.residue[0] as Certificate['residue'][number]), name: hostile }],
    });
    expect(page.split('&lt;script&gt;&quot;&#39;&amp;').length).toBeGreaterThan(7);
    expect(page).not.toContain('<script');
  });
});

describe('the PDF', () => {
  it('says the same on one sheet, however much there is', async () => {
    for (const certificate of [exampleCertificate, crowded]) {
      const pdf = await pdfOf(certificate);
      expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
      expect(pdf.toString('latin1')).toContain('/MediaBox [0 0 595.28 841.89]');
      const text = textIn(pdf);
      for (const words of [certificate.requestId, DIGEST, 'How to check this page'])
        expect(text).toContain(words);
    }
    expect(textIn(await pdfOf(crowded))).toContain('and 56 more, in the signed JSON');
  });

  it('is the same file for the same certificate', async () => {
    expect((await pdfOf(exampleCertificate)).equals(await pdfOf(exampleCertificate))).toBe(true);
  });

  it('bears letters that its fonts do not know', async () => {
    const pdf = await pdfOf({ ...exampleCertificate, gaveUpOn: ['źródło → 源'] });
    expect(textIn(pdf)).toContain('?ród?o ? ?');
  });
});

describe('the QR code', () => {
  it('has every dark square, and no other', () => {
    const text = `dsr:certificate:${exampleCertificate.requestId}:${DIGEST}`;
    const { size, path } = qrCode(text);
    const dark = new Set<string>();
    for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
      for (let on = 0; on < Number(width); on += 1) dark.add(`${Number(x) + on} ${y}`);
    const wanted = encode(text, { ecc: 'M', border: 0 }).data.flatMap((row, y) =>
      row.flatMap((isDark, x) => (isDark ? [`${x} ${y}`] : [])),
    );
    expect([...dark].sort()).toEqual(wanted.sort());
    expect(size).toBeGreaterThan(20);
  });
});

/** What stands in a PDF: its streams, and in them the hexadecimal of what is shown. */
function textIn(pdf: Buffer): string {
  const lines: string[] = [];
  for (let from = pdf.indexOf('stream\n'); from >= 0; from = pdf.indexOf('\nstream\n', from + 1)) {
    const start = from + (pdf[from] === 10 ? 8 : 7);
    const stream = pdf.subarray(start, pdf.indexOf('\nendstream', start));
    for (const [shown] of inflateSync(stream)
      .toString('latin1')
      .matchAll(/\[.*?\] TJ/g))
      lines.push([...shown.matchAll(/<([0-9a-f]*)>/g)].map(([, hex = '']) => hex).join(''));
  }
  return lines.map((hex) => Buffer.from(hex, 'hex').toString('latin1')).join('\n');
}
