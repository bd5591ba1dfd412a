import { stringify } from 'yaml';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import type { PlatformDefinition } from '../../lambdas/domain/platform.ts';

export interface Size {
  sources: number;
  models: number;
  /** Of models: each reads the level below it, and the first reads sources. */
  levels: number;
  segments: number;
}

/** The sizes that are promised. */
export const PROMISED: Size = { sources: 50, models: 200, levels: 8, segments: 20 };

/** Names of forty letters, the longest that platform.yaml takes. */
const named = (kind: string, at: number) =>
  `${kind}_${String(at).padStart(3, '0')}_`.padEnd(40, 'x');
const names = (kind: string, count: number) =>
  Array.from({ length: count }, (_, at) => named(kind, at));

export interface Files {
  yaml: string;
  sql: Record<string, string>;
}

/** How many segments are static: half of them. */
const isStatic = (at: number) => at % 2 === 1;

/**
 * A platform of so many small sources, models over several levels and segments, as its files.
 * @param bucketOf the bucket of a source by its position; all lie in `exports`, if not said
 */
export function largePlatform(
  { sources, models, levels, segments }: Size,
  bucketOf: (at: number) => string = () => 'exports',
): Files {
  const owner = { email: 'owner@sources.example' };
  const [sourceNames, modelNames, segmentNames] = [
    names('source', sources),
    names('model', models),
    names('segment', segments),
  ];
  const width = Math.ceil(models / levels);
  const readBy = (at: number): string =>
    (at < width ? sourceNames[at % sources] : modelNames[at - width]) ?? '';
  const identities = [
    { type: 'customer_id', column: 'customer_id' },
    { type: 'email', column: 'email' },
  ];
  const of = (table: string) => `SELECT customer_id, email FROM ${table}\n`;
  const segmentReads = modelNames.at(-1) ?? '';
  const content = {
    platform: 'large',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    sender: 'privacy@large.example',
    tenantAdmin: { email: 'admin@large.example' },
    operator: { email: 'operator@large.example' },
    supportContact: { email: 'support@large.example' },
    identityTypes: {
      email: { normalForm: 'email', points: 'unique' },
      customer_id: { normalForm: 'text', points: 'unique' },
    },
    refresh: { collectingSeconds: 1 },
    sources: Object.fromEntries(
      sourceNames.map((name, at) => [
        name,
        {
          kind: 's3',
          format: 'csv',
          bucket: bucketOf(at),
          prefix: `${name}/`,
          owner,
          columns: { customer_id: 'VARCHAR', email: 'VARCHAR' },
          identities,
        },
      ]),
    ),
    models: Object.fromEntries(
      modelNames.map((name, at) => [name, { reads: [readBy(at)], identities }]),
    ),
    segments: Object.fromEntries(
      segmentNames.map((name, at) => [
        name,
        {
          ...(isStatic(at) ? { kind: 'static', recreate: 'rerun' } : { kind: 'dynamic' }),
          reads: [segmentReads],
          identities,
        },
      ]),
    ),
  };
  return {
    yaml: stringify(content, { aliasDuplicateObjects: false }),
    sql: Object.fromEntries([
      ...modelNames.map((name, at) => [name, of(readBy(at))]),
      ...segmentNames.map((name) => [name, of(segmentReads)]),
    ]),
  };
}

/** The same, parsed as a deployment parses it. */
export const parsed = (files: Files): PlatformDefinition =>
  parsePlatform({ file: 'infra/platforms/large/platform.yaml', ...files });
