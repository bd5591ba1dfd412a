import { Command, InvalidArgumentError } from 'commander';

const PARTS = ['refresh', 'proof', 'deep', 'suppress', 'crowd', 'exports'] as const;
type Part = (typeof PARTS)[number];

export interface BenchOptions {
  rows: number;
  subjects: number;
  suppressed: number;
  requests: number;
  /** Of the package. */
  megabytes: number;
  /** Of each figure and its floor, by turns. */
  runs: number;
  parts: Part[];
  json: boolean;
}

/** What follows `npm run bench --`. */
export function readBenchOptions(args: string[]): BenchOptions {
  const { only, ...options } = new Command('npm run bench --')
    .description('Measures the system against bare reading and writing, within one run.')
    .option('--rows <number>', 'rows of the large source', between(10_000, 100_000_000), 1_000_000)
    .option('--subjects <number>', 'people to prove absent', between(1, 100_000), 1000)
    .option('--suppressed <number>', 'people to recognise', between(10, 100_000), 10_000)
    .option('--requests <number>', 'requests at once', between(1, 200), 100)
    .option('--megabytes <number>', 'size of a package', between(10, 10_000), 2048)
    .option('--runs <number>', 'measurements of each figure', between(3, 99), 3)
    .option('--only <parts>', `of ${PARTS.join(',')}`, parts)
    .option('--json', 'print the figures as JSON', false)
    .parse(args, { from: 'user' })
    .opts<Omit<BenchOptions, 'parts'> & { only?: Part[] }>();
  return { ...options, parts: only ?? [...PARTS] };
}

const between = (least: number, most: number) => (text: string) => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
};

function parts(text: string): Part[] {
  const asked = text.split(',');
  const known = PARTS.filter((part) => asked.includes(part));
  if (known.length === asked.length) return known;
  throw new InvalidArgumentError(`It must be of ${PARTS.join(',')}.`);
}
