import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { s3At } from '../../infra/local/connection.ts';
import { inCrm } from '../../infra/local/crm.ts';
import type { Person } from '../../infra/local/demo-data/person.ts';
import { deleteFromLoyaltyTable } from '../../infra/local/loyalty-table.ts';
import { inTurn } from './edits.ts';
import { platform } from './scene.ts';
import { overwrite } from './tables.ts';

/* What goes wrong in the sources. Each answers how it is put right again. */
type Repair = () => Promise<void>;

/** The CRM is asked where nobody listens. */
export async function crmMovesAway(): Promise<Repair> {
  const { login, put } = await crmSecret();
  await put({ ...login, port: 1 });
  return () => put(login);
}

/** The CRM has another password for its reader, and the secret does not. */
export async function crmChangesPassword(): Promise<Repair> {
  const { login, put } = await crmSecret();
  const password = 'rotated';
  await changeCrm(`ALTER ROLE dsr_reader PASSWORD '${password}'`);
  return () => put({ ...login, password });
}

async function crmSecret() {
  const secrets = new SecretsManagerClient(platform.connection);
  const { crmSecret: SecretId } = platform.demo;
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  const put = async (login: object) => {
    const value = JSON.stringify(login);
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: value }));
  };
  return { login: JSON.parse(SecretString), put };
}

/**
 * The CRM takes somebody back after every question, and lets go again before the next one: its
 * reader sees the row when it extracts, and does not when it asks.
 */
export const crmTakesBack = (person: Person): Promise<Repair> => crmHides(person, `NOT ${asks}`);

/** The other way round: a row of which nobody can tell, until its clerk has deleted it, if it is gone. */
export async function crmShowsOnlyWhenAsked(person: Person): Promise<Repair> {
  const showsAgain = await crmHides(person, asks);
  return async () => {
    await platform.owners.crmClerkDeletes(person);
    await showsAgain();
  };
}

const asks = `current_setting('application_name') = 'data-subject-rights'`;

async function crmHides({ customerId = '' }: Person, unless: string): Promise<Repair> {
  const policy = `hides_${customerId.replace('-', '_')}`;
  await changeCrm(`
    CREATE POLICY ${policy} ON customers AS RESTRICTIVE FOR SELECT TO dsr_reader
    USING (customer_id <> '${customerId}' OR ${unless})`);
  return () => changeCrm(`DROP POLICY ${policy} ON customers`);
}

const changeCrm = (sql: string): Promise<void> =>
  inCrm(platform.server, async (client) => {
    await client.query(sql);
  });

/** Without this, every row is shown to everybody who may read the table. */
export const crmHasPolicies = (): Promise<void> =>
  changeCrm(`
    ALTER TABLE customers ENABLE ROW LEVEL SECURITY;
    CREATE POLICY shown ON customers FOR SELECT TO dsr_reader USING (true)`);

const header = 'order_id,customer_id,email,recipient,amount,currency,ordered_at';

/** One more file of orders, with these lines. */
export async function ordersGetLines(name: string, ...lines: string[]): Promise<Repair> {
  const { bucket: Bucket, ordersPrefix } = platform.demo;
  const Key = `${ordersPrefix}${name}`;
  const s3 = s3At(platform.connection);
  const Body = [header, ...lines, ''].join('\n');
  await inTurn(() => s3.send(new PutObjectCommand({ Bucket, Key, Body })));
  return async () => void (await inTurn(() => s3.send(new DeleteObjectCommand({ Bucket, Key }))));
}

/** Two orders of nobody, each as dear as an order can be: no model can say what they come to. */
export const ordersTooDear = (): Promise<Repair> =>
  ordersGetLines(
    'dear.csv',
    'O-900018,C-900018,,Midas,9999999999.99,EUR,2026-01-01',
    'O-900019,C-900018,,Midas,9999999999.99,EUR,2026-01-02',
  );

/** All files of the web events are there, and of their lines these. */
export async function webEventsKeep(stays: (line: number) => boolean): Promise<Repair> {
  const { bucket: Bucket, webEventsPrefix: Prefix } = platform.demo;
  const s3 = s3At(platform.connection);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  const files = await Promise.all(
    Contents.map(async ({ Key }) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return { Key, Body: (await Body?.transformToString()) ?? '' };
    }),
  );
  const put = (Key: string | undefined, text: string) =>
    s3.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(text) }));
  let line = 0;
  for (const { Key, Body } of files) {
    const lines = Body.split('\n').filter(Boolean);
    await put(Key, lines.filter(() => stays(line++)).join('\n'));
  }
  return async () => {
    for (const { Key, Body } of files) await put(Key, Body);
  };
}

/** The loyalty programme has a card that it did not have. */
export async function loyaltyGetsCard(loyaltyId: string, also: object): Promise<Repair> {
  const { connection, demo } = platform;
  const Item = {
    loyalty_id: loyaltyId,
    tier: 'basic',
    points: 1,
    joined_on: '2026-01-01',
    ...also,
  };
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient(connection));
  await documents.send(new PutCommand({ TableName: demo.loyaltyTable, Item }));
  return () => deleteFromLoyaltyTable(connection, demo.loyaltyTable, loyaltyId);
}

/** None of the demo's kinds of source is ever at a loss; one that cannot match a type would be. */
export async function crmCannotTell(requestId: string): Promise<void> {
  // Asked often enough to be left alone for as long as anybody is.
  const { lastSeconds } = platform.demo.platform.verification;
  const nextAskAt = new Date(Date.now() + lastSeconds * 1000).toISOString();
  const crm = { answer: 'cannotTell', detail: 'email', asks: 20, nextAskAt };
  await overwrite(
    'Catalog',
    { pk: 'VERIFYING', sk: `${requestId}#1` },
    { 'sources.crm': crm, 'sources.orders.nextAskAt': new Date().toISOString() },
  );
}
