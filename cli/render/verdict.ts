import { spaced } from '../../lambdas/domain/spaced.ts';
import type { Verdict } from '../verifier.ts';
import { counted } from '../words.ts';

/** What an auditor reads: what holds, or every single thing that is wrong. */
export function renderVerdict(
  verdict: Verdict,
  person: { type: string; isMeant: boolean }[],
  pinned = false,
): string {
  const { problems, certificate, digest, keys, entries, head, completedAt } = verdict;
  const about = person.map(({ type, isMeant }) =>
    isMeant
      ? `The certificate is about the person with this ${spaced(type)}.`
      : `The certificate is not about the person with this ${spaced(type)}, or the secret is another one.`,
  );
  if (problems.length > 0)
    return [
      `This evidence does not hold (${counted(problems.length, 'problem')}):`,
      ...problems.map(({ words }) => `  - ${words}`),
      ...about,
    ].join('\n');
  const { requestId, outcome, certifiedAt, platform } = certificate ?? {};
  return [
    `This evidence holds: request ${requestId} of ${platform} was certified as “${spaced(String(outcome))}” at ${certifiedAt}.`,
    `  certificate  ${digest}`,
    `  ledger       ${counted(entries, 'entry', 'entries')}, covered by head ${head?.n} of ${head?.signedAt}`,
    ...completedAt.map((at) => `  completed    ${at}: what was inactive is gone`),
    ...keys.map((key) => `  signed with  ${key}`),
    ...about,
    ...(pinned
      ? []
      : [
          'Whose key that is, the file cannot say: compare it with the one that the platform has published, or name it with --key.',
        ]),
  ].join('\n');
}
