import { createHash } from 'node:crypto';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import type { Connection } from './connection.ts';
import { admitReader, crmFingerprint, fillCrm } from './crm.ts';
import { type DemoSources, demoSources } from './demo-data/sources.ts';
import type { DemoPlatform } from './demo-platform.ts';
import { fillLoyaltyTable } from './loyalty-table.ts';
import type { PostgresServer } from './postgres.ts';
import { fillBucket, readMark, writeMark } from './sources-bucket.ts';

interface SeedPlan {
  connection: Connection;
  server: PostgresServer;
  demo: DemoPlatform;
  /** Not given: what is there is left, whoever was erased from it since. */
  customers: number | undefined;
}

const CUSTOMERS_AT_FIRST = 10_000;

/** Fills the demo's four sources, unless this very data is there. Answers with how many customers. */
export async function seedSources(plan: SeedPlan): Promise<number | undefined> {
  const { connection, server, demo } = plan;
  const [inBucket, inCrm] = await Promise.all([
    readMark(connection, demo.bucket),
    crmFingerprint(server),
  ]);
  const isWhole = inBucket !== undefined && inBucket === inCrm;
  const customers = plan.customers ?? (isWhole ? undefined : CUSTOMERS_AT_FIRST);
  const sources = customers && demoSources(customers);
  const fingerprint = sources && createHash('sha256').update(textOf(sources)).digest('hex');
  const isThere = isWhole && (!fingerprint || fingerprint === inBucket);
  if (sources && fingerprint && !isThere) {
    await Promise.all([
      fillCrm(server, sources.crm, fingerprint),
      fillBucket(connection, demo.bucket, [
        ...prefixed(demo.ordersPrefix, sources.orderFiles),
        ...prefixed(demo.webEventsPrefix, sources.webEventFiles),
      ]),
      fillLoyaltyTable(connection, demo.loyaltyTable, sources.loyalty),
    ]);
    // Last, so that what was interrupted is done again.
    await writeMark(connection, demo.bucket, fingerprint);
  }
  await admitReader(server, connection, demo.crmSecret);
  return isThere ? undefined : customers;
}

/** SES sends from and, at first, to addresses only that have been verified. */
export async function verifyAddresses(connection: Connection, addresses: string[]): Promise<void> {
  const client = new SESClient(connection);
  for (const EmailAddress of new Set(addresses))
    await client.send(new VerifyEmailIdentityCommand({ EmailAddress }));
}

const textOf = ({ crm, orderFiles, webEventFiles, loyalty }: DemoSources): string =>
  JSON.stringify([crm, [...orderFiles], [...webEventFiles], loyalty]);

const prefixed = (prefix: string, files: Map<string, string>): [string, string][] =>
  [...files].map(([name, content]) => [`${prefix}${name}`, content]);
