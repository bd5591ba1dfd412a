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
  const codes = typed
    .slice(0, LINES_READ)
    .filter((line) => line.split(/\s+/).length <= MOST_WORDS)
    .flatMap(codesOf);
  return [...new Set(codes.map((code) => code.toUpperCase()))];
}

function codesOf(line: string): string[] {
  const bare = line
    .replace(BESIDE, ' ')
    .replace(/[:.,!]/g, ' ')
    .trim();
  const spaced = SPACED.exec(bare);
  if (spaced) return [`${spaced[1]}${spaced[2]}`];
  return [...line.matchAll(CODE)]
    .filter(([whole]) => /\d/.test(whole) || whole === whole.toUpperCase() || whole === bare)
    .map(([, first, second]) => `${first}${second}`);
}
