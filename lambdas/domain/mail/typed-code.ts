const LINES_READ = 6;
/** Two groups of four, as codes are mailed: with a hyphen, or in one. */
const CODE = /(?<![\p{L}\p{N}])([A-Za-z0-9]{4})[-–]?([A-Za-z0-9]{4})(?![\p{L}\p{N}])/gu;
/** With a blank between, they look like words: only where nothing but such words stands beside. */
const BESIDE = /(?<!\p{L})(the|my|your|code|is|confirm(ed)?|deny|denied|reject(ed)?)(?!\p{L})/giu;
const SPACED = /^([A-Za-z0-9]{4}) +([A-Za-z0-9]{4})$/;
const OURS = /https?:\/\/|(?<![A-Za-z0-9])0[0-9A-HJKMNP-TV-Z]{25}(?![A-Za-z0-9])/i;
const MOST_WORDS = 12;

/** From the first line on that carries a link or a request's id, it was taken from our mail. */
export function typedLines(ownLines: string[]): string[] {
  const end = ownLines.findIndex((line) => OURS.test(line));
  return end < 0 ? ownLines : ownLines.slice(0, end);
}

/** What looks like a code in the first lines that a person typed, each once, in capitals. */
export function codesIn(typed: string[]): string[] {
  const codes = aboveSignature(typed)
    .slice(0, LINES_READ)
    .filter((line) => line.split(/\s+/).length <= MOST_WORDS)
    .flatMap(codesOf);
  // A name of eight letters below a code is no second one.
  const withDigit = codes.filter((code) => /\d/.test(code));
  const likely = withDigit.length > 0 ? withDigit : codes;
  return [...new Set(likely.map((code) => code.toUpperCase()))];
}

/** What people write around a code without meaning anything by it. */
const COURTESY =
  /(?<!\p{L})(hello|hi|dear|please|thanks?|thank you|yes|ok(ay)?|ja|danke|bitte|hallo|here|hier|ist|der|confirmation|bestätig(t|e|ung))(?!\p{L})/giu;
/** Below such a line stand a name and numbers, and no wish. Below mere thanks, anything may stand. */
const SIGN_OFF =
  /^\s*(--|((best|kind|warm) )?regards|sincerely|(viele|beste|freundliche|mit freundlichen) grüßen?|mfg)\s*[,.!]?\s*$/iu;

function aboveSignature(typed: string[]): string[] {
  const end = typed.findIndex((line) => SIGN_OFF.test(line));
  return end < 0 ? typed : typed.slice(0, end);
}

/**
 * Whether a person typed a code and nothing that could mean anything else. No list of words for "no"
 * would be complete, so that whatever else stands beside a code keeps it from confirming.
 */
export function isCodeAlone(typed: string[]): boolean {
  const said = aboveSignature(typed).map((line) => {
    const bare = line
      .replace(BESIDE, ' ')
      .replace(COURTESY, ' ')
      .replace(/[\p{P}\p{S}]/gu, ' ');
    return SPACED.test(bare.trim()) || codesIn([line]).length === 1 ? withoutCode(bare) : bare;
  });
  return said.join('').trim() === '';
}

const withoutCode = (bare: string): string =>
  bare.replace(/(?<![\p{L}\p{N}])[A-Za-z0-9]{4} *[A-Za-z0-9]{4}(?![\p{L}\p{N}])/u, ' ');

function codesOf(line: string): string[] {
  const bare = line
    .replace(BESIDE, ' ')
    .replace(/[:.,!]/g, ' ')
    .trim();
  const spaced = SPACED.exec(bare);
  if (spaced) return [`${spaced[1]}${spaced[2]}`];
  return [...line.matchAll(CODE)]
    .filter(([whole]) => /\d/.test(whole) || whole === whole.toUpperCase())
    .map(([, first, second]) => `${first}${second}`);
}
