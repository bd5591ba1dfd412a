import { codeUsed } from '../adapters/codes.ts';
import { platformDefinition } from '../adapters/configuration.ts';
import { downloadUrl } from '../adapters/lake/download.ts';
import { recordChange } from '../adapters/ledger.ts';
import { once } from '../adapters/results.ts';
import { answer } from '../adapters/waits.ts';
import type { CodeOutcome } from '../domain/code.ts';
import { downloadName } from '../domain/export/package-name.ts';
import type { RequestId } from '../domain/ids.ts';
import { secondsAfter } from '../domain/wait.ts';
import { answerByCode, askByCode, goesOn, ROUND, went } from './asking-by-code.ts';
import { findPackage } from './made-package.ts';
import { type Asked, isCollected, tryCode } from './trying-codes.ts';

const PURPOSE = 'collection';

/**
 * Offers the package to the registered tenant admin: the page in one mail, the code in another.
 * @returns `wait`, the sort key on which the flow waits
 */
export const offerPackage = (
  requestId: RequestId,
  round: number,
): Promise<{ outcome: 'offered'; wait: string }> =>
  askByCode(requestId, PURPOSE, { step: 'offerPackage', outcome: 'offered' }, async (now) => ({
    options: ['collected'],
    deadline: secondsAfter(now, platformDefinition().platform.exports.collectSeconds),
    expires: true,
    masked: [],
    also: { packedIn: round },
  }));

/**
 * The right code gives one address, good for a minute, and answers the wait. An address is made
 * before, because a code that is used and opens nothing is lost.
 */
export async function collectByCode(
  { link, code }: { link: string; code: string },
  now: Date,
): Promise<CodeOutcome & { url?: string }> {
  let url: string | undefined;
  const came = await tryCode(PURPOSE, { link, code, via: 'page' }, now, async (asked) => {
    url = await addressOf(asked);
    return recordDownload(asked, now);
  });
  return came.outcome === 'accepted' ? { ...came, url } : came;
}

async function addressOf({ request: { requestId } }: Asked): Promise<string> {
  const packed = await findPackage(requestId);
  if (!packed) throw new Error(`Nothing was packed for ${requestId}.`);
  return downloadUrl(packed.key, downloadName(requestId, packed.encryptedFor));
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
  if (isCollected(asked)) return recordChange([used], entry);
  const given = { option: 'collected', by: 'tenantAdmin', at: now.toISOString() };
  const writes = [used, goesOn(request.requestId)];
  return answer(wait, given, entry, { fromPerson: true, writes });
}

interface Collection {
  outcome: 'collected' | 'expired' | 'closing';
}

/** Whether the package was collected. Recorded at once, because it makes the request delivered. */
export async function lookAtCollection(requestId: RequestId): Promise<Collection> {
  const { option, at } = await answerByCode(requestId, PURPOSE);
  if (option !== 'collected' && option !== 'expired') return { outcome: 'closing' };
  return once<Collection>(requestId, 'lookAtCollection', ROUND, async () =>
    option === 'collected'
      ? went('collected', { deliveredAt: at, status: 'open' })
      : went('expired', { expiredFor: PURPOSE }),
  );
}
