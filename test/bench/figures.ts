import { table } from '../../cli/table.ts';

/** One line of the result. */
export interface Figure {
  name: string;
  value: number;
  unit: 's' | 'MB' | '';
  /** What nobody can be faster than, measured in the same run. */
  floor?: number;
  /** At most so many times the floor; without a floor, at most this value. */
  target?: number;
}

const measured = ({ value, floor }: Figure) => (floor === undefined ? value : value / floor);

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 0 ? (below + above) / 2 : above;
}

/** `undefined` where nothing is aimed at. */
const isMet = (figure: Figure): boolean | undefined =>
  figure.target === undefined ? undefined : measured(figure) <= figure.target;

export function renderFigures(figures: Figure[]): string {
  const rows = figures.map((figure) => {
    const { name, value, unit, floor, target } = figure;
    const met = isMet(figure);
    return [
      name,
      inUnit(value, unit),
      floor === undefined ? '' : inUnit(floor, unit),
      floor === undefined ? '' : `${(value / floor).toFixed(2)} ×`,
      target === undefined ? '' : floor === undefined ? inUnit(target, unit) : `${target} ×`,
      met === undefined ? '' : met ? 'met' : 'missed',
    ];
  });
  return table(['figure', 'measured', 'floor', 'ratio', 'target', ''], rows, [1, 2, 3, 4]);
}

export const figuresAsJson = (figures: Figure[]): string =>
  JSON.stringify(
    figures.map((figure) => ({
      ...figure,
      ...(figure.floor !== undefined && { ratio: figure.value / figure.floor }),
      ...(figure.target !== undefined && { met: isMet(figure) }),
    })),
    null,
    2,
  );

const inUnit = (value: number, unit: Figure['unit']): string =>
  `${unit === 's' ? value.toFixed(value < 10 ? 2 : 1) : Math.round(value * 10) / 10}${unit && ` ${unit}`}`;

/** Takes each of these by turns, so that whatever else the machine does befalls all alike. */
export async function byTurns<Name extends string>(
  runs: number,
  tasks: Record<Name, (run: number) => Promise<number>>,
  tell: (words: string) => void,
): Promise<Record<Name, number>> {
  const names = Object.keys(tasks) as Name[];
  const seconds = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let run = 1; run <= runs; run++)
    for (const name of names) {
      tell(`${run} of ${runs}: ${name}`);
      seconds.get(name)?.push(await tasks[name](run));
    }
  return Object.fromEntries(names.map((name) => [name, median(seconds.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

/** Seconds that it took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
