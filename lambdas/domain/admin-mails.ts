import { CODE_TRIES, spacedCode } from './code.ts';
import type { Returned } from './loop-mails.ts';
import { letter, type Mail } from './mails.ts';
import { type Admin, type ChangeEnd, changesOf } from './registered-admin.ts';

/*
 * The mails of a change of the tenant admin. They name addresses of the platform's own people, in
 * their text alone; the code is in the mail to the registered one, and in no other.
 */

export interface AskedChange {
  platform: string;
  from: Admin;
  to: Admin;
  /** When it takes effect without an answer, in words. */
  until: string;
}

const keyWords = (key: string | undefined) => key ?? 'none: packages are not encrypted';

/** What is changed, a line each. */
function changeWords({ from, to }: Pick<AskedChange, 'from' | 'to'>): string {
  const { address, packageKey, changeAfter } = changesOf(from, to);
  return [
    ...(address ? [`  - address: ${from.email}\n      becomes: ${to.email}`] : []),
    ...(packageKey
      ? [
          `  - key for packages: ${keyWords(from.packageKey)}\n      becomes: ${keyWords(to.packageKey)}`,
        ]
      : []),
    ...(changeAfter
      ? [`  - how long a change waits: ${from.changeAfter}\n      becomes: ${to.changeAfter}`]
      : []),
  ].join('\n');
}

const NOT_YOURS =
  'Whoever is registered confirms exports and receives their packages. If you know nothing of this change, deny it and tell the operator.';

/** To the registered tenant admin: whether another takes their place. */
export const adminChangeMail = (
  asked: AskedChange & { page: string; code: string; isReminder: boolean },
): Mail => ({
  subject: `${asked.isReminder ? 'Still waiting: please' : 'Please'} confirm or deny another tenant admin of ${asked.platform}`,
  text: letter(
    asked.isReminder
      ? 'A change of the tenant admin still waits for you. This mail has a new code; the code of the mail before does not work any more.'
      : 'You are registered as the tenant admin of this platform. Its file, platform.yaml, was deployed with other words than are registered:',
    changeWords(asked),
    `To confirm or to deny it, open this page and type the code:\n  ${asked.page}\n\n  Code: ${spacedCode(asked.code)}`,
    `The code works once, on that page alone. After ${CODE_TRIES} wrong ones it is locked.`,
    `${NOT_YOURS} Without your answer, the change takes effect on ${asked.until}.`,
    'Until then everything goes on as it is registered.',
  ),
});

/** To whom the file names, who decides nothing yet. */
export const namedMail = ({ platform, until }: AskedChange): Mail => ({
  subject: `You are named as the tenant admin of ${platform}`,
  text: letter(
    `The file of the platform ${platform} names this address as its tenant admin, who confirms exports and receives their packages. Another address is registered so far, and is asked.`,
    `You are registered when they confirm it, or on ${until} without their answer. Nothing is sent to you before, and nothing is to be done here.`,
    'If you know nothing of this, tell the operator of the platform.',
  ),
});

/** To the operator. */
export const changeAskedMail = (asked: AskedChange): Mail => ({
  subject: `Another tenant admin of ${asked.platform} is named in platform.yaml`,
  text: letter(
    'platform.yaml was deployed with another tenant admin than is registered:',
    changeWords(asked),
    `The registered one is asked by mail. Without an answer, the change takes effect on ${asked.until}; until then codes, packages and decisions stay with who is registered.`,
    'If nobody meant to change it, find out who deployed it, put the file back and deploy that: the change is withdrawn. Or deny it now:\n  dsr admin',
  ),
});

const ENDED: Record<ChangeEnd, { subject: string; words: string }> = {
  confirmed: {
    subject: 'Another tenant admin is registered for',
    words: 'The change of the tenant admin was confirmed, and has taken effect:',
  },
  expired: {
    subject: 'Another tenant admin is registered for',
    words: 'The change of the tenant admin was not answered in time, and has taken effect:',
  },
  denied: {
    subject: 'The change of the tenant admin was denied for',
    words: 'The change of the tenant admin was denied. Nothing has changed; this was refused:',
  },
  withdrawn: {
    subject: 'The change of the tenant admin was withdrawn for',
    words: 'platform.yaml does not name this change any more. Nothing has changed:',
  },
};

/** To everybody whom it concerns: how it ended. */
export const changeEndedMail = (
  change: Pick<AskedChange, 'platform' | 'from' | 'to'>,
  end: ChangeEnd,
): Mail => {
  const takesEffect = end === 'confirmed' || end === 'expired';
  return {
    subject: `${ENDED[end].subject} ${change.platform}`,
    text: letter(
      ENDED[end].words,
      changeWords(change),
      takesEffect && changesOf(change.from, change.to).address
        ? 'Codes that were sent to the address before do not work any more. What is open is mailed anew to the one that is registered now.'
        : '',
      end === 'denied'
        ? 'As long as the file names the same, nobody is asked again. Put it right and deploy it.'
        : '',
      'How it stands:\n  dsr admin',
    ),
  };
};

/** To the operator: the registered admin cannot have read the question. */
export const changeUndeliverableMail = (returned: Returned): Mail => ({
  subject: 'The mail about another tenant admin could not be delivered',
  text: letter(
    `The mail that asks the registered tenant admin whether another takes their place ${returned === 'bounce' ? 'came back: the address took no mail' : 'was marked as unwanted by its recipient'}. Its waiting period runs on.`,
    'Reach them by another way. If they know nothing of the change, put platform.yaml back and deploy it. How it stands:\n  dsr admin',
  ),
});
