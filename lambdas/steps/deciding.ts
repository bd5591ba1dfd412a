import { lossAccepted } from '../adapters/catalog.ts';
import type { Write } from '../adapters/dynamo.ts';
import { recordChange } from '../adapters/ledger.ts';
import { changedRequest, findRequest, type RequestRow, sealedRow } from '../adapters/requests.ts';
import { findResult } from '../adapters/results.ts';
import {
  answer,
  findWaitByKey,
  type WaitRow,
  waitKeyOf,
  waitsOf,
  whichOf,
} from '../adapters/waits.ts';
import type { CycleResult } from '../domain/cycle-result.ts';
import type { Decide, Decided } from '../domain/desk.ts';
import { MAY_BE_HELD } from '../domain/hold.ts';
import { RequestId } from '../domain/ids.ts';
import { ADMIN_CHANGE } from '../domain/registered-admin.ts';
import { type CLOSING_OPTIONS, mayDecide } from '../domain/wait.ts';
import { endChange } from './ending-admin-change.ts';
import { endWaits, waitEntry } from './ending-waits.ts';
import { givenUp } from './giving-up.ts';
import { released } from './holding.ts';
import { optionsNow } from './open-waits.ts';
import { passOn } from './passing-on.ts';
import { keepRunning } from './restarting.ts';
import { resurrectedDecided } from './resurrected.ts';

const refused = (outcome: Exclude<Decided['outcome'], 'accepted'>, words: string): Decided => ({
  outcome,
  words,
});

const CLOSING_WORDS = {
  cancelled: 'The request is being cancelled.',
  refused: 'The request is being refused.',
};

const HANDED_OVER =
  'The package was collected already: what is left of it is deleted, and the request ends as delivered.';

/** Closes a request by decision: no wait is needed, and an open one is answered with it. */
export async function closeBy(
  decision: Decide & { option: (typeof CLOSING_OPTIONS)[number] },
): Promise<Decided> {
  const { target, option, by, as } = decision;
  const requestId = target.split('/')[0] ?? '';
  const request = await findRequest(requestId);
  if (!request) return refused('unknown', `There is no request ${requestId}.`);
  if (request.outcome || request.certifiedAt) {
    const how = request.outcome ?? 'its certificate is written';
    return refused('alreadyAnswered', `The request has ended already: ${how}.`);
  }
  if (!mayDecide(as, undefined, option)) return refused('notYourRole', roleWords(as, option));
  if (request.legalHold) {
    const { since, reasonCode } = request.legalHold;
    const words = `The request is on hold since ${since} (${reasonCode}); release it first.`;
    return refused('notAnOption', words);
  }
  const at = new Date().toISOString();
  const closing = { option, by, reasonCode: decision.reason ? 'given' : 'none', at };
  const recorded = await recordChange(
    [
      changedRequest(request.requestId, { closing }, MAY_BE_HELD),
      ...(await reasonRow(requestId, 'closing', decision.reason)),
    ],
    {
      chain: `request/${requestId}`,
      event: 'closingDecided',
      by,
      facts: { option, as, reason: closing.reasonCode },
    },
  );
  if (recorded === 'refused') {
    return refused('alreadyAnswered', 'Somebody was first: it closes already, or is on hold.');
  }
  await endWaits(requestId, closing);
  await keepRunning(requestId);
  return { outcome: 'accepted', words: request.deliveredAt ? HANDED_OVER : CLOSING_WORDS[option] };
}

/** Answers a wait of a person; a decision that comes twice, late or for another wait changes nothing. */
export async function decideWait(decision: Decide): Promise<Decided> {
  const { target, option, as, by } = decision;
  const wait = await findTarget(target);
  if ('outcome' in wait) return wait;
  if (wait.answer) {
    return refused('alreadyAnswered', `This was answered already: ${wait.answer.option}.`);
  }
  if (wait.owner.startsWith('line#')) {
    const words = `A line goes on with: dsr resume ${wait.owner.slice('line#'.length)}`;
    return refused('notAnOption', words);
  }
  if (!wait.openedAt) return refused('notAsked', 'Nobody has been asked; it goes on by itself.');
  const options = await optionsNow(wait);
  if (!options.includes(option)) {
    return refused('notAnOption', `Choose one of: ${options.join(', ')}.`);
  }
  if (!mayDecide(as, wait, option)) return refused('notYourRole', roleWords(as, option));
  if (wait.kind === ADMIN_CHANGE) return denyChange(wait, by);
  const also = await consequences(wait, decision);
  if (also.outcome !== 'allowed') return also;
  const at = new Date().toISOString();
  const reasonCode = decision.reason ? 'given' : 'none';
  const { facts, ...entry } = waitEntry(wait, option, by);
  const asked = { kind: wait.kind, asked: wait.reasonCode };
  const recorded = await answer(
    wait,
    { option, by, at, reasonCode },
    { ...entry, event: 'decided', facts: { ...facts, ...asked, as, reason: reasonCode } },
    {
      fromPerson: true,
      writes: [...also.writes, ...(await reasonRow(wait.owner, wait.sk, decision.reason))],
    },
  );
  if (recorded === 'refused') {
    return refused('alreadyAnswered', 'Somebody else answered this a moment ago.');
  }
  for (const source of also.sources) await passOn(source, { option, by, at });
  await keepRunning(wait.owner);
  return { outcome: 'accepted', words: ACCEPTED_WORDS[option] ?? 'Recorded; the request goes on.' };
}

