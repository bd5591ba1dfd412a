import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { s3At } from '../../infra/local/connection.ts';
import { inCrm } from '../../infra/local/crm.ts';
import { demoPlatform } from '../../infra/local/demo-platform.ts';
import type { Ground, RunningPlatform } from '../../infra/local/running-platform.ts';
import { bystander, type CanaryPerson, pair, refused, subject } from './people.ts';

type Sources = Pick<Ground, 'connection' | 'server'>;

const demo = demoPlatform();
const HEADER = 'order_id,customer_id,email,recipient,amount,currency,ordered_at';
const orderOf = (person: CanaryPerson, amount = '12.50') =>
  `O-canary,${person.customerId},${person.email},"${person.lastName}, ${person.firstName}",${amount},EUR,2026-01-02T03:04:05Z`;
const eventOf = ({ customerId, email }: CanaryPerson, occurredAt = '2026-01-02T03:04:05Z') =>
  JSON.stringify({
    event_id: 'E-canary',
    occurred_at: occurredAt,
    kind: 'view',
    page: '/',
    user: { anonymous_id: 'a-canary', customer_id: customerId, emails: [email] },
  });

async function put({ connection }: Sources, Key: string, Body: string): Promise<void> {
  await s3At(connection).send(new PutObjectCommand({ Bucket: demo.bucket, Key, Body }));
}
const drop = ({ connection }: Sources, Key: string) =>
  s3At(connection).send(new DeleteObjectCommand({ Bucket: demo.bucket, Key }));

const loyaltyTable = ({ connection }: Sources) =>
  DynamoDBDocumentClient.from(new DynamoDBClient(connection));

async function putLoyalty(sources: Sources, person: CanaryPerson, points: number | string) {
  const { loyaltyId, email, phone, customerId } = person;
  const Item = {
    loyalty_id: loyaltyId,
    email,
    phone,
    customer_id: customerId,
    tier: 'gold',
    points,
    joined_on: '2026-01-02',
  };
  await loyaltyTable(sources).send(new PutCommand({ TableName: demo.loyaltyTable, Item }));
}
const dropLoyalty = (sources: Sources, { loyaltyId }: CanaryPerson) =>
  loyaltyTable(sources).send(
    new DeleteCommand({ TableName: demo.loyaltyTable, Key: { loyalty_id: loyaltyId } }),
  );

const sql = ({ server }: Sources, statement: string, values: string[] = []) =>
  inCrm(server, (client) => client.query(statement, values));
const insertCustomer = (sources: Sources, row: (string | undefined)[]) =>
  sql(
    sources,
    'INSERT INTO customers VALUES ($1, $2, $3, $4, $5, NULL, NULL)',
    row.map((value) => value ?? ''),
  );
const customerRow = ({ customerId, email, phone, firstName, lastName }: CanaryPerson) => [
  customerId,
  email,
  phone,
  firstName,
  lastName,
];

/** The subject in all four sources, the others in the CRM; and a server that logs all it is asked. */
export async function seedCanaries(ground: Ground): Promise<void> {
  await insertCustomer(ground, customerRow(subject));
  await insertCustomer(ground, customerRow(refused));
  for (const id of pair.ids) await insertCustomer(ground, [id, pair.email, '', 'Renée', 'Weiß']);
  await put(ground, `${demo.ordersPrefix}canary.csv`, `${HEADER}\n${orderOf(subject)}\n`);
  await put(ground, `${demo.webEventsPrefix}canary.jsonl`, `${eventOf(subject)}\n`);
  await putLoyalty(ground, subject, 7);
  for (const setting of [
    "log_statement = 'all'",
    "log_min_error_statement = 'debug5'",
    'log_min_duration_statement = 0',
    'log_parameter_max_length = -1',
    'log_parameter_max_length_on_error = -1',
    "log_error_verbosity = 'verbose'",
  ])
    await sql(ground, `ALTER ROLE dsr_reader SET ${setting}`);
}

/** Every source's owner deletes the subject. */
export async function deleteSubject(platform: RunningPlatform): Promise<void> {
  await sql(platform, 'DELETE FROM customers WHERE customer_id = $1', [subject.customerId]);
  await drop(platform, `${demo.ordersPrefix}canary.csv`);
  await drop(platform, `${demo.webEventsPrefix}canary.jsonl`);
  await dropLoyalty(platform, subject);
}

/** Rows with the bystander that no source can be read with: malformed, or of another type. */
export async function breakSources(
  platform: RunningPlatform,
  how: 'malformed' | 'ofAnotherType',
): Promise<void> {
  const { firstName, email, phone } = bystander;
  const order = orderOf(bystander, how === 'malformed' ? '1' : phone);
  const event = eventOf(bystander, email);
  await put(
    platform,
    `${demo.ordersPrefix}broken.csv`,
    `${HEADER}\n${how === 'malformed' ? order.replace(', ', '" ') : order}\n`,
  );
  await put(
    platform,
    `${demo.webEventsPrefix}broken.jsonl`,
    how === 'malformed' ? event.slice(0, -3) : event,
  );
  await putLoyalty(platform, bystander, how === 'malformed' ? 7 : email);
  await insertBystander(platform);
  const broken =
    how === 'malformed'
      ? `CASE WHEN first_name = '${firstName}' THEN first_name::int::text ELSE email END AS email, birthday`
      : `email, coalesce(birthday::text, last_name) AS birthday`;
  await sql(
    platform,
    `DROP VIEW IF EXISTS customers;
     CREATE VIEW customers AS
       SELECT customer_id, phone, first_name, last_name, city, ${broken} FROM all_customers;
     GRANT SELECT ON customers TO dsr_reader`,
  );
}

async function insertBystander(platform: RunningPlatform): Promise<void> {
  const { rows } = await sql(platform, "SELECT to_regclass('all_customers') AS renamed");
  if (rows[0]?.renamed) return;
  await insertCustomer(platform, customerRow(bystander));
  await sql(platform, 'ALTER TABLE customers RENAME TO all_customers');
}

export async function repairSources(platform: RunningPlatform): Promise<void> {
  await sql(platform, 'DROP VIEW customers; ALTER TABLE all_customers RENAME TO customers');
  await sql(platform, 'DELETE FROM customers WHERE customer_id = $1', [bystander.customerId]);
  await drop(platform, `${demo.ordersPrefix}broken.csv`);
  await drop(platform, `${demo.webEventsPrefix}broken.jsonl`);
  await dropLoyalty(platform, bystander);
}
