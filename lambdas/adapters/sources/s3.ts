import { parseColumnPath } from '../../domain/column-path.ts';
import { EngineError } from '../engine/engine-error.ts';
import { identifier } from '../engine/sql.ts';
import { findWholeRows } from '../lake/candidates.ts';
import { findWithin } from '../lake/find-within.ts';
import { SubjectIndex } from '../lake/subject-index.ts';
import type { SourceContext, SourceKind } from '../source.ts';
import { answersFrom, clearedColumnsOf } from './answers.ts';
import { awsFailure } from './aws-failure.ts';
import { throwNamed } from './damaged-parquet.ts';
import { filesSql, urlsOf, wholeFilesSql } from './s3-files.ts';
import { readUnchanged } from './s3-reading.ts';
import { asAnswers, asFailure, asOutcome, type Classify } from './source-failure.ts';
import { unparsable } from './unparsable.ts';
import { writeRows } from './write-rows.ts';

/** Files in a bucket: CSV, JSON lines or Parquet, read where they lie. */
export const s3: SourceKind<'s3'> = {
  ask: (context, subjects) => asAnswers(subjects, ask(context, subjects), classify(context)),
  extract: (context, prefix) => asOutcome(extract(context, prefix), classify(context)),
  readWhole: (context, read) =>
    asFailure(
      readUnchanged(context.source, async (objects) => read(await wholeFilesSql(context, objects))),
      classify(context),
    ),
};

async function ask(
  context: SourceContext<'s3'>,
  subjects: Parameters<SourceKind['ask']>[1],
): ReturnType<SourceKind['ask']> {
  const { engine, source } = context;
  const index = new SubjectIndex(subjects, context.identityTypes);
  const clearedColumns = clearedColumnsOf(context);
  const columns = new Set([
    ...source.identities.map(({ column }) => parseColumnPath(column)?.column ?? column),
    ...(clearedColumns ?? []),
  ]);
  // Files have no row numbers of their own, and would be parsed once for each identity column.
  await readFiles(context, (files) =>
    engine.run(
      `CREATE OR REPLACE TEMP TABLE source_rows AS
       SELECT row_number() OVER () AS _row, ${[...columns].map(identifier).join(', ')}
       FROM ${files}`,
    ),
  );
  const { identities } = source;
  const searched = { relation: 'source_rows', identities, clearedColumns };
  const candidates = [
    ...(await findWholeRows(context, searched, index)),
    ...(await findWithin(context, searched, index)),
  ];
  await engine.run('DROP TABLE source_rows');
  return answersFrom(context, { subjects, index, candidates });
}

async function extract(
  context: SourceContext<'s3'>,
  prefix: string,
): ReturnType<SourceKind['extract']> {
  const written = await readFiles(context, (files) => writeRows(context, files, prefix));
  return { outcome: 'successful', ...written };
}

/** @param read is given a subquery over all files */
const readFiles = <T>(
  context: SourceContext<'s3'>,
  read: (files: string) => Promise<T>,
): Promise<T> =>
  readUnchanged(context.source, async (objects) => {
    const files = await filesSql(context, objects);
    return read(files).catch((error: unknown) =>
      throwNamed(context.engine, urlsOf(context.source, objects), error),
    );
  });

const classify =
  ({ source: { bucket }, lake }: SourceContext<'s3'>): Classify =>
  (error) => {
    if (error instanceof EngineError) {
      // What the lake refuses is no fault of the source.
      if (error.said.includes(`${lake.bucket}/partitions/`)) return undefined;
      const failure = unparsable(error);
      if (failure) return failure;
    }
    return awsFailure(error, `The bucket ${bucket}`);
  };
