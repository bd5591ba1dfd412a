import type { DisclosedFault, Disclosure } from '../../lambdas/domain/desk.ts';
import { inBothSpellings } from '../../lambdas/domain/internationalised.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, localTime } from '../clock.ts';
import { table } from '../table.ts';

type Disclosed = Extract<Disclosure, { outcome: 'disclosed' }>;

/** The one text with personal data in it. */
export function renderDisclosure(disclosed: Disclosed, clock: Clock): string {
  const { identities, candidates, freeText, faults } = disclosed;
  return [
    table(
      ['Type', 'Value', ''],
      identities.map(({ type, value, shared }) => [
        type,
        inBothSpellings(value),
        shared ? 'shared with others, not followed' : '',
      ]),
    ),
    candidates.length === 0
      ? ''
      : table(
          ['Option', 'Type', 'Value'],
          candidates.map(({ number, type, value }) => [
            `only-${number}`,
            type,
            inBothSpellings(value),
          ]),
        ),
    freeText.map(({ name, text }) => `${spaced(name)}: ${text}`).join('\n'),
    renderFaults(faults, clock),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Messages as they were thrown: databases quote values in theirs. */
export const renderFaults = (faults: DisclosedFault[], clock: Clock): string =>
  faults
    .map(
      ({ faultId, step, class: name, message = '(its message could not be kept)', at }) =>
        `Fault ${faultId} in ${spaced(step)}, ${localTime(at, clock)}, ${name}:\n${message}`,
    )
    .join('\n\n');
