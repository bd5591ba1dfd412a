import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { step } from '../../infra/local/progress.ts';
import { readPlatform } from '../../infra/read-platform.ts';
import { dynamo, type Write } from '../../lambdas/adapters/dynamo.ts';
import { mapLimited } from '../../lambdas/adapters/map-limited.ts';
import { suppressedWrites } from '../../lambdas/adapters/suppressed-people.ts';
import { newestSuppressionKey } from '../../lambdas/adapters/suppression-keys.ts';
import type { IdentityType } from '../../lambdas/domain/identity.ts';
import { recognitionsOf } from '../../lambdas/domain/recognising.ts';
import { erasedFrom } from '../../lambdas/domain/suppression.ts';
import { byTurns, type Figure, timed } from './figures.ts';
import { invoke, peakMemory } from './functions.ts';
import { type LargePlatform, partitionPrefix } from './large-platform.ts';
import { wantedPeople } from './large-source.ts';
import { BENCH_PLATFORMS } from './places.ts';

const TARGET = 1.3;
const MEGABYTES = 2000;
const HELD = 10;
const AT_ONCE = 25;

/** A refresh in its Lambda that has to recognise so many people, against the same for nobody. */
export async function measureSuppress(
  platform: LargePlatform,
  { rows, suppressed, runs }: { rows: number; suppressed: number; runs: number },
): Promise<Figure[]> {
  const { connection, engine, places, refreshSource } = platform;
  await asFunction(platform);
  let cycles = 3000;
  const refresh = async () => {
    const cycleId = `c-${++cycles}`;
    const input = { cycleId, source: 'customers', attempt: 1 };
    const seconds = await timed(() =>
      invoke(connection, refreshSource, { input, outcome: 'successful' }),
    );
    await engine.ask('erase', { prefix: partitionPrefix(cycleId) });
    return seconds;
  };
  const seconds = await step('Refresh without suppressed people', async ({ title, say }) => {
    const puts = await peopleOf(suppressed);
    const change = async (requests: object[]) => {
      const batches = Array.from({ length: Math.ceil(requests.length / AT_ONCE) }, (_, at) =>
        requests.slice(at * AT_ONCE, (at + 1) * AT_ONCE),
      );
      await mapLimited(batches, 8, async (batch) => {
        const RequestItems = { [process.env.CATALOG_TABLE ?? '']: batch };
        await dynamo.send(new BatchWriteCommand({ RequestItems }));
      });
    };
    const items = puts.map(({ Put }) => Put?.Item ?? {});
    const arrive = () => change(items.map((Item) => ({ PutRequest: { Item } })));
    const leave = () => change(items.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })));
    say('once each, to warm up');
    await refresh();
    await arrive();
    await refresh();
    const measured = await byTurns(
      runs,
      {
        nobody: async () => {
          await leave();
          return refresh();
        },
        everybody: async () => {
          await arrive();
          return refresh();
        },
      },
      say,
    );
    title(`Refreshed ${runs} times without suppressed people`);
    return measured;
  });
  const peak = peakMemory(places, refreshSource);
  return [
    {
      name: `refresh of ${rows.toLocaleString('en')} rows with ${suppressed.toLocaleString('en')} suppressed people / without`,
      value: seconds.everybody,
      unit: 's',
      floor: seconds.nobody,
      target: TARGET,
    },
    ...(peak === undefined
      ? []
      : [{ name: 'its most memory', value: peak, unit: 'MB', target: MEGABYTES } as const]),
  ];
}

/** Three identities each; ten of them stand in the source. */
async function peopleOf(count: number): Promise<Write[]> {
  const { platform } = readPlatform('bench', BENCH_PLATFORMS);
  const types = platform.identityTypes as Record<string, IdentityType>;
  const now = new Date();
  const key = await newestSuppressionKey(now);
  const person = erasedFrom(platform, now);
  return wantedPeople(HELD, count - HELD).flatMap(({ identities }) =>
    suppressedWrites(
      { ...person, requestId: ulid(), keyVersion: key.version },
      recognitionsOf(key, identities, types),
      now,
    ),
  );
}

/** The product's own adapters find the tables and keys as the function does. */
async function asFunction({ connection, refreshSource }: LargePlatform): Promise<void> {
  const { Environment } = await new LambdaClient(connection).send(
    new GetFunctionConfigurationCommand({ FunctionName: refreshSource }),
  );
  Object.assign(process.env, Environment?.Variables, { AWS_ENDPOINT_URL: connection.endpoint });
}
