import { platformDefinition } from '../adapters/configuration.ts';
import type { Write } from '../adapters/dynamo.ts';
import type { Done } from '../adapters/results.ts';
import { newWait, waitKey } from '../adapters/waits.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Platform } from '../domain/platform.ts';
import { type Role, secondsAfter, type WaitKind, type WaitReason } from '../domain/wait.ts';

export interface Question {
  requestId: RequestId;
  /** The wait's name, and which question of this name it is. */
  name: string;
  round: number;
  kind: Exclude<WaitKind, 'legalHold'>;
  role: Exclude<Role, 'sourceOwner'>;
  reasonCode: WaitReason;
  options: string[];
  details?: string[];
}

/** When a person who does not answer is reminded, and when the next one up is asked. */
export const patience = ({ waits }: Platform, now: Date) => ({
  remindAt: secondsAfter(now, waits.remindSeconds),
  deadline: secondsAfter(now, waits.escalateSeconds),
});

/** How long a mail may take to leave before the sweep sends it. */
export const TOLD_WITHIN_SECONDS = 60;

/**
 * Asks a person: gives the writes that open the wait. `tellAsked` mails it once they are there: a
 * request that waits is seen, also while no mail leaves.
 * @returns `wait`, the sort key on which the flow waits
 */
export function askPerson(
  question: Question,
  now: Date,
): Done<{ outcome: 'asked'; wait: string }> & { writes: Write[] } {
  const { requestId, round, ...rest } = question;
  const { platform } = platformDefinition();
  const { deadline } = patience(platform, now);
  const remindAt = secondsAfter(now, TOLD_WITHIN_SECONDS);
  const times = { remindAt, deadline };
  return {
    result: { outcome: 'asked', wait: waitKey(requestId, question.name, round).sk },
    writes: [
      newWait({ owner: requestId, round, ...rest, on: question.role, asked: true, ...times }, now),
    ],
    changes: { status: 'waiting' },
    facts: { on: question.role, reason: question.reasonCode },
  };
}
