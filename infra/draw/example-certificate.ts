import type { Certificate } from '../../lambdas/domain/certificate.ts';

const INACTIVE_SINCE = '2026-11-02T09:41:17.000Z';

const table = (kind: 'source' | 'model' | 'segment', name: string, rows: number) => ({
  kind,
  name,
  rows,
  bytes: rows * 61,
});

/** A certificate as the demo platform gives it; the pages of it are drawn and tested with this. */
export const exampleCertificate: Certificate = {
  version: 2,
  platform: 'demo',
  timeZone: 'Europe/Berlin',
  platformHash: '5b0c4d0c57f1b1c7e6b0e0c7a58e2a83d0e8a3b1d8d1f0f1b7d5b0f6c1a9e372',
  requestId: '01KAS3V7N0ZQ4T5M8W2X6Y9B1C',
  kind: 'erasure',
  outcome: 'erased',
  subjectCommitments: [
    '1f0b6e1c0d5ac5f1f5dd0c9ce06c8e2b1b8f1f5b1d9b6d6fd90ee4b0b4c3a9d1',
    '8a8be2f6b2d1c2f5b7f5f54a6d50b1c5f7a3d7b5f3a6b19f6a25ed9b7b1a4e08',
    'c2d45ab57b5f0a2f9b4f4a0b6e1d2b0ab64ab3b7d87ce06bb1a5f1c0f1d2e3a4',
  ],
  receivedAt: '2026-11-02T08:12:40.000Z',
  dueOn: '2026-12-02',
  certifiedAt: '2026-11-02T09:42:03.000Z',
  inTime: true,
  rounds: 1,
  identities: { unique: { email: 1, customer_id: 1 }, shared: { phone: 1 } },
  verification: Object.fromEntries(
    ['crm', 'orders', 'web_events', 'loyalty'].map((source, at) => [
      source,
      {
        answer: 'gone' as const,
        askedAt: `2026-11-02T09:3${at}:10.000Z`,
        goneSince: `2026-11-02T09:${at === 0 ? '30' : '13'}:10.000Z`,
        asks: at === 0 ? 4 : 2,
      },
    ]),
  ),
  refresh: {
    cycleId: 'c-7',
    snapshotId: 'c-7',
    publishedAt: INACTIVE_SINCE,
    sources: ['crm', 'orders', 'web_events', 'loyalty'].map((source, at) => ({
      source,
      status: 'successful' as const,
      at: `2026-11-02T09:40:0${at}.000Z`,
    })),
    failedSources: [],
  },
  proof: {
    depth: 'deep',
    tables: 6,
    rows: 21_794,
    bytes: 1_329_434,
    scanned: [
      table('source', 'crm', 1_000),
      table('source', 'orders', 4_120),
      table('source', 'web_events', 14_400),
      table('source', 'loyalty', 640),
      table('model', 'customers', 1_204),
      table('segment', 'loyal_buyers', 430),
    ],
    found: [],
    foundUndeclared: [],
    unsearched: [],
    notWithinTexts: 0,
    sharedWithOthers: [{ kind: 'source', name: 'crm', rows: 1 }],
  },
  residue: (
    ['source crm 1', 'source orders 5', 'source web_events 3', 'model customers 1'] as const
  )
    .map((place) => place.split(' ') as ['source' | 'model', string, string])
    .map(([kind, name, rows]) => ({
      kind,
      name,
      rows: Number(rows),
      copies: 1,
      in: [kind === 'source' ? 'c-6.1' : 'c-6'],
      inactiveSince: INACTIVE_SINCE,
      deletedBy: '2026-12-03',
      afterDeadline: true,
    })),
  exceptions: [],
  recipients: [
    {
      name: 'mailing',
      title: 'Mailing Ltd, which sends our newsletter',
      toldAt: '2026-11-02T09:41:20.000Z',
      acknowledgedAt: '2026-11-02T09:41:55.000Z',
    },
  ],
  gaveUpOn: [],
  ledger: {
    chain: 'request/01KAS3V7N0ZQ4T5M8W2X6Y9B1C',
    seq: 11,
    hash: '3f8c0a5e9f1b2c4d6e8fa0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5',
  },
};
