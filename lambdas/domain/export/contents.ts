import { type Facts, factsOf, type TableDisclosure } from '../disclosure.ts';
import type { Platform } from '../platform.ts';
import { inPlainWords } from './columns.ts';

/** `access`: everything, and the facts of Art. 15. `portability` (Art. 20): what the person gave. */
export type ExportKind = 'access' | 'portability';

export type TableKind = 'source' | 'model' | 'segment' | 'user';

/** One table of a package, before anything is read. */
export interface ContentTable {
  kind: TableKind;
  name: string;
  title: string;
  /** Where it differs from the platform's facts. */
  facts: Facts;
}

/** What an export needs of platform.yaml and lacks, in words for whoever asked for it. */
export const lackingForExport = (
  platform: Pick<Platform, 'disclosure'>,
  kind: ExportKind,
): string[] =>
  kind === 'access' && platform.disclosure === undefined
    ? [
        'kind: this platform cannot answer a request for access. Its platform.yaml lacks "disclosure", the facts that Art. 15 GDPR wants told; docs/platform.md says which.',
      ]
    : [];

/**
 * Whether a table belongs into an export. What models made of somebody is no data that the person
 * gave (Art. 20; WP 242 of the Art. 29 Working Party), unless the platform says otherwise.
 */
export function isExported(
  platform: Platform,
  kind: ExportKind,
  table: Pick<ContentTable, 'kind' | 'name'>,
): boolean {
  if (kind === 'access') return true;
  const { portable } = disclosureOf(platform, table) ?? {};
  return portable ?? table.kind === 'source';
}

/** The heading of a table, and what differs of it. */
export function describeTable(
  platform: Platform,
  { kind, name }: Pick<ContentTable, 'kind' | 'name'>,
): ContentTable {
  const disclosure = disclosureOf(platform, { kind, name });
  return {
    kind,
    name,
    title: disclosure?.title ?? inPlainWords(name),
    facts: factsOf(disclosure),
  };
}

function disclosureOf(
  { sources, models, segments }: Platform,
  { kind, name }: Pick<ContentTable, 'kind' | 'name'>,
): TableDisclosure | undefined {
  switch (kind) {
    case 'source':
      return sources[name]?.disclosure;
    case 'model':
      return models[name]?.disclosure;
    case 'segment':
      return segments[name]?.disclosure;
    case 'user':
      return undefined;
    default:
      return kind satisfies never;
  }
}

const ORDER: TableKind[] = ['user', 'model', 'source', 'segment'];

/** As a reader meets them: who one is, what was recorded, which lists one stands on. */
export const inReadingOrder = <T extends Pick<ContentTable, 'kind'>>(tables: T[]): T[] =>
  [...tables].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
