import { codeUsed } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { all, type Write } from '../adapters/dynamo.ts';
import { getRequest, getSubject, type RequestRow } from '../adapters/requests.ts';
import { type Done, once, resultsUntil, unlessInterrupted } from '../adapters/results.ts';
import { answer, type WaitRow, waitsOf, whichOf } from '../adapters/waits.ts';
import type { CodeOutcome } from '../domain/code.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import { stopOf } from '../domain/hold.ts';
import type { RequestId } from '../domain/ids.ts';
import { withinDeadline } from '../domain/local-day.ts';
import { maskIdentities } from '../domain/masking.ts';
import { concerned, identitiesKnownTo, isToBeAsked, latestAsked } from '../domain/recipients.ts';
import { askedByCode, goesOn } from './asking-by-code.ts';
import { answerIfClosing } from './ending-waits.ts';
import { tellAsked } from './telling.ts';
import { type Asked, type Typed, tryCode } from './trying-codes.ts';

const PURPOSE = 'acknowledgement';

type Told =
  | { outcome: 'waiting'; wait: string }
  | { outcome: 'settled' | 'closing' | 'held' | 'nextRound' };

/**
 * Tells every recipient of tables in which the person stood, each once, and says for whom the flow
 * waits next. Asked again after each answer, until there is nobody left.
 */
export async function tellRecipients(requestId: RequestId, round: number): Promise<Told> {
  const request = await getRequest(requestId);
  const stopped = stopOf(request, round);
  if (stopped) return stopped;
  const { asked } = await once(requestId, 'tellRecipients', round, () => ask(request));
  for (const which of asked) {
    await answerIfClosing(requestId, PURPOSE, which);
    await tellAsked(requestId, PURPOSE, which);
  }
  const open = (await askedOf(requestId)).find(({ answer: given }) => !given);
  return open ? { outcome: 'waiting', wait: open.sk } : { outcome: 'settled' };
}

/** Every wait on a recipient, of whatever round. */
export const askedOf = async (requestId: string): Promise<WaitRow[]> =>
  (await all(waitsOf(requestId))).filter(({ kind }) => kind === PURPOSE);

async function ask(request: RequestRow): Promise<Done<{ outcome: 'told'; asked: number[] }>> {
  const { requestId, round, dueOn } = request;
  const { recipients, waits, timeZone } = platformDefinition().platform;
  const now = new Date();
  const [before, { seed, subject }, results] = await Promise.all([
    askedOf(requestId),
    getSubject(requestId),
    resultsUntil<CycleResult>(requestId, 'cycleResult', round),
  ]);
  const latest = latestAsked(before);
  const unique = [...subject.unique, ...seed];
  const writes: Write[] = [];
  const asked: number[] = [];
  const names: string[] = [];
  for (const recipient of concerned(recipients, results)) {
    const declared = recipients[recipient];
    const known = declared && identitiesKnownTo(declared, { unique, shared: subject.shared });
    // Who knows the person by nothing that is known here could not find them.
    if (!known?.length || !isToBeAsked(latest.get(recipient), known.length)) continue;
    const which = Math.max(0, ...before.map(whichOf)) + asked.length + 1;
    const question = {
      options: ['acknowledged'],
      deadline: withinDeadline(now, waits.acknowledgeSeconds, { dueOn, timeZone }),
      expires: true,
      masked: maskIdentities(known),
      told: { recipient, identities: known.length },
    };
    writes.push(...(await askedByCode(requestId, PURPOSE, which, question, now)));
    asked.push(which);
    names.push(recipient);
  }
  const uninterrupted = unlessInterrupted(round);
  return {
    result: { outcome: 'told', asked },
    facts: { recipients: names },
    writes,
    changes: asked.length > 0 ? { status: 'waiting' } : {},
    condition: `attribute_not_exists(closing) AND ${uninterrupted.condition}`,
    values: uninterrupted.values,
  };
}

/** A recipient's code says that they have erased. */
export const acknowledgeByCode = (typed: Typed, now: Date): Promise<CodeOutcome> =>
  tryCode(PURPOSE, typed, now, (asked) => recordAcknowledged(asked, typed, now));

/** The same, by a reply from the address of a recipient, who was asked last of all. */
export async function acknowledgeByReply(
  { recipient, ...typed }: { requestId: string; recipient: string; code: string; message: string },
  now: Date,
): Promise<CodeOutcome> {
  const wait = latestAsked(await askedOf(typed.requestId)).get(recipient);
  if (!wait) return { outcome: 'unknown' };
  return acknowledgeByCode({ ...typed, which: whichOf(wait), via: 'reply' }, now);
}

const recordAcknowledged = (
  { request, wait, code }: Asked,
  { via, message }: Typed,
  now: Date,
): Promise<'recorded' | 'refused'> =>
  answer(
    wait,
    { option: 'acknowledged', by: 'recipient', at: now.toISOString() },
    {
      chain: `request/${request.requestId}`,
      event: 'acknowledged',
      by: 'recipient',
      facts: { wait: wait.waitId, recipient: wait.recipient, via },
    },
    { fromPerson: true, writes: [codeUsed(code, now, message), goesOn(request.requestId)] },
  );
