import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import { sendMail } from '../adapters/mail.ts';
import type { Done } from '../adapters/results.ts';
import { newWait, waitKey } from '../adapters/waits.ts';
import type { RequestId } from '../domain/ids.ts';
import { decisionMail } from '../domain/mails.ts';
import type { Platform } from '../domain/platform.ts';
import type { Role, WaitKind } from '../domain/wait.ts';

export interface Question {
  requestId: RequestId;
  /** The wait's name, and which question of this name it is. */
  name: string;
  round: number;
  kind: WaitKind;
  role: Exclude<Role, 'sourceOwner'>;
  reasonCode: string;
  options: string[];
}

/** The registered address of a role; only a source's owner differs by source. */
export const addressOf = (platform: Platform, role: Exclude<Role, 'sourceOwner'>): string =>
  role === 'operator' ? platform.operator.email : platform.tenantAdmin.email;

/** When a person who does not answer is reminded, and when the next one up is asked. */
export const patience = ({ waits }: Platform, now: Date) => ({
  remindAt: new Date(now.getTime() + waits.remindSeconds * 1000).toISOString(),
  deadline: new Date(now.getTime() + waits.escalateSeconds * 1000).toISOString(),
});

/**
 * Asks a person: mails the role, and gives the writes that open the wait. The mail goes first,
 * because a mail that comes twice is better than one that never comes.
 * @returns `wait`, the sort key on which the flow waits
 */
export async function askPerson(
  question: Question,
  now: Date,
): Promise<Done<{ outcome: 'asked'; wait: string }> & { writes: Write[] }> {
  const { requestId, round, ...rest } = question;
  const { platform } = platformDefinition();
  const times = patience(platform, now);
  await sendMail(
    addressOf(platform, question.role),
    decisionMail({
      waitId: `${requestId}/${question.name}#${round}`,
      owner: requestId,
      reasonCode: question.reasonCode,
      options: question.options,
      deadline: times.deadline,
    }),
  );
  return {
    result: { outcome: 'asked', wait: waitKey(requestId, question.name, round).sk },
    writes: [
      newWait({ owner: requestId, round, ...rest, on: question.role, asked: true, ...times }, now),
    ],
    changes: { status: 'waiting' },
    facts: { on: question.role, reason: question.reasonCode, mail: 'decision' },
  };
}
