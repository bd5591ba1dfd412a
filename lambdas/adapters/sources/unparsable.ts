import type { EngineError } from '../engine/engine-error.ts';
import { SourceFailure } from './source-failure.ts';

/** Where in which file DuckDB stopped: `the file s3://orders/a.csv, line 3`. */
export function placeOf({ said }: EngineError): string | undefined {
  const csv = /CSV Error on Line: (\d+)/.exec(said);
  if (csv) {
    // The last one: the row that DuckDB quotes before it could contain such a line, too.
    const file = [...said.matchAll(/^ {2}file = (.+)$/gm)].at(-1)?.[1];
    return `the file ${file}, line ${csv[1]}`;
  }
  const json =
    /^Invalid Input Error: (Malformed JSON|JSON transform error) in file "([^"]+)".*? in line (\d+)/.exec(
      said,
    );
  if (!json) return undefined;
  // DuckDB counts one line too many where the text is no JSON at all, and never counts blank ones.
  const line = Number(json[3]) - (json[1] === 'Malformed JSON' ? 1 : 0);
  return `the file ${json[2]}, line ${line} (blank lines not counted)`;
}

/** A file that is not what its format says, with its name and line; nothing of what it holds. */
export function unparsable(error: EngineError): SourceFailure | undefined {
  const { said } = error;
  const place = placeOf(error);
  if (place)
    return new SourceFailure('unparsableFile', `${upperFirst(place)}: ${whatIsWrong(said)}.`, {
      cause: error,
    });
  const broken = BROKEN_FILES.map((words) => words.exec(said)?.[1]).find(Boolean);
  if (!broken) return undefined;
  return new SourceFailure(
    'unparsableFile',
    `The file ${broken} is not a Parquet file, or is damaged.`,
    { cause: error },
  );
}

/** A footer that is damaged names places beyond the file's end. */
const BROKEN_FILES = [
  /File '([^']+)'.*Parquet/,
  /No magic bytes found at end of file '([^']+)'/,
  /^[A-Za-z ]+ Error: Failed to read file "([^"]+)"/,
  /^HTTP Error: HTTP GET error reading '([^']+)'.*\(HTTP 416/,
];

function whatIsWrong(said: string): string {
  if (said.includes('unterminated quote')) return 'a quote is not closed, or stands inside a value';
  if (said.includes('Expected Number of Columns')) return 'too few or too many columns';
  if (said.includes('utf-8')) return 'it is not encoded in UTF-8';
  if (said.includes('JSON')) return 'it is not one JSON object';
  return 'it cannot be parsed';
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
