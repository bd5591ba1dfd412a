/** Put at the top of every mail that is answered by a reply: what stands below it is ours. */
export const REPLY_ABOVE = '--- Please write above this line ---';

const LONGEST_LINE = 1000;
const LINES_READ = 400;

/** "On 3 November, somebody wrote:", in the languages of the demo's country and its neighbours. */
const INTRODUCED =
  /^(on|am|le|el|il|op|em|den|w dniu)\b.{0,400}\b(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napisał(\(a\))?).{0,200}:\s*$/i;

const QUOTED = [
  /^\s*[>|]/,
  /^\s*[-_=*]{5,}/,
  /^\s*-{2,}\s*\p{L}.{0,60}-{2,}\s*$/u,
  /^\s*-{2,}\s?$/,
  /^\s*(begin forwarded message|anfang der weitergeleiteten nachricht|début du message transféré)\s*:/i,
  /^\s*(sent from my|get outlook for|von meinem .{1,40} gesendet|gesendet mit|envoyé de mon)\b/i,
];

/** The block of headers by which Outlook introduces what it quotes. */
const FIRST_HEADER = /^\s*\**(from|von|de|da|van|från|od)\s?:\**\s/i;
const NEXT_HEADER =
  /^\s*\**(sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|inviato|a|oggetto|verzonden|aan|onderwerp)\s?:\**/i;

/**
 * The lines that the sender wrote: all before the first that looks quoted, forwarded, signed or
 * taken from a mail of ours. In doubt it is quoted: nothing counts that somebody merely sent back.
 */
export function ownLines(text: string): string[] {
  const lines = text
    .split(/\r\n|\r|\n|\u2028|\u2029/)
    .slice(0, LINES_READ)
    .map((line) => line.slice(0, LONGEST_LINE));
  const end = lines.findIndex((_, at) => beginsQuote(lines, at));
  return (end < 0 ? lines : lines.slice(0, end)).map((line) => line.trim()).filter(Boolean);
}

function beginsQuote(lines: string[], at: number): boolean {
  const line = lines[at] ?? '';
  if (line.includes(REPLY_ABOVE) || QUOTED.some((sign) => sign.test(line))) return true;
  // Mailers wrap the introduction, at most into three lines.
  const joined = [line, lines[at + 1], lines[at + 2]].map((part) => (part ?? '').trim());
  if (joined.some((_, more) => INTRODUCED.test(joined.slice(0, more + 1).join(' ')))) return true;
  if (line.trimEnd().endsWith(':') && /^\s*>/.test(nextFilled(lines, at) ?? '')) return true;
  return (
    FIRST_HEADER.test(line) &&
    lines.slice(at + 1, at + 5).some((following) => NEXT_HEADER.test(following))
  );
}

const nextFilled = (lines: string[], at: number): string | undefined =>
  lines.slice(at + 1, at + 4).find((line) => line.trim() !== '');
