import type { Command } from 'commander';
import { CycleId, GatheringId, PassId, RequestId, RunId } from '../lambdas/domain/ids.ts';
import { actorFrom } from './actor.ts';
import { usageError } from './command-error.ts';
import { findConnection, readLocalRun } from './connection.ts';
import { type Desk, openDesk } from './desk.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { Reply } from './reply.ts';
import { type Screen, screenOn } from './screen.ts';
import { DSR } from './words.ts';

/** The options that every command takes. */
interface CommonOptions {
  stack?: string;
  endpointUrl?: string;
  aws?: boolean;
  json?: boolean;
}

/** What a command works with. */
export interface Session {
  desk: Desk;
  ledger(): Ledger;
  screen: Screen;
  /** Who acts: `--by`, else the caller's identity. */
  by(option?: string): Promise<string>;
}

export const LOCAL_RUN_FILE = new URL('../.local/run/endpoint.json', import.meta.url).pathname;

/** Prints a command's reply, and sets its exit code. */
export async function answer(
  command: Command,
  work: (session: Session) => Promise<Reply>,
): Promise<void> {
  const options = command.optsWithGlobals<CommonOptions>();
  const connection = findConnection(options, process.env, () => readLocalRun(LOCAL_RUN_FILE));
  const desk = openDesk(connection);
  const screen = screenOn(process.stderr);
  const replied = await work({
    desk,
    ledger: () => openLedger(connection),
    screen,
    by: async (option) => option ?? actorFrom(await desk.callerArn()),
  });
  print(replied, options.json, screen);
}

/** The same for a command that asks no system, and works without one. */
export async function answerAlone(command: Command, work: () => Promise<Reply>): Promise<void> {
  print(await work(), command.optsWithGlobals<CommonOptions>().json, screenOn(process.stderr));
}

function print(
  { document, words, exitCode, notice }: Reply,
  json: boolean | undefined,
  screen: Screen,
): void {
  if (json && notice !== undefined) screen.say(notice);
  const text = notice === undefined ? words : `${notice}\n\n${words}`;
  process.stdout.write(`${json ? JSON.stringify(document, null, 2) : text}\n`);
  process.exitCode = exitCode;
}

/** @throws CommandError (usage) for what cannot be a request's id */
export function parseRequestId(text: string): string {
  const parsed = RequestId.safeParse(text.toUpperCase());
  if (!parsed.success) {
    throw usageError(
      `${text} is no request id: 26 letters and digits, as \`${DSR} list\` shows them.`,
    );
  }
  return parsed.data;
}

/** What `show` can open. @throws CommandError (usage) */
export function parseDisclosed(text: string): string {
  const turn = text.toLowerCase();
  if ([CycleId, PassId, GatheringId].some((id) => id.safeParse(turn).success)) return turn;
  if (RunId.safeParse(text).success) return text;
  return parseRequestId(text);
}
