import type { Disclosure } from '../../../lambdas/domain/disclosure.ts';
import type { ExportColumn } from '../../../lambdas/domain/export/columns.ts';
import type { ExportSubject } from '../../../lambdas/domain/export/manifest.ts';
import type { ShownTable } from '../../../lambdas/domain/export/page/page.ts';

export const DISCLOSURE: Disclosure = {
  controller: 'Shop GmbH, Berlin, privacy@shop.example',
  purposes: ['To deliver what you order.', 'To show you what you may like.'],
  categories: ['Name and address', 'Orders'],
  recipients: ['The carrier'],
  retention: 'Ten years after your last order.',
  origin: 'You gave it.',
  supervisoryAuthority: 'the Berlin commissioner',
  users: { retention: 'As long as you have an account.' },
};

export const anExport = (change: Partial<ExportSubject> = {}): ExportSubject => ({
  requestId: '01JDEXPORT0000000000000000',
  kind: 'access',
  subjectKind: 'customer',
  receivedAt: '2026-11-20T09:00:00.000Z',
  platform: 'web_shop',
  platformHash: 'a-hash',
  timeZone: 'Europe/Berlin',
  snapshot: { snapshotId: 'c-4', publishedAt: '2026-11-22T03:10:00.000Z' },
  generatedAt: '2026-11-23T13:05:00.000Z',
  disclosure: DISCLOSURE,
  ...change,
});

export const columns = (declared: Record<string, string>): ExportColumn[] =>
  Object.entries(declared).map(([name, type]) => ({ name, type }));

export const aTable = (change: Partial<ShownTable> = {}): ShownTable => ({
  kind: 'source',
  name: 'crm',
  title: 'Customer record',
  facts: {},
  rows: change.shown?.length ?? 1,
  leftOut: 0,
  files: {
    json: 'tables/crm.json',
    csv: 'tables/crm.csv',
    schema: 'tables/crm.schema.json',
  },
  defused: [],
  columns: columns({ email: 'VARCHAR', birthday: 'DATE' }),
  shown: [['anna@example.org', '1990-05-01']],
  ...change,
});
