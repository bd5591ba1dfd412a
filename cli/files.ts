import { readFile, writeFile } from 'node:fs/promises';
import { CommandError } from './command-error.ts';

/** @throws CommandError when it cannot be written */
export async function writeOut(file: string, content: string | Uint8Array): Promise<void> {
  await writeFile(file, content).catch(inWords(`${file} cannot be written`));
}

/** @throws CommandError when it cannot be read */
export const readIn = (file: string): Promise<Uint8Array> =>
  readFile(file).catch(inWords(`${file} cannot be read`));

const inWords =
  (what: string) =>
  (cause: NodeJS.ErrnoException): never => {
    throw new CommandError('fault', `${what} (${cause.code ?? 'unknown'}).`, {}, { cause });
  };
