import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { undeclaredWords } from '../../lambdas/domain/undeclared.ts';
import { CANARY } from './fixture.ts';
import { openShop, PERSON, runCycle, type Steps } from './shop.ts';
import { emptyTable } from './tables.ts';

let shop: Awaited<ReturnType<typeof openShop>>;
/** The shop's CRM has notes, which nobody has declared; or declared; or said to be none of this. */
let steps: Record<'undeclared' | 'declared' | 'excepted', Steps>;
let desk: Steps;

const columns = { customer_id: 'VARCHAR', email: 'VARCHAR', phone: 'VARCHAR', note: 'VARCHAR' };

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
beforeAll(async () => {
  shop = await openShop();
  const withNotes = (
    also: (crm: { identities: unknown[]; notPersonal?: unknown }) => void = () => {},
  ) =>
    shop.functions((definition) => {
      Object.assign(definition.platform.sources.crm ?? {}, { columns });
      also(definition.platform.sources.crm as never);
      definition.sql.customers = 'SELECT email, phone, note AS remark FROM crm';
    });
  steps = {
    undeclared: await withNotes(),
    declared: await withNotes(({ identities }) => {
      identities.push({ type: 'email', column: 'note', within: 'text' });
    }),
    excepted: await withNotes((crm) => {
      crm.notPersonal = [{ column: 'note', reason: 'Our own address.' }];
    }),
  };
  desk = await shop.functions(undefined, 'desk');
});
afterAll(() => shop.close());

beforeEach(async () => {
  await emptyTable('catalogTable');
  for (const prefix of ['partitions/', 'snapshots/']) await shop.lake.erase(prefix);
});

const notes = (...texts: string[]) =>
  shop.put(
    'crm/a.csv',
    [
      'customer_id,email,phone,note',
      ...texts.map((text, n) => `${n},other${n}@example.org,,"${text}"`),
      '',
    ].join('\n'),
  );

describe('a person in a column that nobody declared', () => {
  it('fails the proof, which names table and column, counts rows and says how to declare it', async () => {
    await notes(`Ask ${CANARY}.`, CANARY.toUpperCase(), `not x${CANARY}`);
    const result = await runCycle(steps.undeclared, 1);
    expect(result).toMatchObject({
      outcome: 'foundUndeclared',
      found: [],
      scanned: { tables: 3, deep: 3 },
    });
    expect(result.foundUndeclared).toEqual([
      {
        kind: 'model',
        name: 'customers',
        column: 'remark',
        types: ['email'],
        rows: 2,
        whole: false,
      },
      { kind: 'source', name: 'crm', column: 'note', types: ['email'], rows: 2, whole: false },
    ]);
    expect(undeclaredWords(result.foundUndeclared).join('\n')).toContain(
      'source crm, column note (2 rows): sources.crm.identities: - { type: email, column: note, within: text }',
    );
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });

  it('is found by the proof of declared columns once the column is declared', async () => {
    await notes(`Ask ${CANARY}.`);
    const result = await runCycle(steps.declared, 1);
    expect(result.found).toEqual([{ kind: 'source', name: 'crm', rows: 1 }]);
    expect(result.foundUndeclared).toMatchObject([{ kind: 'model', column: 'remark' }]);
  });

  it('is proven absent when the source has cleaned the text', async () => {
    await notes('Ask somebody.');
    expect(await runCycle(steps.undeclared, 1)).toMatchObject({
      outcome: 'proven',
      foundUndeclared: [],
    });
  });

  it('is not looked for where the platform excepts the column', async () => {
    await notes(`Ask ${CANARY}.`);
    const { foundUndeclared } = await runCycle(steps.excepted, 1);
    expect(foundUndeclared).toMatchObject([{ kind: 'model', name: 'customers' }]);
  });

  it('is told by a dry run of the source itself, also where the column is not ingested', async () => {
    await notes(`Ask ${CANARY}.`);
    expect(await desk.preview?.({ identities: [PERSON] })).toMatchObject({
      sources: [{ source: 'crm', answer: 'gone' }],
      undeclared: [
        { in: 'source', kind: 'source', name: 'crm', column: 'note', types: ['email'], rows: 1 },
      ],
      notRead: [],
    });
    await shop.lake.erase('crm/');
    expect(await desk.preview?.({ identities: [PERSON] })).toMatchObject({ undeclared: [] });
  });
});
