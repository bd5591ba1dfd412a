import { codeUsed } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { downloadUrl } from '../adapters/lake/download.ts';
import { recordChange } from '../adapters/ledger.ts';
import { linkOf, newLink } from '../adapters/links.ts';
import { changedRequest, findRequest } from '../adapters/requests.ts';
import { findResult, once } from '../adapters/results.ts';
import { answer, findWait, newWait, type WaitRow, waitKey } from '../adapters/waits.ts';
import { type CodeOutcome, WAITING_REASON } from '../domain/code.ts';
import type { Reissued } from '../domain/desk.ts';
import { RequestId } from '../domain/ids.ts';
import { TOLD_WITHIN_MS } from './asking.ts';
import { answerIfClosing } from './ending-waits.ts';
import { mailCodeAgain } from './mailing-codes.ts';
import { tell, tellAsked } from './telling.ts';
import { type Asked, isReissued, ROUND, tryCode } from './trying-codes.ts';

const NAME = 'collection';

/** What the step that packed it has recorded. */
interface Package {
  /** In the lake bucket, below `packages/`. */
  key: string;
}

/**
 * Offers the package to the registered tenant admin: the page in one mail, the code in another.
 * @returns `wait`, the sort key on which the flow waits
 */
export async function offerPackage(
  requestId: RequestId,
  round: number,
): Promise<{ outcome: 'offered'; wait: string }> {
  const offered = await once(requestId, 'offerPackage', ROUND, async () => {
    const now = new Date();
    const { platform } = platformDefinition();
    const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
    const deadline = after(platform.exports.collectSeconds * 1000);
    const link = await linkOf(requestId, NAME);
    return {
      result: {
        outcome: 'offered' as const,
        wait: waitKey(requestId, NAME, ROUND).sk,
        packedIn: round,
      },
      writes: [
        newWait(
          {
            owner: requestId,
            name: NAME,
            round: ROUND,
            kind: NAME,
            on: 'tenantAdmin',
            role: 'tenantAdmin',
            reasonCode: WAITING_REASON[NAME],
            options: ['collected'],
            asked: true,
            remindAt: after(TOLD_WITHIN_MS),
            deadline,
            expires: true,
          },
          now,
        ),
        await newLink(link, { requestId, purpose: NAME, shown: { masked: [] } }),
      ],
      changes: { status: 'waiting' as const },
      facts: { on: 'tenantAdmin', until: deadline },
    };
  });
  await answerIfClosing(requestId, NAME, ROUND);
  await tellAsked(requestId, NAME, ROUND);
  return offered;
}

/**
 * The right code gives one address, good for a minute, and answers the wait. An address is made
 * before, because a code that is used and opens nothing is lost.
 */
export async function collectByCode(
  { link, code }: { link: string; code: string },
  now: Date,
): Promise<CodeOutcome & { url?: string }> {
  let url: string | undefined;
  const came = await tryCode(NAME, { link, code, via: 'page' }, now, async (asked) => {
    url = await addressOf(asked);
    return recordDownload(asked, now);
  });
  return came.outcome === 'accepted' ? { ...came, url } : came;
}

async function addressOf({ request: { requestId } }: Asked): Promise<string> {
  const offered = await findResult<{ packedIn: number }>(requestId, 'offerPackage', ROUND);
  const packed = await findResult<Package>(requestId, 'packageExport', offered?.packedIn ?? ROUND);
  if (!packed) throw new Error(`Nothing was packed for ${requestId}.`);
  return downloadUrl(packed.key, `export-${requestId}.zip`);
}

function recordDownload(asked: Asked, now: Date): Promise<'recorded' | 'refused'> {
  const { request, wait, code } = asked;
  const entry = {
    chain: `request/${request.requestId}`,
    event: 'packageDownloaded',
    by: 'tenantAdmin',
    facts: { wait: wait.waitId, n: code.n, via: 'page' },
  };
  const used = codeUsed(code, now);
  if (isReissued(asked)) return recordChange([used], entry);
  const given = { option: 'collected', by: 'tenantAdmin', at: now.toISOString() };
  const opened = changedRequest(
    request.requestId,
    { status: 'open' },
    'attribute_not_exists(outcome) AND attribute_not_exists(closing)',
  );
  return answer(wait, given, entry, { fromPerson: true, writes: [used, opened] });
}

/**
 * Sends a new code for whatever a request asks of its tenant admin: a confirmation, a package to be
 * collected, or one whose download was cut off and that is still kept.
 */
export async function reissuePackage(requestId: string, by: string): Promise<Reissued> {
  const request = await findRequest(requestId);
  if (!request) return { outcome: 'unknown' };
  const now = new Date();
  const waits = await Promise.all(
    ['confirmation', NAME].map((name) => findWait(requestId, name, ROUND)),
  );
  const open = waits.find((wait) => wait && !wait.answer);
  if (open && !request.outcome && !request.closing) {
    await recordReissue(open, by);
    await tell(open, now);
    return { outcome: 'reissued' };
  }
  const collection = waits.at(-1);
  if (!collection) return { outcome: 'notAsked' };
  const kept = await findWait(requestId, 'packageKept', ROUND);
  if (collection.answer?.option !== 'collected' || !kept?.deadline || kept.answer)
    return { outcome: 'gone' };
  await recordReissue(collection, by);
  await mailCodeAgain(collection, { by, expiresAt: kept.deadline }, now);
  return { outcome: 'reissued' };
}

const recordReissue = ({ owner, waitId }: WaitRow, by: string) =>
  recordChange([], {
    chain: `request/${RequestId.parse(owner)}`,
    event: 'reissueAsked',
    by,
    facts: { wait: waitId },
  });
