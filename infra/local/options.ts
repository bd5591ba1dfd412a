import { Command, InvalidArgumentError } from 'commander';

export interface StartOptions {
  /** Stop after the proof. */
  once: boolean;
  /** Discard everything that earlier runs left. */
  fresh: boolean;
  /** Not given: those that are there already, or else 10,000. */
  customers?: number;
  port: number;
}

/** What follows `npm start --`. */
export function readOptions(args: string[]): StartOptions {
  return new Command('npm start --')
    .description('Runs the whole system on this machine, and erases one demo customer.')
    .option('--once', 'stop after the proof; exit code 1 if anything was not proven', false)
    .option('--fresh', 'discard what earlier runs left, and begin anew', false)
    .option(
      '--customers <number>',
      'how many customers the demo has (default: as before, at first 10000)',
      between(100, 1_000_000),
    )
    .option('--port <number>', 'where the local AWS listens', between(1024, 65_535), 4566)
    .parse(args, { from: 'user' })
    .opts();
}

const between = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};
