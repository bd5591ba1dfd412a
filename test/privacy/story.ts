import { stackName } from '../../infra/local/demo-platform.ts';
import { pagesAt } from '../../infra/local/deploy.ts';
import { codeIn, pageIn, submit } from '../../infra/local/loop-pages.ts';
import { until } from '../../infra/local/patience.ts';
import { type RunningPlatform, sweep } from '../../infra/local/running-platform.ts';
import type { RequestStatusReport } from '../../lambdas/domain/desk-reports.ts';
import { NOWHERE } from '../emulator/assembly.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import { breakLake } from './broken-lake.ts';
import { breakSources, deleteSubject, repairSources } from './canary-sources.ts';
import { bystander, pair, refused, subject, typed } from './people.ts';

const by = 'a-test';

/** Everything that may bring personal data somewhere, by the ids of the requests that it makes. */
export async function openRequests(platform: RunningPlatform) {
  const { customerId, email, phone, loyaltyId } = subject;
  await sweep(platform);
  return {
    subject: await open(platform, [
      { type: 'customer_id', value: customerId },
      { type: 'email', value: email },
      { type: 'loyalty_id', value: loyaltyId },
    ]),
    refused: await open(platform, [{ type: 'email', value: refused.email }]),
    ambiguous: await open(platform, [{ type: 'email', value: pair.email }]),
    byPhone: await open(platform, [{ type: 'phone', value: phone }]),
  };
}

async function open({ desk }: RunningPlatform, identities: { type: string; value: string }[]) {
  const opened = await desk.open({ identities, reference: typed.reference, by });
  if (opened.outcome !== 'opened') throw new Error(`The request is ${opened.outcome}.`);
  return opened.requestId as string;
}

/** Refuses, decides and cancels, each with words about a person. */
export async function decide(platform: RunningPlatform, requests: Record<string, string>) {
  const { desk } = platform;
  const as = 'tenantAdmin' as const;
  const { refused: target = '', ambiguous = '', byPhone = '' } = requests;
  await desk.decide({ target, option: 'refused', as, by, reason: typed.refusal });
  await untilWaits(platform, ambiguous, 'whoIsMeant');
  await desk.decide({ target: ambiguous, option: 'only-1', as, by, reason: typed.decision });
  await untilWaits(platform, ambiguous, 'sourcesLetGo');
  await cancel(platform, ambiguous, byPhone);
  await untilClosed(platform, target);
}

export async function cancel(platform: RunningPlatform, ...requestIds: string[]) {
  const reason = typed.cancellation;
  for (const target of requestIds)
    await platform.desk.decide({ target, option: 'cancelled', as: 'tenantAdmin', by, reason });
  for (const requestId of requestIds) await untilClosed(platform, requestId);
}

/** Ids that are none: somebody types a customer's number where a request's belongs. */
export async function mistakeIds({ desk }: RunningPlatform): Promise<void> {
  const { customerId: requestId, email } = subject;
  const asked = [
    desk.status(requestId),
    desk.certificate(requestId),
    desk.decide({ target: email, option: 'refused', as: 'operator', by }),
    desk.decide({ target: requestId, option: email, as: 'operator', by, reason: email }),
    desk.resume({ target: requestId, by }),
    desk.refresh({ sources: [subject.loyaltyId], by }),
    desk.preview({ identities: [{ type: 'phone', value: email }] }),
  ];
  await Promise.allSettled(asked);
}

/** Every source fails twice, in words that quote the bystander, while the subject is asked about. */
export async function failRefreshes(platform: RunningPlatform): Promise<void> {
  const { desk } = platform;
  for (const how of ['malformed', 'ofAnotherType'] as const) {
    await breakSources(platform, how);
    const before = new Map((await desk.sources()).map(({ source, at }) => [source, at]));
    await desk.refresh({ sources: [], by });
    await until(`every source was refreshed, ${how}`, async () => {
      const sources = await desk.sources();
      const settled = sources.every(
        ({ source, at, status }) =>
          at !== before.get(source) && /^(successful|failedPermanent|heldForLoss)$/.test(status),
      );
      return settled || undefined;
    });
    const identities = [{ type: 'customer_id', value: bystander.customerId }];
    await desk.preview({ identities });
  }
  await repairSources(platform);
}

/** A request of which a step fails, because the database refuses in words that quote. */
export async function failStep(platform: RunningPlatform) {
  const { desk } = platform;
  const identities = [{ type: 'customer_id', value: bystander.customerId }];
  const heal = await breakLake(platform, bystander.customerId);
  try {
    await desk.preview({ identities }).catch(() => undefined);
    const requestId = await open(platform, identities);
    await until('a step has failed', async () => {
      const report = await desk.status(requestId);
      return report?.faults.length ? report : undefined;
    });
    return requestId;
  } finally {
    await heal();
  }
}

export async function letGo(platform: RunningPlatform, requestId: string) {
  await deleteSubject(platform);
  await until('a recipient is told', async () => {
    const report = await platform.desk.status(requestId);
    return report?.waits.some(({ kind }) => kind === 'acknowledgement') || undefined;
  });
  await acknowledge(platform, requestId, 'mailing');
  return untilClosed(platform, requestId);
}

/** By the code of the mail that names the person in full. */
async function acknowledge({ connection, demo }: RunningPlatform, requestId: string, who: string) {
  const { email = '' } = demo.platform.recipients[who] ?? {};
  const mail = await until('the recipient has a mail', async () =>
    (await mailsNaming(requestId, connection.endpoint)).find(({ To }) => To.includes(email)),
  );
  const page = pageIn(mail.BodyText).replace(NOWHERE, pagesAt(connection, stackName));
  const answer = await submit(page, { code: codeIn(mail.BodyText) });
  if (!answer.ok) throw new Error(`The page did not take the code: ${answer.status}.`);
}

export const untilClosed = (platform: RunningPlatform, requestId: string) =>
  until(`${requestId} is closed`, async () => {
    const report = await platform.desk.status(requestId);
    return report?.request.status === 'closed' ? report : undefined;
  });

export const untilWaits = (platform: RunningPlatform, requestId: string, kind: string) =>
  until(`${requestId} waits for ${kind}`, async (): Promise<RequestStatusReport | undefined> => {
    const report = await platform.desk.status(requestId);
    return report?.waits.some((wait) => wait.kind === kind) ? report : undefined;
  });
