import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { clockHere } from '../../cli/clock.ts';
import { buildProgram } from '../../cli/program.ts';
import { renderRequestList } from '../../cli/render/request-list.ts';
import { renderStatus } from '../../cli/render/status.ts';
import { isByCode, mayBeDecided } from '../../cli/render/wait.ts';
import { DSR } from '../../cli/words.ts';
import type { WaitSummary } from '../../lambdas/domain/request.ts';
import { mailsAbout } from './mailbox.ts';
import { platform, statusOf } from './scene.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** What `dsr status` says of a request, and its line of `dsr list`. */
async function asSeen(requestId: string) {
  const [report, open] = await Promise.all([statusOf(requestId), platform.desk.list('open')]);
  const listed = open.filter((request) => request.requestId === requestId);
  return {
    waits: report.waits,
    status: renderStatus(report, clockHere()),
    list: renderRequestList(listed, clockHere()),
  };
}

const decisionsOn = (wait: WaitSummary) =>
  wait.options
    .filter((option) => option === 'denied' || !isByCode(wait))
    .map((option) => [wait.waitId, option]);

interface OtherWords {
  /** What `dsr list` says of it. */
  inList?: string;
  /** How docs/operations.md calls whom it waits for, and why. */
  listedOn?: string;
  listedAs?: string;
}

/**
 * Whoever looks sees on whom a request waits and why, in the words by which docs/operations.md
 * lists it; and each command that is suggested is one that the command line takes.
 */
export async function expectSeen(
  requestId: string,
  on: string,
  because: string,
  { inList = `${on}: ${because}`, listedOn = on, listedAs = because }: OtherWords = {},
): Promise<void> {
  const { waits, status, list } = await asSeen(requestId);
  expect(status).toMatch(new RegExp(`^Waits since .+ on ${escaped(on)}: ${because}[.;]`, 'm'));
  expect(list).toMatch(new RegExp(`waits since .+ on ${inList}`));
  expect(page).toMatch(new RegExp(`^\\| ${listedOn} \\|[^|]*\\b${listedAs}\\b[^|]*\\|`, 'm'));
  expect(suggestedIn(status).map(asTyped)).toMatchObject(
    waits.filter(mayBeDecided).flatMap(decisionsOn),
  );
}

const escaped = (words: string) => words.replaceAll(/[()]/g, String.raw`\$&`);

const suggestedIn = (words: string): string[] =>
  [...words.matchAll(/^ {2}(\S.*)$/gm)].flatMap(([, line = '']) =>
    line.startsWith(`${DSR} decide `) ? [line.slice(DSR.length + 1)] : [],
  );

/** The wait and the option that the command line makes of a command. */
function asTyped(command: string): [target: string, option: string] | undefined {
  const program = buildProgram();
  let taken: [string, string] | undefined;
  program.commands
    .find((one) => one.name() === 'decide')
    ?.action((target: string, option: string) => {
      taken = [target, option];
    });
  program.parse(command.split(' '), { from: 'user' });
  return taken;
}

/** An address has a mail that asks for a decision on a request. */
export async function expectAsked(requestId: string, address: string): Promise<void> {
  const subjects = (await mailsAbout(requestId, address)).map(({ Subject }) => Subject);
  expect(subjects).toContain(`Request ${requestId} waits for your decision`);
}