/** All that is decided of a change without its code: that it is not made. */
async function denyChange(wait: WaitRow, by: string): Promise<Decided> {
  const ended = await endChange(wait, 'denied', { by, now: new Date() });
  return ended === 'recorded'
    ? { outcome: 'accepted', words: 'Denied; who is registered stays.' }
    : refused('alreadyAnswered', 'It has ended already.');
}

/** Of those who came back: their request has closed, and with it went the key that would seal a reason. */
const ACCEPTED_WORDS: Record<string, string> = {
  keepOut:
    'Recorded, without a reason: their rows stay out of the lake, and nobody is asked again.',
  signedUpAnew:
    'Recorded, without a reason: their rows are let in from the next refresh on, except from a source that keeps them by law.',
};

const roleWords = (as: string, option: string) =>
  `${option} is not for the role ${as} to decide here.`;

const reasonRow = async (owner: string, about: string, reason?: string): Promise<Write[]> => {
  const row = reason && (await sealedRow(owner, `FREETEXT#reason ${about}`, reason));
  return row ? [row] : [];
};

async function findTarget(target: string): Promise<WaitRow | Decided> {
  const key = waitKeyOf(target);
  if (key) {
    const wait = await findWaitByKey(key);
    return wait ?? refused('unknown', `There is no wait ${target}.`);
  }
  if (!(await findRequest(target))) return refused('unknown', `There is no request ${target}.`);
  const open: WaitRow[] = [];
  for await (const wait of waitsOf(target)) if (!wait.answer && wait.openedAt) open.push(wait);
  const [only, ...others] = open;
  if (!only) return refused('notAsked', 'This request waits for no decision.');
  if (others.length === 0) return only;
  const ids = open.map(({ waitId }) => waitId).join(', ');
  return refused('unknown', `It waits for several; name one: ${ids}.`);
}

type Consequences = { outcome: 'allowed'; writes: Write[]; sources: string[] } | Decided;

/** What an answer changes beside the wait itself. */
async function consequences(wait: WaitRow, decision: Decide): Promise<Consequences> {
  const { option, by } = decision;
  const request = await findRequest(wait.owner);
  if (!request) return { outcome: 'allowed', writes: [], sources: [] };
  if (wait.kind === 'resurrected') {
    const writes = await resurrectedDecided(wait.owner, option);
    return { outcome: 'allowed', writes, sources: [] };
  }
  const opened = { status: 'open' as const };
  if (wait.kind === 'legalHold')
    return { outcome: 'allowed', writes: released(request), sources: [] };
  if (wait.kind === 'sourcesLetGo') return givenUp(request, wait, decision);
  if (wait.kind === 'fault') {
    const writes = [changedRequest(request.requestId, { ...opened, restarts: 0 })];
    return { outcome: 'allowed', writes, sources: [] };
  }
  const sources = await sourcesDecidedOn(request, wait, option);
  const at = new Date().toISOString();
  return {
    outcome: 'allowed',
    sources,
    writes: [
      changedRequest(request.requestId, opened),
      ...(option === 'acceptLoss' ? sources.map((source) => lossAccepted(source, by, at)) : []),
    ],
  };
}

/** A decision on a failed source answers for all that need it; giving up is each request's own. */
async function sourcesDecidedOn(
  { requestId }: RequestRow,
  wait: WaitRow,
  option: string,
): Promise<string[]> {
  if (wait.kind !== 'refreshDecision' || option === 'giveUp') return [];
  const round = whichOf(wait);
  const result = await findResult<CycleResult>(RequestId.parse(requestId), 'cycleResult', round);
  return (result?.failedSources ?? [])
    .filter(({ status }) => option !== 'acceptLoss' || status === 'heldForLoss')
    .map(({ source }) => source);
}
