import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { isUnreadableAt, parseColumnPath, valuesAt } from '../../domain/column-path.ts';
import { awsClient } from '../aws-clients.ts';
import { EngineError } from '../engine/engine-error.ts';
import { type Candidate, SubjectIndex } from '../lake/subject-index.ts';
import type { AskedSubject, SourceContext, SourceKind } from '../source.ts';
import { answersFrom, clearedColumnsOf } from './answers.ts';
import { awsFailure } from './aws-failure.ts';
import { plainRow } from './dynamodb-row.ts';
import { jsonLinesSql } from './s3-files.ts';
import { asAnswers, asOutcome, type Classify } from './source-failure.ts';
import { writeRows } from './write-rows.ts';

type Context = SourceContext<'dynamodb'>;

const SEGMENTS = 4;
const ALL_SEGMENTS = [...Array(SEGMENTS).keys()];

/** A DynamoDB table, by parallel and consistent scans: what was deleted before is not seen again. */
export const dynamodb: SourceKind<'dynamodb'> = {
  ask: (context, subjects) => asAnswers(subjects, ask(context, subjects), classify(context)),
  extract: (context, prefix) => asOutcome(extract(context, prefix), classify(context)),
};

async function ask(context: Context, subjects: AskedSubject[]): ReturnType<SourceKind['ask']> {
  const { source, identityTypes } = context;
  const index = new SubjectIndex(subjects, identityTypes);
  const cleared = clearedColumnsOf(context);
  const candidates: Candidate[] = [];
  const unmatched = new Set<string>();
  const paths = [...source.identities.map(({ column }) => column), ...(cleared ?? [])];
  const columns = [...new Set(paths.map((path) => parseColumnPath(path)?.column ?? path))];
  await Promise.all(
    ALL_SEGMENTS.map(async (segment) => {
      for await (const row of scan(source.table, columns, segment)) {
        if (cleared?.every((column) => isEmpty(row[column]))) continue;
        for (const { type, column } of source.identities)
          if (isUnreadableAt(column, row)) unmatched.add(type);
        const found = source.identities.flatMap(({ type, column }) =>
          valuesAt(column, row).map((raw) => ({ type, raw })),
        );
        const isMeant = found.some((identity) => index.requestsOf(identity).length > 0);
        if (isMeant) candidates.push({ found, rows: 1 });
      }
    }),
  );
  return answersFrom(context, { subjects, index, candidates, unmatched });
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.keys(value).length === 0);

async function extract(context: Context, prefix: string): ReturnType<SourceKind['extract']> {
  const { source } = context;
  const folder = await mkdtemp(join(tmpdir(), 'scan-'));
  try {
    const columns = Object.keys(source.columns);
    const files = ALL_SEGMENTS.map((segment) => join(folder, `${segment}.jsonl.gz`));
    await Promise.all(
      files.map((file, segment) =>
        pipeline(
          Readable.from(jsonLines(scan(source.table, columns, segment))),
          createGzip({ level: 1 }),
          createWriteStream(file),
        ),
      ),
    );
    const relation = jsonLinesSql(files, source.columns);
    return { outcome: 'successful', ...(await writeRows(context, relation, prefix)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* jsonLines(rows: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`;
}

async function* scan(
  table: string,
  columns: string[],
  segment: number,
): AsyncGenerator<Record<string, unknown>> {
  const client = new DynamoDBClient(awsClient);
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      ConsistentRead: true,
      Segment: segment,
      TotalSegments: SEGMENTS,
      ProjectionExpression: columns.map((_, i) => `#c${i}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(columns.map((name, i) => [`#c${i}`, name])),
    },
  );
  for await (const { Items = [] } of pages)
    for (const item of Items) yield plainRow(item as Record<string, AttributeValue>);
}

const classify =
  ({ source: { table }, lake }: Context): Classify =>
  (error) => {
    // What the lake refuses is no fault of the source.
    if (error instanceof EngineError && error.said.includes(`${lake.bucket}/`)) return undefined;
    return awsFailure(error, `The table ${table}`);
  };
