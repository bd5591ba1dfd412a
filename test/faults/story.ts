import { setTimeout } from 'node:timers/promises';
import { until } from '../../infra/local/patience.ts';
import { sweep } from '../../infra/local/running-platform.ts';
import { untilStoppedByHold } from '../flows/holding.ts';
import { refresh } from '../flows/refreshes.ts';
import {
  certificateOf,
  decide,
  platform,
  requestErasure,
  statusOf,
  untilAsked,
  untilClosed,
  untilRequest,
} from '../flows/scene.ts';
import { ledgerOf } from '../flows/tables.ts';
import { ordersGetLines } from '../flows/trouble.ts';
import { confirmationOf, type } from '../flows/typed-codes.ts';
import { deleteMeant, type Pair } from './people.ts';

const by = 'fault-tests';

/** Asks to erase whom the sources still hold, by a value that is theirs alone. */
export const askToErase = (pair: Pair): Promise<string> =>
  requestErasure([{ type: 'customer_id', value: pair.meant }]);

/** The same of somebody whom every source has deleted. */
export async function eraseGone(pair: Pair): Promise<string> {
  await deleteMeant(platform, pair);
  return askToErase(pair);
}

/**
 * A request that enters every step of every flow: it came by mail and is confirmed by a code, nobody
 * knows whom its address means, a source still holds the person, another cannot be refreshed; at the
 * end it is erased. Then a refresh for nobody, which carries segments over.
 * @returns the request's id
 */
export async function playStory(pair: Pair, open = openByMail): Promise<string> {
  const requestId = await open(pair);
  await playErasure(pair, requestId);
  await refresh('crm');
  return requestId;
}

/** The request's part of it, once it is open. */
export async function playErasure(pair: Pair, requestId: string): Promise<void> {
  for await (const _ of stagesOf(pair, requestId));
}

/** The same, with a rest in each place where the request waits for somebody. */
export async function* stagesOf(pair: Pair, requestId: string): AsyncGenerator<void, void> {
  if ((await statusOf(requestId)).request.confirm) await confirm(requestId);
  const { waitId, options } = await untilAsked(requestId, 'whoIsMeant');
  yield;
  await platform.desk.hold({ requestId, reasonCode: 'litigation', by });
  await decide(waitId, numberOf(pair, options), 'tenantAdmin');
  await decide(await untilStoppedByHold(requestId), 'release', 'tenantAdmin');
  await untilRequest(requestId, 'a source’s owner knows that it still holds the person', (report) =>
    Object.values(report.verification).some(
      ({ answer, ownerToldAt }) => answer === 'stillHeld' && ownerToldAt !== undefined,
    ),
  );
  yield;
  const isMended = await ordersGetLines(
    'broken.csv',
    'O-1,C-1,x@post.example,X,much,EUR,2026-01-01',
  );
  const asked = await deleteMeant(platform, pair)
    .then(() => untilAsked(requestId, 'refreshDecision'))
    .finally(isMended);
  yield;
  await decide(asked.waitId, 'tryAgain', 'operator');
  await untilClosed(requestId);
}

/** What runs each minute runs every few seconds, while something is played. */
export async function withSweeper<T>(play: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const sweeping = (async () => {
    while (!ended.signal.aborted) {
      await sweep(platform).catch(() => undefined);
      await setTimeout(3000);
    }
  })();
  try {
    return await play();
  } finally {
    ended.abort();
    await sweeping;
  }
}

/** The candidates of a question are numbered in the order of their values. */
export const numberOf = ({ meant, other }: Pair, options: string[]): string => {
  const option = `only-${[meant, other].sort().indexOf(meant) + 1}`;
  if (!options.includes(option)) throw new Error(`One could choose ${options.join(', ')}.`);
  return option;
};

/** Types the code until the page has taken it: what breaks there is done again by whoever typed. */
export async function confirm(requestId: string): Promise<void> {
  await untilAsked(requestId, 'confirmation');
  await until('it is confirmed', async () => {
    const { waits } = await statusOf(requestId);
    if (!waits.some(({ kind }) => kind === 'confirmation')) return true;
    await type(await confirmationOf(requestId), { answer: 'confirm' });
    return undefined;
  });
}

export const openByMail = (pair: Pair): Promise<string> =>
  openFor(pair, { confirm: true, channel: 'mail' });

export async function openFor(
  { email }: Pair,
  also: { confirm?: boolean; channel?: 'mail'; kind?: 'access' } = {},
): Promise<string> {
  const identities = [{ type: 'email', value: email }];
  const opened = await platform.desk.open({ identities, by, ...also });
  if (opened.outcome !== 'opened' && opened.outcome !== 'alreadyOpen')
    throw new Error(`The request was not opened: ${opened.outcome}`);
  return opened.requestId;
}

/** How often that stands in the request's ledger which happens once, or once a round. */
export async function eventsOf(requestId: string): Promise<Record<string, number>> {
  const events: Record<string, number> = {};
  for (const { event } of await ledgerOf(`request/${requestId}`))
    if (!MAY_REPEAT.has(event)) events[event] = (events[event] ?? 0) + 1;
  return events;
}

/** How often somebody is told, started again or tidied away depends on what happened. */
const MAY_REPEAT = new Set([
  'codeIssued',
  'codeTried',
  'faultShown',
  'leftTheQueue',
  'leftTheSource',
  'restarted',
  'sourceAnswered',
  'resumed',
  'sourceOwnerTold',
  'verificationDropped',
  'waitOpened',
  'waitReminded',
  'waitTold',
]);

/** What must come out the same, whatever happened on the way: no ids, no times, no counts of tries. */
export async function endOf(requestId: string) {
  const { request, outcome, execution } = await untilClosed(requestId);
  const { verification, proof, residue, ...certificate } = await certificateOf(requestId);
  return {
    outcome,
    events: await eventsOf(requestId),
    execution: execution.status,
    rounds: request.round,
    gaveUpOn: request.gaveUpOn,
    identities: certificate.identities,
    sources: Object.fromEntries(
      Object.entries(verification).map(([source, { answer }]) => [source, answer]),
    ),
    recipients: certificate.recipients?.map(({ name, acknowledgedAt }) => [
      name,
      acknowledgedAt !== undefined,
    ]),
    tables: proof?.tables,
    found: proof?.found,
    heldIn: [...new Set(residue.map(({ kind, name }) => `${kind} ${name}`))].sort(),
  };
}
