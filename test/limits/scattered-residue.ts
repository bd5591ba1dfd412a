import type { Residue } from '../../lambdas/domain/cycle-result.ts';
import type { Platform } from '../../lambdas/domain/platform.ts';
import { type InactiveCopy, residueByTable } from '../../lambdas/domain/residue.ts';

/** Every table as a scan names it: `source crm`. */
export const tablesOf = ({ sources, models, segments }: Platform): string[] => [
  ...Object.keys(sources).map((name) => `source ${name}`),
  ...Object.keys(models).map((name) => `model ${name}`),
  ...Object.keys(segments).map((name) => `segment ${name}`),
];

/** The longest residue: somebody whom every other one of sixty copies of each table still holds. */
export function scatteredResidue(tables: string[]): Residue[] {
  const copies = tables.flatMap((table) =>
    Array.from({ length: 30 }, (_, at): InactiveCopy => {
      const [kind, name = ''] = table.split(' ');
      return {
        kind: kind as InactiveCopy['kind'],
        name,
        id: `c-${100_000 + 2 * at}`,
        rows: 1_000_000,
        inactiveSince: '2026-11-23T10:00:00.000Z',
        deletedBy: '2026-12-24',
      };
    }),
  );
  const scanned = tables.flatMap((table) =>
    Array.from({ length: 60 }, (_, at) => `${table} c-${100_000 + at}`),
  );
  return residueByTable(copies, scanned);
}
