import { beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import {
  type CodeOf,
  codeUsed,
  codeVoided,
  isCode,
  newCode,
  newestCode,
  tryTaken,
} from '../../lambdas/adapters/codes.ts';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { findLink, linkOf, newLink, pageOf } from '../../lambdas/adapters/links.ts';
import { deletedKey, newKey } from '../../lambdas/adapters/request-keys.ts';
import { noteReturned, noteSent } from '../../lambdas/adapters/sent-mails.ts';
import { everyRow, makeTables } from './tables.ts';

beforeAll(makeTables);

const NOW = new Date('2026-03-01T10:00:00.000Z');

const of = (own: Partial<CodeOf> = {}): CodeOf => ({
  requestId: ulid(),
  purpose: 'confirmation',
  n: 1,
  address: 'admin@tenant.example',
  ...own,
});

async function anIssuedCode(own: Partial<CodeOf> = {}) {
  const whose = of(own);
  const { code, write } = await newCode(whose);
  await transact([write]);
  const row = await newestCode(whose.requestId, whose.purpose);
  if (!row) throw new Error('It was not kept.');
  return { whose, code, row };
}

describe('a code', () => {
  it('stands nowhere in the tables, and neither does a link', async () => {
    const { code, whose } = await anIssuedCode();
    const { requestId, purpose } = whose;
    await transact([(await newKey(requestId)).write]);
    const link = await linkOf(requestId, purpose);
    await transact([
      await newLink(link, { requestId, purpose, shown: { masked: ['email a…t@e….org'] } }),
    ]);
    const rows = JSON.stringify(await everyRow('requestsTable'));
    expect(rows).toContain(requestId);
    for (const secret of [code, link, 'a…t@e']) expect(rows).not.toContain(secret);
  });

  it('is known again with all that it was made for, and with nothing else', async () => {
    const { whose, code, row } = await anIssuedCode();
    expect(await isCode(row, whose, code)).toBe(true);
    expect(await isCode(row, { ...whose, address: ' Admin@Tenant.example' }, code)).toBe(true);
    for (const other of [
      { requestId: ulid() },
      { purpose: 'collection' as const },
      { n: 2 },
      { address: 'attacker@tenant.example' },
    ])
      expect(await isCode(row, { ...whose, ...other }, code)).toBe(false);
    expect(
      await isCode(
        row,
        whose,
        code.replace(/^./, (c) => (c === '7' ? '8' : '7')),
      ),
    ).toBe(false);
  });

  it('is used by one of many at once', async () => {
    const { row } = await anIssuedCode();
    const uses = await Promise.all(
      Array.from({ length: 12 }, () => transact([codeUsed(row, NOW)])),
    );
    expect(uses.filter(({ outcome }) => outcome === 'written')).toHaveLength(1);
  });

  it('is tried five times, of fifty tries at once', async () => {
    const { row, whose } = await anIssuedCode();
    const tries = await Promise.all(
      Array.from({ length: 50 }, async () => {
        for (;;)
          try {
            return (await transact([tryTaken(row, NOW)])).outcome;
          } catch (error) {
            // Transactions meet on one row; nothing was written then.
            if ((error as Error).name !== 'TransactionCanceledException') throw error;
          }
      }),
    );
    expect(tries.filter((outcome) => outcome === 'written')).toHaveLength(5);
    expect(await newestCode(whose.requestId, whose.purpose)).toMatchObject({ tries: 5 });
  });

  it('that was voided can neither be tried nor used, and one that was used not be voided', async () => {
    const voided = await anIssuedCode();
    await transact([codeVoided(voided.row, NOW)]);
    expect((await transact([tryTaken(voided.row, NOW)])).outcome).toBe('refused');
    expect((await transact([codeUsed(voided.row, NOW)])).outcome).toBe('refused');
    const used = await anIssuedCode();
    await transact([codeUsed(used.row, NOW)]);
    expect((await transact([codeVoided(used.row, NOW)])).outcome).toBe('refused');
  });

  it('of a number is issued once; the newest is the one with the highest', async () => {
    const { whose } = await anIssuedCode();
    expect((await transact([(await newCode(whose)).write])).outcome).toBe('refused');
    for (const n of [2, 10, 9]) await transact([(await newCode({ ...whose, n })).write]);
    expect((await newestCode(whose.requestId, 'confirmation'))?.n).toBe(10);
    expect(await newestCode(whose.requestId, 'collection')).toBeUndefined();
  });
});

describe('a link', () => {
  it('is the same for the same page, another for every other, and 128 bits long', async () => {
    const requestId = ulid();
    const link = await linkOf(requestId, 'confirmation');
    expect(link).toMatch(/^[0-9a-f]{32}$/);
    expect(await linkOf(requestId, 'confirmation')).toBe(link);
    expect(await linkOf(requestId, 'collection')).not.toBe(link);
    expect(await linkOf(ulid(), 'confirmation')).not.toBe(link);
    expect(pageOf('confirmation', link)).toBe(`https://pages.example/confirm/${link}`);
  });

  it('opens what it is about, and nothing that nobody was sent', async () => {
    const requestId = ulid();
    const link = await linkOf(requestId, 'confirmation');
    expect(await findLink(link)).toBeUndefined();
    await transact([(await newKey(requestId)).write]);
    const about = { requestId, purpose: 'confirmation' as const, shown: { masked: ['email …'] } };
    await transact([await newLink(link, about)]);
    expect(await findLink(link)).toEqual(about);
    for (const other of ['', 'x', link.slice(1), link.toUpperCase(), `${link}'--`, '0'.repeat(32)])
      expect(await findLink(other)).toBeUndefined();
  });
});

it('shows nothing of the person once the key of the request is gone', async () => {
  const requestId = ulid();
  await transact([(await newKey(requestId)).write]);
  const link = await linkOf(requestId, 'confirmation');
  const about = { requestId, purpose: 'confirmation' as const };
  await transact([await newLink(link, { ...about, shown: { masked: ['email a…t@e….org'] } })]);
  await transact([deletedKey(requestId)]);
  expect(await findLink(link)).toEqual({ ...about, shown: { masked: [] } });
  await expect(newLink(link, { ...about, shown: { masked: [] } })).rejects.toThrow(requestId);
});

describe('a mail that came back', () => {
  it('is known to whoever notes it second, in either order', async () => {
    const about = { requestId: ulid(), wait: 'WAIT#confirmation#1' };
    const [early, late] = [ulid(), ulid()];
    expect((await noteReturned(early, 'bounce')).requestId).toBeUndefined();
    expect(await noteSent(early, about)).toMatchObject({ ...about, returned: 'bounce' });
    expect((await noteSent(late, about)).returned).toBeUndefined();
    expect(await noteReturned(late, 'complaint')).toMatchObject({
      ...about,
      returned: 'complaint',
    });
  });
});
