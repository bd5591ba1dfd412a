import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Desk, openDesk } from '../../cli/desk.ts';
import type { Connection } from './connection.ts';
import { type DemoPlatform, demoPlatform, stackName } from './demo-platform.ts';
import { deploy, outputsOf } from './deploy.ts';
import { tellOfReturnedMails } from './mail-events.ts';
import type { Places } from './places.ts';
import type { PostgresServer } from './postgres.ts';
import type { Processes } from './processes.ts';
import { seedSources, verifyAddresses } from './seed.ts';
import { sourceOwners } from './source-owners.ts';
import { seedUsers } from './users-table.ts';

/** The demo, deployed and with its sources filled. */
export interface RunningPlatform {
  connection: Connection;
  server: PostgresServer;
  demo: DemoPlatform;
  /** Of the stack, by their names. */
  outputs: Record<string, string>;
  desk: Desk;
  owners: ReturnType<typeof sourceOwners>;
}

export interface Ground {
  processes: Processes;
  places: Places;
  connection: Connection;
  server: PostgresServer;
  /** The page of the mailbox, where there is one. */
  mailboxUrl?: string;
}

export async function fillSources({ connection, server }: Ground, customers?: number) {
  const demo = demoPlatform();
  // Verified anew, the sender would not hear of returned mails any more: `deployDemo` does both.
  const others = demo.addresses.filter((address) => address !== demo.platform.sender);
  await verifyAddresses(connection, others);
  return seedSources({ connection, server, demo, customers });
}

export async function deployDemo(
  { processes, places, connection }: Ground,
  also: { assembly?: string } = {},
): Promise<boolean> {
  const deployed = await deploy({ processes, places, connection, stackName, ...also });
  const { MailEventsTopic = '', UsersTable = '' } = await outputsOf(connection, stackName);
  await seedUsers(connection, UsersTable);
  const { sender } = demoPlatform().platform;
  await verifyAddresses(connection, [sender]);
  await tellOfReturnedMails(connection, sender, MailEventsTopic);
  return deployed;
}

export async function openPlatform({ connection, server }: Ground): Promise<RunningPlatform> {
  const demo = demoPlatform();
  return {
    connection,
    server,
    demo,
    outputs: await outputsOf(connection, stackName),
    desk: openDesk({ ...connection, stackName }),
    owners: sourceOwners({ connection, server, demo }),
  };
}

/**
 * What runs each minute anyway: starts again what lies, delivers what was not delivered.
 * @throws Error with the class and the fault id, when something of it failed
 */
export async function sweep({ connection, outputs }: RunningPlatform): Promise<void> {
  // The emulator runs so many functions at a time, and tells whoever is one too many.
  const lambda = new LambdaClient({ ...connection, maxAttempts: 12 });
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: outputs.SweepFunction, Payload: '{}' }),
  );
  if (FunctionError) throw new Error(`The sweep failed: ${Payload?.transformToString()}`);
}
