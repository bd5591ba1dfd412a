import PDFDocument from 'pdfkit';
import { qrCode } from './qr.ts';
import type { Section, Sheet } from './sheet.ts';

type Document = InstanceType<typeof PDFDocument>;

/** Points; a sheet of A4 is 595 × 842. */
const MARGIN = 40;
const WIDTH = 595.28 - 2 * MARGIN;
const QR_SIDE = 92;
const INK = '#000000';
const QUIET = '#4a525a';
const LINE = '#b8bec5';

/**
 * The same page, as one sheet of A4. The same certificate gives the same bytes.
 * @param certifiedAt ISO 8601: the document's date
 */
export async function certificatePdf(sheet: Sheet, certifiedAt: string): Promise<Buffer> {
  const { title, verification } = sheet;
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    lang: 'en',
    displayTitle: true,
    info: {
      Title: `${title} ${sheet.facts[0]?.[1] ?? ''}`,
      Subject: verification.code,
      CreationDate: new Date(certifiedAt),
    },
  });
  const written = collect(document);
  head(document, sheet);
  paragraph(document, sheet.says);
  facts(document, sheet.facts);
  for (const part of sheet.sections) section(document, part);
  howToCheck(document, verification);
  document.end();
  return written;
}

async function collect(document: Document): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of document) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function head(document: Document, { title, outcome, good }: Sheet): void {
  const y = document.y;
  document.font('Helvetica-Bold').fontSize(19).fillColor(INK).text(title, MARGIN, y);
  document.fontSize(12).fillColor(good ? '#0a5c36' : '#7a4100');
  document.text(outcome, MARGIN, y + 5, { width: WIDTH, align: 'right' });
  rule(document, y + 25, INK);
  document.y = y + 33;
}

function facts(document: Document, entries: Sheet['facts']): void {
  const [column, top] = [WIDTH / 2, document.y];
  const half = Math.ceil(entries.length / 2);
  let bottom = top;
  for (const side of [0, 1]) {
    let y = top;
    for (const [name, value] of entries.slice(side * half, (side + 1) * half)) {
      const x = MARGIN + side * column;
      document.font('Helvetica').fontSize(9).fillColor(QUIET).text(name, x, y, { width: 72 });
      document.fillColor(INK).text(latin(value), x + 74, y, { width: column - 84 });
      y = document.y + 3;
    }
    bottom = Math.max(bottom, y);
  }
  document.x = MARGIN;
  document.y = bottom + 1;
}

function section(document: Document, part: Section): void {
  heading(document, part.heading);
  if ('text' in part) paragraph(document, part.text);
  else table(document, part);
}

function table(document: Document, part: Extract<Section, { rows: unknown }>): void {
  const shares = part.head.map(({ share }) => share);
  row(
    document,
    part.head.map(({ name }) => name),
    shares,
    QUIET,
  );
  rule(document, document.y - 1, LINE);
  document.y += 3;
  for (const cells of part.rows) row(document, cells, shares, INK);
  if (part.more) paragraph(document, part.more, QUIET);
}

/** One line, whatever stands in it: what is too long ends in an ellipsis. */
function row(document: Document, cells: string[], shares: number[], color: string): void {
  const y = document.y;
  let x = MARGIN;
  document.font('Helvetica').fontSize(9).fillColor(color);
  for (const [at, cell] of cells.entries()) {
    const width = (shares[at] ?? 0) * WIDTH;
    document.text(latin(cell), x, y, {
      width: width - 6,
      height: 9,
      lineBreak: true,
      ellipsis: true,
    });
    x += width;
  }
  document.x = MARGIN;
  document.y = y + 13;
}

function heading(document: Document, words: string): void {
  document.font('Helvetica-Bold').fontSize(10).fillColor(INK);
  document.text(words, MARGIN, document.y + 6, { width: WIDTH });
  document.y += 2;
}

function paragraph(document: Document, words: string, color = INK): void {
  document.font('Helvetica').fontSize(9).fillColor(color);
  document.text(latin(words), MARGIN, document.y, { width: WIDTH, height: 44, ellipsis: true });
  document.y += 4;
}

function howToCheck(document: Document, { code, words }: Sheet['verification']): void {
  rule(document, document.y + 8, INK);
  const top = document.y + 18;
  const { size, path } = qrCode(code);
  document
    .save()
    .translate(MARGIN, top)
    .scale(QR_SIDE / size)
    .path(path)
    .fill(INK)
    .restore();
  const [x, width] = [MARGIN + QR_SIDE + 16, WIDTH - QR_SIDE - 16];
  document.font('Helvetica-Bold').fontSize(10).fillColor(INK);
  document.text('How to check this page', x, top, { width });
  document.font('Helvetica').fontSize(9);
  document.text(
    'This page is a picture of a signed document, and proves nothing by itself. Ask for the evidence of the request, and check it yourself, offline; the code holds the digest below.',
    x,
    document.y + 3,
    { width },
  );
  document.font('Courier').fontSize(7);
  document.y += 4;
  for (const line of words) document.text(latin(line), x, document.y + 1, { width });
}

function rule(document: Document, y: number, color: string): void {
  document
    .moveTo(MARGIN, y)
    .lineTo(MARGIN + WIDTH, y)
    .lineWidth(color === INK ? 1 : 0.5);
  document.stroke(color);
}

/** The fonts that every reader has know Western letters only. */
const latin = (text: string) =>
  text.replace(/[^\u0020-\u00ff\u2013\u2019\u201c\u201d\u2026]/g, '?');
