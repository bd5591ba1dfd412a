import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { isUnreadableAt, parseColumnPath, valuesAt } from '../../domain/column-path.ts';
import { textColumns, wholeColumns } from '../../domain/identity.ts';
import { BETWEEN_ELEMENTS } from '../../domain/within-text/wanted.ts';
import { awsClient } from '../aws-clients.ts';
import { EngineError } from '../engine/engine-error.ts';
import { NamedPeople } from '../lake/find-within.ts';
import { type Candidate, SubjectIndex } from '../lake/subject-index.ts';
import type { AskedSubject, SourceContext, SourceKind } from '../source.ts';
import { answersFrom, clearedColumnsOf } from './answers.ts';
import { awsFailure } from './aws-failure.ts';
import { plainRow } from './dynamodb-row.ts';
import { jsonLinesSql, wholeColumnsOf } from './s3-files.ts';
import { asAnswers, asFailure, asOutcome, type Classify } from './source-failure.ts';
import { writeRows } from './write-rows.ts';

type Context = SourceContext<'dynamodb'>;

const SEGMENTS = 4;
const ALL_SEGMENTS = [...Array(SEGMENTS).keys()];

/** A DynamoDB table, by parallel and consistent scans: what was deleted before is not seen again. */
export const dynamodb: SourceKind<'dynamodb'> = {
  ask: (context, subjects) => asAnswers(subjects, ask(context, subjects), classify(context)),
  extract: (context, prefix) => asOutcome(extract(context, prefix), classify(context)),
  readWhole: (context, read) => asFailure(readWhole(context, read), classify(context)),
};

async function ask(context: Context, subjects: AskedSubject[]): ReturnType<SourceKind['ask']> {
  const { source, identityTypes } = context;
  const index = new SubjectIndex(subjects, identityTypes);
  const cleared = clearedColumnsOf(context);
  const candidates: Candidate[] = [];
  const unmatched = new Set<string>();
  const named = new NamedPeople(index);
  const paths = [...source.identities.map(({ column }) => column), ...(cleared ?? [])];
  const columns = [...new Set(paths.map((path) => parseColumnPath(path)?.column ?? path))];
  await Promise.all(
    ALL_SEGMENTS.map(async (segment) => {
      for await (const row of scan(source.table, columns, segment)) {
        if (cleared?.every((column) => isEmpty(row[column]))) continue;
        for (const { type, column } of wholeColumns(source.identities))
          if (isUnreadableAt(column, row)) unmatched.add(type);
        const found = wholeColumns(source.identities).flatMap(({ type, column }) =>
          valuesAt(column, row).map((raw) => ({ type, raw })),
        );
        const isMeant = found.some((identity) => index.requestsOf(identity).length > 0);
        if (isMeant) candidates.push({ found, rows: 1 });
        for (const { type, column } of textColumns(source.identities)) {
          const text = textAt(column, row);
          const people = text ? index.within.findIn(text, { whole: true }) : [];
          named.add(
            people.filter((one) => one.type === type),
            1,
          );
        }
      }
    }),
  );
  const all = [...candidates, ...named.candidates];
  return answersFrom(context, { subjects, index, candidates: all, unmatched });
}

/** What stands there of any shape: a list or a map is as good a text as a text. */
function textAt(path: string, row: Record<string, unknown>): string {
  const values = valuesAt(path, row);
  const { column, fields } = parseColumnPath(path) ?? { column: path, fields: [] };
  if (values.length > 0 || fields.length > 0) return values.join(BETWEEN_ELEMENTS);
  return JSON.stringify(row[column]) ?? '';
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === 'string' && value.trim() === '') ||
  (typeof value === 'object' && Object.keys(value).length === 0);

const extract = (context: Context, prefix: string): ReturnType<SourceKind['extract']> => {
  const { columns } = context.source;
  return scanned(context, Object.keys(columns), async (files) => ({
    outcome: 'successful',
    ...(await writeRows(context, jsonLinesSql(files, columns), prefix)),
  }));
};

/** Each item by its attributes, as far as any item has them. */
const readWhole = <T>(context: Context, read: (relation: string) => Promise<T>): Promise<T> =>
  scanned(context, undefined, (files, names) =>
    read(jsonLinesSql(files, wholeColumnsOf(context.source, names))),
  );

/** @param columns `undefined`: all attributes; which there are is told */
async function scanned<T>(
  { source }: Context,
  columns: string[] | undefined,
  read: (files: string[], names: string[]) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'scan-'));
  const names = new Set<string>();
  try {
    const files = ALL_SEGMENTS.map((segment) => join(folder, `${segment}.jsonl.gz`));
    await Promise.all(
      files.map((file, segment) =>
        pipeline(
          Readable.from(jsonLines(scan(source.table, columns, segment), names)),
          createGzip({ level: 1 }),
          createWriteStream(file),
        ),
      ),
    );
    return await read(files, [...names]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* jsonLines(
  rows: AsyncIterable<Record<string, unknown>>,
  names: Set<string>,
): AsyncGenerator<string> {
  for await (const row of rows) {
    for (const name of Object.keys(row)) names.add(name);
    yield `${JSON.stringify(row)}\n`;
  }
}

async function* scan(
  table: string,
  columns: string[] | undefined,
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
      ...(columns && {
        ProjectionExpression: columns.map((_, i) => `#c${i}`).join(', '),
        ExpressionAttributeNames: Object.fromEntries(columns.map((name, i) => [`#c${i}`, name])),
      }),
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
