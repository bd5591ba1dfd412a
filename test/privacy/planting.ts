import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { s3At } from '../../infra/local/connection.ts';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';

/** Leaves a value in one place of each kind, as broken code would; answers how each is called. */
export async function plant(
  { connection, outputs, demo }: RunningPlatform,
  value: string,
  logGroupName: string,
): Promise<RegExp[]> {
  const logs = new CloudWatchLogsClient(connection);
  const logStreamName = 'planted';
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const logEvents = [{ timestamp: Date.now(), message: `asked about ${value}` }];
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));

  const Item = { pk: { S: 'planted' }, sk: { S: '1' }, facts: { M: { who: { S: value } } } };
  const TableName = outputs.LedgerTable;
  await new DynamoDBClient(connection).send(new PutItemCommand({ TableName, Item }));

  const Body = JSON.stringify({ [value]: 1 });
  const Bucket = outputs.LakeBucket;
  await s3At(connection).send(new PutObjectCommand({ Bucket, Key: 'work/planted.json', Body }));

  const { tenantAdmin, sender } = demo.platform;
  await new SESClient(connection).send(
    new SendEmailCommand({
      Source: sender,
      Destination: { ToAddresses: [tenantAdmin.email] },
      Message: { Subject: { Data: `About ${value}` }, Body: { Text: { Data: 'planted' } } },
    }),
  );

  const input = JSON.stringify({ passId: 'v-0', sleepSeconds: 0, about: value });
  await new SFNClient(connection).send(
    new StartExecutionCommand({
      stateMachineArn: outputs.VerifySourcesArn,
      name: 'planted',
      input,
    }),
  );

  const Dimensions = [{ Name: 'who', Value: value }];
  await new CloudWatchClient(connection).send(
    new PutMetricDataCommand({
      Namespace: 'planted',
      MetricData: [{ MetricName: 'asked', Value: 1, Dimensions }],
    }),
  );
  return [
    /: log /,
    /: table /,
    /: object .*work\/planted/,
    /: mail /,
    /: execution planted/,
    /: metrics/,
  ];
}
