import { FACTS } from '../disclosure.ts';
import type { PlatformProblem } from '../platform-problem.ts';
import type { PlatformDraft } from './draft.ts';

/** What a table says of itself differs from something, and is told to somebody. */
export function* brokenDisclosures({
  disclosure,
  sources,
  models,
  segments,
}: PlatformDraft): Iterable<PlatformProblem> {
  for (const [section, tables] of Object.entries({ sources, models, segments }))
    for (const [name, table] of Object.entries(tables)) {
      if (!table?.disclosure) continue;
      const path = `${section}.${name}.disclosure`;
      const differing = FACTS.filter((fact) => table.disclosure?.[fact] !== undefined);
      if (disclosure === undefined && differing.length > 0)
        yield {
          path: `${path}.${differing[0]}`,
          rule: 'differs from what nobody has said: there is no disclosure of the whole platform',
          remedy: 'Add disclosure beside tenantAdmin, with what holds for all tables.',
        };
      if ('identityFree' in table && table.identityFree !== undefined)
        yield {
          path,
          rule: 'is told to nobody: the table is identityFree, so no row of it is in an export',
          remedy: 'Remove it, or declare the identity columns.',
        };
    }
}
