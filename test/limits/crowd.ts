import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { ulid } from 'ulid';
import { changeLock, lockRow, queued } from '../../lambdas/adapters/cycles.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { newRequest, sealedText } from '../../lambdas/adapters/requests.ts';
import { newVerifying } from '../../lambdas/adapters/verifying.ts';
import { newWait } from '../../lambdas/adapters/waits.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import { aFlow } from '../adapters/a-flow.ts';
import { anOpenRequest } from '../adapters/a-request.ts';
import { openShop, SENDER, type Steps } from '../adapters/shop.ts';
import { type History, runFlow } from './run-flow.ts';

type Waiting = 'refreshCycle' | 'sourcesLetGo';
type Shop = Awaited<ReturnType<typeof openShop>>;

const emailOf = (at: number): string => `person.${at}@people.example`;

/** A shop whose cycles and passes start others that do nothing, and that may send mail. */
export async function openCrowdedShop(): Promise<Shop> {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  const shop = await openShop();
  const sleeps = { Type: 'Wait', Seconds: 600, End: true };
  for (const flow of ['VERIFY_SOURCES_ARN', 'REFRESH_CYCLE_ARN'])
    process.env[flow] = await aFlow(sleeps);
  for (const EmailAddress of [SENDER, 'crm@shop.example'])
    await new SESClient({}).send(new VerifyEmailIdentityCommand({ EmailAddress }));
  return shop;
}

/** So many customers of the crowd, and those who stay. */
export const sellsTo = (shop: Shop, people: number, staying: number) =>
  shop.sells(
    ...Array.from({ length: people }, (_, at) => `${at},${emailOf(at)},`),
    ...Array.from({ length: staying }, (_, at) => `C-${at},stays.${at}@people.example,`),
  );

/** Requests of so many people, with keys and sealed identities, that wait as if their flows had got there. */
export const crowd = (people: number, waiting: Waiting): Promise<RequestId[]> =>
  mapLimited(Array.from({ length: people }), 20, async (_, at) => {
    const now = new Date();
    const requestId = RequestId.parse(ulid());
    const unique = [{ type: 'email', value: emailOf(at) }];
    const subject = {
      seed: unique,
      subject: { unique, shared: [] },
      candidates: [],
      ambiguities: [],
      answers: [],
    };
    const key = await newKey(requestId);
    await transact([
      key.write,
      newRequest(anOpenRequest(requestId, now)),
      sealedText(requestId, 'SUBJECT', await key.seal(JSON.stringify(subject)), now),
      newWait(
        {
          owner: requestId,
          name: waiting,
          round: 1,
          kind: waiting,
          on: waiting === 'refreshCycle' ? 'cycle' : 'verifier',
          reasonCode: 'joined',
          options: [],
        },
        now,
      ),
      waiting === 'refreshCycle'
        ? queued(`${requestId}#1`, ['crm'])
        : newVerifying({
            requestId,
            round: 1,
            since: now.toISOString(),
            sources: { crm: { asks: 0, nextAskAt: now.toISOString() } },
          }),
    ]);
    return requestId;
  });

/** A cycle or a pass of the line's next number, from its first state to its last. */
export async function run(
  flow: 'refresh-cycle' | 'verify-sources',
  steps: Steps,
): Promise<History & { holder: string }> {
  const [line, prefix] =
    flow === 'refresh-cycle' ? ['CYCLE' as const, 'c'] : ['VERIFY' as const, 'v'];
  const lock = await lockRow(line);
  const n = (lock?.n ?? 0) + 1;
  const holder = `${prefix}-${n}`;
  await changeLock(line, lock, { n, holder, deaths: 0, version: lock?.version ?? 0 });
  const history = await runFlow(
    flow,
    steps,
    flow === 'refresh-cycle'
      ? { cycleId: holder, collectingSeconds: 300 }
      : { passId: holder, dueAt: new Date().toISOString() },
  );
  return { ...history, holder };
}
