import type { PlatformProblem } from '../platform-problem.ts';
import { didYouMean } from './did-you-mean.ts';
import type { PlatformDraft } from './draft.ts';

/** Of each, two rows are written, in one transaction of at most a hundred. */
const MOST = 40;

/** Who is told of erasures has to receive people, and to know them by what stands there. */
export function* brokenRecipients(draft: PlatformDraft): Iterable<PlatformProblem> {
  const { identityTypes, models, segments, recipients } = draft;
  const tables = new Map([...Object.entries(models), ...Object.entries(segments)]);
  const owner = new Map<string, string>();
  if (Object.keys(recipients).length > MOST)
    yield {
      path: 'recipients',
      rule: `are more than ${MOST}, which are not told in one go`,
      remedy: 'Let one address pass it on to several.',
    };
  for (const [name, recipient] of Object.entries(recipients)) {
    if (!recipient) continue;
    const path = `recipients.${name}`;
    for (const [i, table] of recipient.receives.entries()) {
      const at = `${path}.receives[${i}]`;
      if (!tables.has(table))
        yield {
          path: at,
          rule: `names no model or segment: ${table}`,
          remedy: didYouMean(table, [...tables.keys()]),
        };
      else if (tables.get(table)?.identityFree !== undefined)
        yield {
          path: at,
          rule: `names a table that is identityFree: nobody stands in ${table}`,
          remedy: 'Remove it: its recipients need not hear of erasures.',
        };
    }
    const received = recipient.receives.flatMap((table) => tables.get(table)?.identities ?? []);
    for (const [i, type] of recipient.knownBy.entries()) {
      const at = `${path}.knownBy[${i}]`;
      if (!Object.hasOwn(identityTypes, type))
        yield {
          path: at,
          rule: `is no identity type: ${type}`,
          remedy: didYouMean(type, Object.keys(identityTypes)),
        };
      else if (identityTypes[type]?.points === 'shared')
        yield {
          path: at,
          rule: `is shared: a value of the type ${type} may be other people's, whom nobody asked to erase`,
          remedy: 'Name a type that points at one person.',
        };
      else if (!received.some((column) => column.type === type))
        yield {
          path: at,
          rule: `stands in nothing that they receive: ${type}`,
          remedy: `Declare its column in one of ${recipient.receives.join(', ')}, or remove it.`,
        };
    }
    const address = recipient.email?.trim().toLowerCase();
    const other = address && owner.get(address);
    if (other)
      yield {
        path: `${path}.email`,
        rule: `is the address of ${other}: whose answer a mail is could not be told`,
        remedy: 'Make them one, or give each an address.',
      };
    else if (address) owner.set(address, path);
  }
}
