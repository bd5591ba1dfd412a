import type { CheckedEntry } from '../../lambdas/domain/evidence/check-chain.ts';
import type { LedgerCheck } from '../../lambdas/domain/evidence/check-ledger.ts';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { type Clock, relative } from '../clock.ts';
import { table } from '../table.ts';
import { counted, DSR } from '../words.ts';

/** A chain, one entry a line: when, what, by whom, and what is known of it. */
export const renderChain = (entries: CheckedEntry[]): string =>
  table(
    ['No.', 'At (UTC)', 'What', 'By', 'Facts'],
    entries.map(({ seq, at, event, by, facts }) => [
      seq,
      at.slice(0, 19).replace('T', ' '),
      spaced(event),
      by,
      factsInWords(facts),
    ]),
    [0],
  );

const factsInWords = (facts: CheckedEntry['facts'] = {}): string =>
  Object.entries(facts)
    .map(([name, value]) => `${spaced(name)}: ${Array.isArray(value) ? value.join(', ') : value}`)
    .join('; ');

export function renderCheck(check: LedgerCheck, clock: Clock): string {
  const { problems, chains, entries, heads, signedAt, unsigned } = check;
  const signed = signedAt === undefined ? '' : `, the last one ${relative(signedAt, clock)}`;
  const read = `${counted(entries, 'entry', 'entries')} in ${counted(chains, 'chain')}, ${counted(heads, 'signed head')}${signed}.`;
  const open =
    unsigned.length === 0
      ? 'Heads cover every entry.'
      : `No head covers the end of ${counted(unsigned.length, 'chain')} yet: whether that was changed, nobody can tell.`;
  const verdict =
    problems.length === 0
      ? 'Nothing is wrong: every hash, every signature and every link fits.'
      : `${counted(problems.length, 'thing is', 'things are')} wrong:`;
  const lines = problems.map((problem) =>
    'n' in problem ? `  heads: ${problem.words}` : `  ${problem.chain}: ${problem.words}`,
  );
  const remedy =
    problems.length === 0
      ? []
      : [
          `\`${DSR} ledger show CHAIN\` shows a chain. Keep everything as it is, and tell whoever audits.`,
        ];
  return [read, open, verdict, ...lines, ...remedy].join('\n');
}
