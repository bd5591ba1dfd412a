import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { readPlatform } from '../../infra/read-platform.ts';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo } from '../../lambdas/adapters/dynamo.ts';
import { findRegistration } from '../../lambdas/adapters/registered-admin.ts';
import { findWait } from '../../lambdas/adapters/waits.ts';
import type { DeclaredPlatform } from '../../lambdas/domain/platform.ts';
import { changeOwner } from '../../lambdas/domain/registered-admin.ts';
import { aFlow } from '../adapters/a-flow.ts';
import { emptyTable, everyRow, makeTables } from '../adapters/tables.ts';
import { bundled } from '../emulator/bundled.ts';
import { everyMail } from '../emulator/sent-mails.ts';
import { ADesk } from '../mail/a-desk.ts';
import { PASSED } from '../mail/a-mail.ts';
import type * as Functions from './admin-functions.ts';

/** Of these tests alone: others send mails at the same time. */
const SENDER = 'changing-admin@shop.example';
export const OPERATOR = 'changing-admin-operator@shop.example';

const folder = mkdtempSync(join(tmpdir(), 'changing-admin-'));
const s3 = new S3Client({ forcePathStyle: true });

/** Tables of their own, and flows that sleep. */
export async function aPlatformOfItsOwn(): Promise<void> {
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  await makeTables();
  await s3.send(new CreateBucketCommand({ Bucket: process.env.INBOUND_MAIL_BUCKET }));
  for (const flow of ['DELETE_CUSTOMER_DATA', 'EXPORT_DATA'])
    process.env[`${flow}_ARN`] = await aFlow({ Type: 'Wait', Seconds: 3600, End: true });
  const ses = new SESClient({});
  for (const EmailAddress of [SENDER, OPERATOR])
    await ses.send(new VerifyEmailIdentityCommand({ EmailAddress }));
}

export const forgetBundles = () => rmSync(folder, { recursive: true });

/** Beside the handlers, as `bundleHandlers` finds its files. */
const FUNCTIONS = '../../test/loop/admin-functions';

type Named = { email: string; packageKey?: string; changeAfter?: string };
const deployed = new Map<string, Promise<typeof Functions>>();

/** The functions of a deployment whose platform.yaml names this tenant admin. */
export function deploy(named: Named): Promise<typeof Functions> {
  const file = JSON.stringify(named);
  const before = deployed.get(file);
  if (before) return before;
  const definition = readPlatform('demo');
  const platform: DeclaredPlatform = {
    ...definition.platform,
    sender: SENDER,
    operator: { email: OPERATOR },
    tenantAdmin: { changeAfter: '7d', ...named },
  };
  const own = join(folder, ulid());
  const functions = bundled(FUNCTIONS, { ...definition, platform }, own).then(
    (file) => import(file) as Promise<typeof Functions>,
  );
  deployed.set(file, functions);
  return functions;
}

/** Addresses that only these tests write to. */
const anAddress = (who: string): string => `${who}-${ulid().toLowerCase()}@shop.example`;
export const [OLD, NEXT, THIRD] = ['old', 'next', 'third'].map(anAddress) as [
  string,
  string,
  string,
];

let mailsBefore = new Set<string>();

/** Nobody is registered, nothing is open, and no mail is known of. */
export async function beginAnew(): Promise<void> {
  for (const table of ['requestsTable', 'ledgerTable'] as const) await emptyTable(table);
  mailsBefore = new Set((await everyMail()).map(({ MessageId }) => MessageId));
}

export const mailsTo = async (address: string) =>
  (await everyMail()).filter(
    ({ MessageId, To }) => To.includes(address) && !mailsBefore.has(MessageId),
  );

/** The newest mail with a code. */
export async function codeTo(address: string): Promise<{ page: string; code: string }> {
  const text = (await mailsTo(address)).findLast(({ BodyText }) =>
    /Code: /.test(BodyText),
  )?.BodyText;
  return {
    page: /https?:\/\/\S+/.exec(text ?? '')?.[0] ?? '',
    code: /Code: (\S+)/.exec(text ?? '')?.[1] ?? '',
  };
}

/** Opens a page, or sends its form, as the HTTP API asks the function. */
export async function visit(
  { servePages }: typeof Functions,
  page: string,
  form?: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const { pathname } = new URL(page);
  const method = form ? 'POST' : 'GET';
  const answer = (await servePages({
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    requestContext: { http: { method, path: pathname } },
    body: form && new URLSearchParams(form).toString(),
    isBase64Encoded: false,
  } as never)) as { statusCode: number; body: string; isBase64Encoded: boolean };
  const { statusCode: status, body, isBase64Encoded } = answer;
  return { status, text: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body };
}

export const registeredNow = async () => (await findRegistration())?.admin;
export const changeWait = (n: number) => findWait(changeOwner(n), 'adminChange', 1);

/** What the ledger says of the registration, without the mails. */
export const changesEntered = async (): Promise<string[]> =>
  (await everyRow('ledgerTable'))
    .filter(({ pk, event }) => pk === 'platform' && /^admin/.test(String(event)))
    .sort((a, b) => (a.sk < b.sk ? -1 : 1))
    .map(({ event }) => String(event));

/** The time of a wait is over, as if it had been asked long ago. */
export async function overdue(wait: { pk: string; sk: string } | undefined): Promise<void> {
  const past = new Date(Date.now() - 1000).toISOString();
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: { pk: wait?.pk, sk: wait?.sk },
      UpdateExpression: 'SET deadline = :past, duePartition = :due, dueAt = :past',
      ExpressionAttributeValues: { ':past': past, ':due': 'DUE' },
    }),
  );
}

/** The same, and no mail about it has ever left. */
export async function overdueUntold(wait: { pk: string; sk: string } | undefined): Promise<void> {
  await overdue(wait);
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: { pk: wait?.pk, sk: wait?.sk },
      UpdateExpression: 'REMOVE toldAt, firstToldAt',
    }),
  );
}

/** It is time to remind of it, and its own time is not over. */
export async function dueNow(wait: { pk: string; sk: string } | undefined): Promise<void> {
  const past = new Date(Date.now() - 1000).toISOString();
  await dynamo.send(
    new UpdateCommand({
      TableName: configuration().requestsTable,
      Key: { pk: wait?.pk, sk: wait?.sk },
      UpdateExpression: 'SET dueAt = :past',
      ExpressionAttributeValues: { ':past': past },
    }),
  );
}

/** What becomes of a mail that somebody writes to the door. */
export async function writes(
  { receiveOne }: typeof Functions,
  from: string,
  subject: string,
): Promise<string> {
  const mailId = ulid();
  const Body = `From: ${from}\r\nTo: door@shop.example\r\nSubject: ${subject}\r\nMessage-ID: <${mailId}@x>\r\n\r\n`;
  await s3.send(
    new PutObjectCommand({
      Bucket: process.env.INBOUND_MAIL_BUCKET,
      Key: `inbound/${mailId}`,
      Body,
    }),
  );
  const { outcome } = await receiveOne(
    { mailId, envelopeFrom: from, receivedAt: new Date().toISOString(), verdicts: PASSED },
    new ADesk('7GQ2M0XK', ulid),
    new Date(),
  );
  return outcome;
}
