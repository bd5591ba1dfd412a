import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ulid } from 'ulid';
import { stackName } from '../../infra/local/demo-platform.ts';
import { pagesAt } from '../../infra/local/deploy.ts';
import { codeIn, pageIn } from '../../infra/local/loop-pages.ts';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { newKey } from '../../lambdas/adapters/request-keys.ts';
import { findRequest, newRequest, sealedRow, sealedText } from '../../lambdas/adapters/requests.ts';
import { newResult } from '../../lambdas/adapters/results.ts';
import { findWait, newWait } from '../../lambdas/adapters/waits.ts';
import { RequestId } from '../../lambdas/domain/ids.ts';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';
import type { RequestKind } from '../../lambdas/domain/request.ts';
import type * as Collecting from '../../lambdas/steps/collecting.ts';
import type * as Confirming from '../../lambdas/steps/confirming.ts';
import type * as MailingCodes from '../../lambdas/steps/mailing-codes.ts';
import type * as Reissuing from '../../lambdas/steps/reissuing.ts';
import type * as Settling from '../../lambdas/steps/settling-packages.ts';
import type * as Telling from '../../lambdas/steps/telling-recipients.ts';
import { anOpenRequest } from '../adapters/a-request.ts';
import { bundled } from '../emulator/bundled.ts';
import { testPlatform } from '../emulator/platform.ts';
import { mailsNaming } from '../emulator/sent-mails.ts';
import { ownDirectory } from '../emulator/test-run.ts';

/** The deployed platform, and the steps that a flow calls, over the same tables, keys and mails. */
export interface Loop {
  platform: RunningPlatform;
  steps: typeof Confirming &
    typeof Collecting &
    typeof Reissuing &
    typeof MailingCodes &
    typeof Settling &
    typeof Telling;
  /** The same, of a platform one of whose recipients has another address. */
  stepsTelling(mailing: string): Promise<Loop['steps']>;
}

export async function aLoop(): Promise<Loop> {
  const platform = await testPlatform();
  const lambda = new LambdaClient(platform.connection);
  const { Environment } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: platform.outputs.ReissueFunction }),
  );
  Object.assign(process.env, Environment?.Variables, { NODE_OPTIONS: process.env.NODE_OPTIONS });
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  // The platform was synthesised before anybody knew where this emulator would answer.
  process.env.PAGES_URL = pagesAt(platform.connection, stackName);
  const demo = readPlatform('demo');
  const stepsTelling = (email: string) => {
    const { mailing, ...others } = demo.platform.recipients;
    if (!mailing) throw new Error('The demo has no such recipient.');
    const recipients = { mailing: { ...mailing, email }, ...others };
    return stepsOf({ ...demo, platform: { ...demo.platform, recipients } });
  };
  return { platform, steps: await stepsOf(demo), stepsTelling };
}

async function stepsOf(definition: PlatformDefinition): Promise<Loop['steps']> {
  const folder = ownDirectory('steps');
  const [confirming, collecting, reissuing, mailingCodes, settling, telling] = await Promise.all(
    [
      ...['confirming', 'collecting', 'reissuing', 'mailing-codes'],
      ...['settling-packages', 'telling-recipients'],
    ].map(async (file) => import(await bundled(`../steps/${file}`, definition, folder))),
  );
  return {
    ...{ ...confirming, ...collecting, ...reissuing },
    ...{ ...mailingCodes, ...settling, ...telling },
  };
}

const EMPTY = { candidates: [], ambiguities: [], answers: [] };

/** Listed as open: on tables of its own, where no sweep of a platform finds it. */
export const anOpenExport = () => aRequest('access', undefined, 'open');

/** Stands in the certificates' way of nobody: the sweep starts no flow for what is not listed as open. */
export async function aRequest(
  kind: RequestKind = 'access',
  email = 'anna.schmidt@example.org',
  listed: 'open' | 'closed' = 'closed',
) {
  const requestId = RequestId.parse(ulid());
  const now = new Date();
  const key = await newKey(requestId);
  const subject = {
    seed: [{ type: 'email', value: email }],
    ...{ subject: { unique: [], shared: [] }, ...EMPTY },
  };
  const row = newRequest({ ...anOpenRequest(requestId, now), kind, dueOn: '2026-12-28' });
  if (row.Put) row.Put.Item = { ...row.Put.Item, listed };
  const sealed = await key.seal(JSON.stringify(subject));
  await transact([key.write, row, sealedText(requestId, 'SUBJECT', sealed, now)]);
  return requestId;
}

