import { text as readAll } from 'node:stream/consumers';
import { confirm, input, password } from '@inquirer/prompts';
import type { Identity } from '../lambdas/domain/identity.ts';
import { usageError } from './command-error.ts';

/** Questions go to standard error, so that standard output holds the answer alone. */
const beside = { output: process.stderr };

export const atTerminal = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

export const readStandardInput = () => readAll(process.stdin);

const ASKED_TYPES = [
  { type: 'email', words: 'E-mail address' },
  { type: 'phone', words: 'Phone number' },
  { type: 'customer_id', words: 'Customer id' },
];

/** Asks until Enter alone; what is typed is not shown, and stands in no process list. */
export async function askIdentities(): Promise<Identity[]> {
  const found: Identity[] = [];
  for (const { type, words } of ASKED_TYPES) {
    for (let more = ''; ; more = 'Another ') {
      const message = `${more === '' ? words : more + words.toLowerCase()} (hidden; Enter for none):`;
      const value = (await password({ message, mask: true }, beside)).trim();
      if (value === '') break;
      found.push({ type, value });
    }
  }
  if (found.length === 0) throw usageError('Nobody is named, so nothing was started.');
  return found;
}

/** Hidden as identities are. */
export const askSecret = () =>
  password({ message: 'The secret from the mail (hidden):', mask: true }, beside);

export const askToGoOn = (message: string) => confirm({ message, default: false }, beside);

/** `-` reads standard input; at a terminal without the option, asks. */
export async function reasonFrom(option: string | undefined): Promise<string | undefined> {
  if (option === '-') return blankIsNone(await readStandardInput());
  if (option !== undefined) return blankIsNone(option);
  if (!atTerminal()) return undefined;
  return blankIsNone(await input({ message: 'Reason (kept encrypted; Enter for none):' }, beside));
}

const blankIsNone = (text: string) => (text.trim() === '' ? undefined : text.trim());
