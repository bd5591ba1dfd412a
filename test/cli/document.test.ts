import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EXIT_CODE_HELP } from '../../cli/exit-codes.ts';
import { buildProgram } from '../../cli/program.ts';
import { renderCheck } from '../../cli/render/ledger.ts';
import { renderLines } from '../../cli/render/lines.ts';
import { renderRequestList } from '../../cli/render/request-list.ts';
import { renderStatus } from '../../cli/render/status.ts';
import { aBrokenLedger, aListed, aReport, aStoppedLine, CLOCK } from './reports.ts';

const document = readFileSync('docs/command-line.md', 'utf8');

describe('docs/command-line.md', () => {
  it.each(buildProgram().commands.map((command) => command.name()))('names %s', (name) => {
    expect(document).toMatch(new RegExp(`\`${name}[ \`]`));
  });

  it('shows what the commands print', () => {
    expect(document).toContain(renderStatus(aReport(), CLOCK));
    expect(document).toContain(renderRequestList([aListed()], CLOCK));
    expect(document).toContain(renderLines([aStoppedLine()], CLOCK));
    expect(document).toContain(renderCheck(aBrokenLedger(), CLOCK));
    expect(document).toContain(EXIT_CODE_HELP);
  });
});