export const PACKAGE = 'The whole package, as it was made.';

/** Its package, as the step that makes it leaves it. */
export async function packed(requestId: RequestId, encryptedFor?: string): Promise<void> {
  const key = `packages/${requestId}/1.zip${encryptedFor ? '.age' : ''}`;
  const { lakeBucket } = configuration();
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new PutObjectCommand({ Bucket: lakeBucket, Key: key, Body: PACKAGE }));
  await transact([
    newResult(requestId, 'packageExport', 1, { outcome: 'packaged', key, encryptedFor }),
  ]);
}

/** As the flow keeps a package that was collected. */
export async function kept(requestId: RequestId, deadline: Date): Promise<void> {
  const common = { owner: requestId, name: 'packageKept', round: 1, on: 'deadline' as const };
  await transact([
    newWait(
      {
        ...common,
        kind: 'packageKept',
        reasonCode: 'collected',
        options: [],
        deadline: deadline.toISOString(),
        expires: true,
      },
      new Date(),
    ),
  ]);
}

/** What the newest mails about a request hold. */
export async function mailed(requestId: string): Promise<{ page: string; code: string }> {
  const text = (await mailsNaming(requestId)).map(({ BodyText }) => BodyText).join('\n');
  const page = [...text.matchAll(/https?:\/\/\S+/g)].at(-1)?.[0] ?? '';
  const code = [...text.matchAll(/Code: (\S+)/g)].at(-1)?.[1] ?? '';
  return { page, code };
}

/** A request, asked to be confirmed. */
export async function asked({ steps }: Loop, kind: RequestKind = 'access') {
  const requestId = await aRequest(kind);
  await steps.askForConfirmation(requestId);
  return { requestId, ...(await mailed(requestId)) };
}

/** A request whose package is to be collected. */
export async function offered({ steps }: Loop, encryptedFor?: string) {
  const requestId = await aRequest();
  await packed(requestId, encryptedFor);
  await steps.offerPackage(requestId, 1);
  return { requestId, ...(await mailed(requestId)) };
}

const inOldSnapshot = (name: string) => ({
  ...{ kind: 'segment', name, rows: 1, copies: 1, in: ['c-1'] },
  ...{ inactiveSince: '2026-11-20T00:00:00.000Z', deletedBy: '2026-12-21' },
});

/** An erasure whose person stood in these lists, with a number that no recipient knows her by. */
export async function anErasure(...lists: string[]): Promise<RequestId> {
  const requestId = await aRequest('erasure');
  const unique = [
    { type: 'email', value: 'anna.schmidt@example.org' },
    { type: 'customer_id', value: 'C-4711' },
  ];
  const subject = { seed: [], subject: { unique, shared: [] }, ...EMPTY };
  const sealed = await sealedRow(requestId, 'SUBJECT', JSON.stringify(subject));
  const proven = { cycleId: 'c-2', outcome: 'proven', found: [], foundUndeclared: [] };
  const residue = lists.map(inOldSnapshot);
  await transact([
    newResult(requestId, 'cycleResult', 1, { ...proven, residue }),
    ...(sealed ? [sealed] : []),
  ]);
  return requestId;
}

/** The same, once its recipients are told; the page and the code of each, by address. */
export async function told({ steps }: Pick<Loop, 'steps'>, ...lists: string[]) {
  const requestId = await anErasure(...lists);
  await steps.tellRecipients(requestId, 1);
  return { requestId, mails: await mailsByAddress(requestId) };
}

export async function mailsByAddress(requestId: string) {
  // Those to the operator have no page.
  const mails = (await mailsNaming(requestId)).filter(({ BodyText }) => /Code: /.test(BodyText));
  return Object.fromEntries(
    mails.map(({ To, BodyText }) => [
      To.join(),
      { page: pageIn(BodyText), code: codeIn(BodyText), text: BodyText },
    ]),
  );
}

export const answerOf = async (requestId: string, name: string) =>
  (await findWait(requestId, name, 1))?.answer;
export const statusOf = async (requestId: string) => (await findRequest(requestId))?.status;

/** A code that is none: it differs from the right one in its first character. */
export const wrong = (code: string): string =>
  `${code.startsWith('7') ? '8' : '7'}${code.slice(1)}`;
