import { isSupportedCountry } from 'libphonenumber-js/min';
import { parseColumnPath } from '../column-path.ts';
import { wholeColumns } from '../identity.ts';
import type { PlatformProblem } from '../platform-problem.ts';
import { didYouMean } from './did-you-mean.ts';
import type { PlatformDraft } from './draft.ts';

/** How the identity types hang together, and who declares columns of them. */
export const brokenIdentityRules = (draft: PlatformDraft): PlatformProblem[] => [
  ...brokenTypes(draft),
  ...brokenLinks(draft),
  ...brokenTables(draft),
];

function* brokenTypes({ identityTypes, models }: PlatformDraft): Iterable<PlatformProblem> {
  for (const [name, type] of Object.entries(identityTypes)) {
    const { madeBy, points, normalForm, defaultCountry } = type ?? {};
    const path = `identityTypes.${name}`;
    const model = madeBy === undefined ? undefined : models[madeBy];
    if (madeBy !== undefined && !Object.hasOwn(models, madeBy))
      yield {
        path: `${path}.madeBy`,
        rule: `names no model: ${madeBy}`,
        remedy: didYouMean(madeBy, Object.keys(models)),
      };
    if (model && !model.identities?.some((column) => column.type === name))
      yield {
        path: `${path}.madeBy`,
        rule: `names a model that declares no column of the type ${name}`,
        remedy: `Add it to models.${madeBy}.identities.`,
      };
    if (madeBy !== undefined && points === 'shared')
      yield {
        path: `${path}.points`,
        rule: 'is shared, but a key that a model makes for a person points at that person',
        remedy: 'Set points: unique.',
      };
    if (defaultCountry !== undefined && normalForm !== undefined && normalForm !== 'phone')
      yield {
        path: `${path}.defaultCountry`,
        rule: 'only has a meaning for phones',
        remedy: 'Remove it, or set normalForm: phone.',
      };
    else if (/^[A-Z]{2}$/.test(defaultCountry ?? '') && !isSupportedCountry(defaultCountry ?? ''))
      yield {
        path: `${path}.defaultCountry`,
        rule: `is no country with phone numbers: ${defaultCountry}`,
        remedy: 'Use an ISO 3166-1 code such as DE.',
      };
  }
}

type DraftColumn = { type?: string | undefined; within?: string | undefined };

function* brokenLinks({
  identityTypes,
  sources,
  models,
  segments,
}: PlatformDraft): Iterable<PlatformProblem> {
  const typesOf = (
    tables: Record<string, { identities?: DraftColumn[] | undefined } | undefined>,
    which: (columns: DraftColumn[]) => DraftColumn[] = (columns) => columns,
  ) => Object.values(tables).map((table) => which(table?.identities ?? []).map(({ type }) => type));
  const declared = new Set([sources, models, segments].flatMap((each) => typesOf(each)).flat());
  const inSources = typesOf(sources, wholeColumns);
  const followed = Object.entries(identityTypes)
    .filter(([, type]) => type?.points === 'unique' && type.madeBy === undefined)
    .map(([name]) => name);
  for (const name of Object.keys(identityTypes)) {
    const path = `identityTypes.${name}`;
    if (!declared.has(name))
      yield {
        path,
        rule: 'stands in no column: no source, model or segment declares one',
        remedy: 'Declare its column, or remove the type.',
      };
    else if (followed.includes(name) && followed.length > 1) {
      const linked = inSources.some(
        (types) =>
          types.includes(name) && followed.some((other) => other !== name && types.includes(other)),
      );
      if (!linked)
        yield {
          path,
          rule: 'is linked to no other unique type: no source has both in its rows',
          remedy: 'Declare the column that links them, or set points: shared.',
        };
    }
  }
}

function* brokenTables({
  identityTypes,
  sources,
  models,
  segments,
}: PlatformDraft): Iterable<PlatformProblem> {
  for (const [section, tables] of Object.entries({ sources, models, segments }))
    for (const [name, table] of Object.entries(tables))
      for (const [i, { type, column }] of (table?.identities ?? []).entries()) {
        const path = `${section}.${name}.identities[${i}]`;
        if (type !== undefined && !Object.hasOwn(identityTypes, type))
          yield {
            path: `${path}.type`,
            rule: `is no identity type: ${type}`,
            remedy: didYouMean(type, Object.keys(identityTypes)),
          };
        const noPerson = (table?.notPersonal ?? []).findIndex(
          (one: { column?: string | undefined }) => one.column === column,
        );
        if (column !== undefined && noPerson >= 0)
          yield {
            path: `${section}.${name}.notPersonal[${noPerson}].column`,
            rule: `is declared as an identity column, too: ${column}`,
            remedy: 'Remove it here, or from identities.',
          };
        if (column !== undefined && !parseColumnPath(column))
          yield {
            path: `${path}.column`,
            rule: `is no path to a column: ${column}`,
            remedy: 'Write email, user.id, user.emails[] or items[].email.',
          };
      }
  for (const [section, tables] of Object.entries({ models, segments }))
    for (const [name, table] of Object.entries(tables)) {
      if (!table || (table.identities !== undefined) !== (table.identityFree !== undefined))
        continue;
      yield {
        path: `${section}.${name}`,
        rule: table.identities
          ? 'declares identities and says that it is identityFree'
          : 'declares neither identities nor why it is identityFree',
        remedy: 'Name its identity columns, or give the reason why it has none; one of the two.',
      };
    }
}
