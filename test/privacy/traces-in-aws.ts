import { CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables, paginateScan } from '@aws-sdk/client-dynamodb';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { Connection } from '../../infra/local/connection.ts';
import type { Trace } from './search.ts';

/** Logs, metrics, tables and the environment of functions. */
export async function* tracesInAws(connection: Connection): AsyncGenerator<Trace> {
  yield* logs(new CloudWatchLogsClient(connection));
  yield* tables(new DynamoDBClient(connection));
  const metrics = paginateListMetrics({ client: new CloudWatchClient(connection) }, {});
  for await (const { Metrics } of metrics)
    yield { place: 'metrics', text: JSON.stringify(Metrics) };
  const functions = paginateListFunctions({ client: new LambdaClient(connection) }, {});
  for await (const { Functions = [] } of functions)
    for (const one of Functions)
      yield { place: `function ${one.FunctionName}`, text: JSON.stringify(one) };
}

async function* logs(client: CloudWatchLogsClient): AsyncGenerator<Trace> {
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {}))
    for (const { logGroupName } of logGroups)
      for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
        for (const { logStreamName, message = '' } of events)
          yield { place: `log ${logGroupName}`, text: `${logStreamName} ${message}` };
}

async function* tables(client: DynamoDBClient): AsyncGenerator<Trace> {
  for await (const { TableNames = [] } of paginateListTables({ client }, {}))
    for (const TableName of TableNames)
      for await (const { Items = [] } of paginateScan({ client }, { TableName }))
        for (const item of Items)
          yield { place: `table ${TableName}`, text: JSON.stringify(item, readable) };
}

/** Bytes, as text and in base64. */
const readable = (_: string, value: unknown) =>
  value instanceof Uint8Array
    ? [Buffer.from(value).toString('utf8'), Buffer.from(value).toString('base64')]
    : value;
