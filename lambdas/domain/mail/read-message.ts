import { convert, type HtmlToTextOptions } from 'html-to-text';
import PostalMime, { type Email } from 'postal-mime';
import { ownLines } from './above-quote.ts';
import { authorOf } from './author.ts';
import { automaticBy } from './automatic.ts';
import type { Message, ReadMessage } from './message.ts';

/** A letter nests its parts a few levels deep; what goes deeper was made to bring parsers down. */
const LIMITS = { maxNestingDepth: 20, maxHeadersSize: 256 * 1024, forceRfc822Attachments: true };
const TEXT_READ = 200_000;

const ONCE = [
  'from',
  'sender',
  'reply-to',
  'subject',
  'date',
  'message-id',
  'content-type',
  'content-transfer-encoding',
];

const HTML: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxDepth: 200, maxChildNodes: 5000, ellipsis: '' },
  selectors: [
    ...['blockquote', '.gmail_quote', '.gmail_attr', '.moz-cite-prefix', '.yahoo_quoted'].map(
      (selector) => ({ selector, format: 'skip' }),
    ),
    { selector: 'img', format: 'skip' },
    { selector: 'a', options: { ignoreHref: true } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false },
    })),
    { selector: 'hr', format: 'horizontalLine' },
  ],
};

/** Reads a raw message; its attachments, forwarded messages included, are left alone. */
export async function readMessage(raw: Uint8Array, envelopeFrom?: string): Promise<ReadMessage> {
  const email = await PostalMime.parse(raw, LIMITS).catch(() => undefined);
  return email ? { outcome: 'read', message: messageOf(email, envelopeFrom) } : UNREADABLE;
}

const UNREADABLE: ReadMessage = { outcome: 'unreadable' };

function messageOf(email: Email, envelopeFrom: string | undefined): Message {
  const headers = email.headers.map(({ key, value }) => ({ key: key.trim(), value }));
  const count = (name: string) => headers.filter(({ key }) => key === name).length;
  const from = headers.find(({ key }) => key === 'from')?.value;
  const subject = inOneLine(email.subject ?? '');
  return {
    from: from === undefined ? undefined : authorOf(from),
    repeated: ONCE.filter((name) => count(name) > 1),
    messageId: email.messageId?.slice(0, 1000) || undefined,
    date: headers.find(({ key }) => key === 'date')?.value.slice(0, 100),
    subject,
    ownLines: linesOf(email),
    requestIds:
      [subject, plainOf(email), email.html ?? ''].map(requestsIn).find(([id]) => id) ?? [],
    automatic: automaticBy(headers, envelopeFrom),
  };
}

const plainOf = ({ text }: Email): string => (text ?? '').slice(0, TEXT_READ);
const unquotedHtml = ({ html }: Email): string => convert((html ?? '').slice(0, TEXT_READ), HTML);

/**
 * What is written as plain text counts; HTML only where there is nothing else. Beside HTML, a line
 * counts while that has it too, outside of its quotes: a part that is HTML alone has become plain
 * text here, and what it quotes is not marked there any more.
 */
function linesOf(email: Email): string[] {
  const plain = plainOf(email);
  if (!email.html) return ownLines(plain);
  const html = unquotedHtml(email);
  if (plain.trim() === '') return ownLines(html);
  const inHtml = lettersOf(html);
  const lines = ownLines(plain);
  const end = lines.findIndex((line) => !inHtml.includes(lettersOf(line)));
  return end < 0 ? lines : lines.slice(0, end);
}

/** Without marks, blanks and the addresses of links, in which the two differ. */
const lettersOf = (text: string): string =>
  text.replace(/<(mailto|https?):[^>]*>/gi, '').replace(/[^\p{L}\p{N}]/gu, '');

const inOneLine = (subject: string): string =>
  subject
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 1000);

const REQUEST_ID = /(?<![A-Za-z0-9])0[0-7A-HJKMNP-TV-Z][0-9A-HJKMNP-TV-Z]{24}(?![A-Za-z0-9])/gi;
const MOST_REQUESTS = 100;

const requestsIn = (text: string): string[] => {
  const found = [...text.slice(0, TEXT_READ).matchAll(REQUEST_ID)].map(([id]) => id.toUpperCase());
  return [...new Set(found)].slice(0, MOST_REQUESTS);
};
