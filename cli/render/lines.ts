import type { LineReport } from '../../lambdas/domain/desk-reports.ts';
import { type Clock, relative } from '../clock.ts';
import { table } from '../table.ts';
import { DSR } from '../words.ts';
import { renderWait } from './wait.ts';

const LINE_WORDS: Record<LineReport['line'], string> = {
  cycles: 'refresh cycles',
  verification: 'asking the sources',
  gatherings: 'gathering for exports',
};

export function renderLines(lines: LineReport[], clock: Clock): string {
  const rows = lines.map((line) => [
    LINE_WORDS[line.line],
    line.turn ?? line.lastTurn ?? '',
    stateWords(line, clock),
    line.deaths,
    line.waiting,
  ]);
  const stopped = lines.filter(({ stuck }) => stuck).map((line) => stoppedWords(line, clock));
  return [table(['Line', 'Turn', 'State', 'Died', 'Waiting'], rows, [3, 4]), ...stopped].join(
    '\n\n',
  );
}

function stateWords(line: LineReport, clock: Clock): string {
  const { stuck, turn, lastTurn, begun, startsAt } = line;
  if (stuck) return 'stopped';
  if (turn === undefined) return lastTurn === undefined ? 'none yet' : 'over';
  if (begun) return 'at work';
  const later = startsAt !== undefined && Date.parse(startsAt) > clock.now.getTime();
  return later ? `starts ${relative(startsAt, clock)}` : 'starting';
}

function stoppedWords({ line, lastTurn, deaths, wait }: LineReport, clock: Clock): string {
  return [
    `${capital(LINE_WORDS[line])} stopped: ${deaths} in a row died, the last was ${lastTurn}.`,
    `What it met: ${DSR} show ${lastTurn}`,
    wait === undefined
      ? `Repair what failed, then:\n  ${DSR} resume ${line}`
      : renderWait(wait, clock),
  ].join('\n');
}

const capital = (words: string) => `${words[0]?.toUpperCase()}${words.slice(1)}`;

/** One sentence a line that has stopped, with its remedy; `undefined` when all go on. */
export function stoppedNotice(lines: LineReport[]): string | undefined {
  const stopped = lines.filter(({ stuck }) => stuck);
  return stopped.length === 0
    ? undefined
    : stopped
        .map(
          ({ line }) =>
            `${capital(LINE_WORDS[line])} stopped, and what needs it waits: see \`${DSR} lines\`, then \`${DSR} resume ${line}\`.`,
        )
        .join('\n');
}
