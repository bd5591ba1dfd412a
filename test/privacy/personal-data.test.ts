import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { type OwnPlatform, ownPlatform } from '../emulator/own-platform.ts';
import { seedCanaries } from './canary-sources.ts';
import { bystander, canaries } from './people.ts';
import { plant } from './planting.ts';
import { type Copy, copyOfRequests, opened } from './sealed.ts';
import { find } from './search.ts';
import * as story from './story.ts';
import { TOLD, tracesOf } from './traces.ts';

let own: OwnPlatform;
let requests: Awaited<ReturnType<typeof story.openRequests>>;
/** The table of requests as a backup would have it, from before the subject's request closed. */
let copy: Copy;
/** What could be read of it then. */
let readable: Map<string, string>;

beforeAll(async () => {
  own = await ownPlatform({ alsoInSources: seedCanaries });
  const { platform } = own;
  await asFunction(platform);
  requests = await story.openRequests(platform);
  await story.decide(platform, requests);
  await story.mistakeIds(platform);
  await story.failRefreshes(platform);
  const failed = await story.failStep(platform);
  copy = await copyOfRequests();
  readable = await opened(copy);
  await story.cancel(platform, failed);
  await story.letGo(platform, requests.subject);
}, 600_000);
afterAll(() => own?.stop());

/** The product's own adapters find the stack's tables and keys as one of its functions does. */
async function asFunction({ connection, outputs }: RunningPlatform): Promise<void> {
  const { Environment } = await new LambdaClient(connection).send(
    new GetFunctionConfigurationCommand({ FunctionName: outputs.DiscloseFunction }),
  );
  Object.assign(process.env, Environment?.Variables, { AWS_ENDPOINT_URL: connection.endpoint });
}

describe('personal data', () => {
  /** Where it has to be: the sources, and what is ingested from them, until it is cleaned up. */
  const isAllowed = (place: string) => {
    const { demo, outputs } = own.platform;
    return (
      place.startsWith(`object ${demo.bucket}/`) ||
      place === `table ${demo.loyaltyTable}` ||
      place.startsWith(`object ${outputs.LakeBucket}/partitions/`) ||
      place.startsWith(`object ${outputs.LakeBucket}/snapshots/`) ||
      place === TOLD
    );
  };

  it('was met by everything: the request ended as erased, and databases quoted the bystander', async () => {
    const report = await own.platform.desk.status(requests.subject);
    expect(report?.request.outcome).toBe('erased');
    const said = [...readable].flatMap(([row, text]) => (row.includes('FAULT#') ? [text] : []));
    const values = [bystander.customerId, bystander.email.trim(), bystander.firstName];
    const isQuoted = (value: string) => said.some((text) => text.includes(value));
    expect(values.filter(isQuoted)).not.toEqual([]);
  });

  it('stands nowhere but in the sources and in what was ingested', async () => {
    const elsewhere: string[] = [];
    const told: string[] = [];
    for (const one of await find(canaries, tracesOf(own.platform, own.logs))) {
      const place = one.slice(one.indexOf(': ') + 2);
      if (!isAllowed(place)) elsewhere.push(one);
      if (place === TOLD) told.push(one.slice(0, one.indexOf(': ')));
    }
    expect(elsewhere).toEqual([]);
    // By the types that they know, and no others.
    expect(told).toEqual(['e-mail of the subject']);
  });

  it('can no longer be read once its request has closed, not even in a copy from before', async () => {
    const closed = Object.values(requests);
    const isOfClosed = (row: string) => closed.some((requestId) => row.startsWith(requestId));
    expect([...readable.keys()].filter(isOfClosed)).not.toEqual([]);
    expect([...(await opened(copy)).keys()].filter(isOfClosed)).toEqual([]);
  });

  it('would be found in every kind of place', async () => {
    const value = 'Planted+QZXP396@Kanarien.Example';
    const kinds = await plant(own.platform, value, await anyLogGroup());
    const found = await find({ planted: [value] }, tracesOf(own.platform, own.logs));
    for (const kind of kinds) expect(found).toContainEqual(expect.stringMatching(kind));
  });

  async function anyLogGroup(): Promise<string> {
    const logs = new CloudWatchLogsClient(own.platform.connection);
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ limit: 1 }));
    return logGroups[0]?.logGroupName ?? '';
  }
});
