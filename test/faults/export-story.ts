import { downloadIn } from '../../infra/local/loop-pages.ts';
import { until } from '../../infra/local/patience.ts';
import { filesIn } from '../../infra/local/read-zip.ts';
import type { WaitKind } from '../../lambdas/domain/wait.ts';
import { untilKept, versionsOf } from '../flows/packages.ts';
import { certificateOf, decide, untilAsked, untilClosed } from '../flows/scene.ts';
import { letTimePass } from '../flows/time.ts';
import { collectionOf, type } from '../flows/typed-codes.ts';
import type { Pair } from './people.ts';
import { confirm, eventsOf, numberOf, openFor } from './story.ts';

export const openExport = (pair: Pair): Promise<string> => openFor(pair, { kind: 'access' });

/** Where an export rests, by the kind of the wait. */
export type ExportRest = Extract<
  WaitKind,
  'confirmation' | 'whoIsMeant' | 'gathering' | 'collection' | 'packageKept'
>;

type AtRest = (requestId: string, rest: ExportRest) => Promise<void>;

/** @param atRest is called in each rest, or on the way to the gathering; then the story goes on */
export const playExport = async (pair: Pair, atRest?: AtRest) =>
  playOpenExport(pair, await openExport(pair), atRest);

/**
 * An export that enters every step of its flow and of a gathering: it is confirmed by a code, nobody
 * knows whom its address means, its package is collected, kept a while, and deleted.
 * @returns what must come out the same, whatever happened on the way
 */
export async function playOpenExport(
  pair: Pair,
  requestId: string,
  atRest: AtRest = async () => {},
) {
  await untilAsked(requestId, 'confirmation');
  await atRest(requestId, 'confirmation');
  await confirm(requestId);
  const { waitId, options } = await untilAsked(requestId, 'whoIsMeant');
  await atRest(requestId, 'whoIsMeant');
  await decide(waitId, numberOf(pair, options), 'tenantAdmin');
  await atRest(requestId, 'gathering');
  await untilAsked(requestId, 'collection');
  await atRest(requestId, 'collection');
  const files = await filesIn(await collected(requestId));
  await untilKept(requestId);
  await atRest(requestId, 'packageKept');
  const keptPackages = await versionsOf(requestId);
  await letTimePass(`${requestId}/packageKept#1`);
  const { request, outcome, execution } = await untilClosed(requestId);
  const { identities, delivered } = await certificateOf(requestId);
  return {
    ...{ outcome, execution: execution.status, rounds: request.round, identities },
    files: [...files.keys()].sort(),
    rows: Object.fromEntries(
      [...files].flatMap(([name, bytes]) => {
        const table = /^tables\/(\w+)\.json$/.exec(name)?.[1];
        return table ? [[table, JSON.parse(String(bytes)).length]] : [];
      }),
    ),
    wasKept: keptPackages > 0,
    isLeft: (await versionsOf(requestId)) > 0,
    isDelivered: delivered !== undefined,
    events: await eventsOf(requestId),
  };
}

/** Types the newest code until the page gives a download: what breaks there is done again. */
const collected = (requestId: string): Promise<Buffer> =>
  until(`the package of ${requestId} is collected`, async () => {
    const { text } = await type(await collectionOf(requestId));
    const address = downloadIn(text);
    if (address === '') return undefined;
    const download = await fetch(address);
    return download.ok ? Buffer.from(await download.arrayBuffer()) : undefined;
  });
