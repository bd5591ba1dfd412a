import { describe, expect, it } from '@jest/globals';
import {
  describeTable,
  inReadingOrder,
  isExported,
  lackingForExport,
} from '../../../lambdas/domain/export/contents.ts';
import { manifestOf } from '../../../lambdas/domain/export/manifest.ts';
import { parsePlatform } from '../../../lambdas/domain/parse-platform.ts';
import { PLATFORM_SQL, PLATFORM_YAML } from '../a-platform.ts';
import { anExport, aTable, DISCLOSURE } from './an-export.ts';

const yaml = PLATFORM_YAML.replace(
  'identityTypes:',
  `disclosure: ${JSON.stringify(DISCLOSURE)}\nidentityTypes:`,
)
  .replace(
    'table: customers',
    'table: customers\n    disclosure: { title: Your record, origin: Our shops., portable: false }',
  )
  .replace(
    'reads: [identities, crm]',
    'reads: [identities, crm]\n    disclosure: { portable: true }',
  );
const { platform } = parsePlatform({ file: 'platform.yaml', yaml, sql: PLATFORM_SQL });

const source = (name: string) => ({ kind: 'source' as const, name });
const model = (name: string) => ({ kind: 'model' as const, name });

describe('what an export holds', () => {
  it('is everything for access', () => {
    const tables = [source('crm'), source('web'), model('customers')];
    expect(tables.map((table) => isExported(platform, 'access', table))).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('is what the person gave for portability, or what the platform says', () => {
    const tables = [
      source('crm'),
      source('web'),
      model('customers'),
      { kind: 'segment' as const, name: 'everyone' },
    ];
    expect(tables.map((table) => isExported(platform, 'portability', table))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('has the headings and the differing facts of platform.yaml', () => {
    expect(describeTable(platform, source('crm'))).toEqual({
      ...source('crm'),
      title: 'Your record',
      facts: { origin: 'Our shops.' },
    });
    expect(describeTable(platform, model('customers'))).toMatchObject({
      title: 'Customers',
      facts: {},
    });
  });

  it('cannot be access where nobody has said what the law wants told', () => {
    const without = { disclosure: undefined };
    expect(lackingForExport(platform, 'access')).toEqual([]);
    expect(lackingForExport(without, 'portability')).toEqual([]);
    expect(lackingForExport(without, 'access')).toEqual([
      expect.stringContaining('lacks "disclosure"'),
    ]);
  });

  it('begins with who one is, and ends with the lists one stands on', () => {
    const kinds = (['segment', 'source', 'user', 'model', 'source'] as const).map((kind, at) => ({
      kind,
      at,
    }));
    expect(inReadingOrder(kinds).map(({ at }) => at)).toEqual([2, 3, 1, 4, 0]);
  });
});

describe('the manifest', () => {
  const files = [{ path: 'tables/crm.csv', mediaType: 'text/csv', bytes: 5, sha256: 'abc' }];
  const defused = [
    { column: 'phone', cells: 2, rows: [1, 3] },
    { column: 'note', cells: 1001, rows: Array.from({ length: 1000 }, (_, row) => row) },
  ];
  const table = aTable({ facts: { origin: 'Our shops.' }, defused });
  const manifest = manifestOf(anExport(), [table], files);

  it('says what was asked, when and by what it was made, and of which data', () => {
    expect(manifest).toMatchObject({
      schemaVersion: 1,
      generatedAt: '2026-11-23T13:05:00.000Z',
      generatedBy: 'data-subject-rights',
      request: { requestId: '01JDEXPORT0000000000000000', kind: 'access', subjectKind: 'customer' },
      platform: { name: 'web_shop', sha256: 'a-hash' },
      snapshot: { snapshotId: 'c-4' },
      files,
    });
  });

  it('says which cells were defused, and whether all of them are listed', () => {
    expect(manifest.csv.defused).toMatchObject([
      { file: 'tables/crm.csv', column: 'phone', cells: 2, rows: [1, 3], listed: 'all' },
      { column: 'note', cells: 1001, listed: 'first' },
    ]);
  });

  it('has the facts of Art. 15 for access, without those of other people', () => {
    expect(manifest.article15).toMatchObject({ retention: 'Ten years after your last order.' });
    expect(manifest.article15).not.toHaveProperty('users');
    expect(manifestOf(anExport({ kind: 'portability' }), [], [])).not.toHaveProperty('article15');
  });

  it('holds no row', () => {
    expect(JSON.stringify(manifest)).not.toContain('anna@example.org');
  });
});
