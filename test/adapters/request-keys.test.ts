import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ulid } from 'ulid';
import { configuration } from '../../lambdas/adapters/configuration.ts';
import { dynamo, transact } from '../../lambdas/adapters/dynamo.ts';
import { deletedKey, newKey, openerOf, seal } from '../../lambdas/adapters/request-keys.ts';
import { makeTables } from './tables.ts';

beforeAll(makeTables);

const TEXT = 'Zoë, who writes “please” — \u{1f98a}';

async function anOwner(): Promise<{ owner: string; sealed: string }> {
  const owner = ulid();
  const { write } = await newKey(owner);
  await transact([write]);
  return { owner, sealed: (await seal(owner, TEXT)) ?? '' };
}

const keyOf = (pk: string) =>
  new GetCommand({ TableName: configuration().requestKeysTable, Key: { pk } });

const opened = async (owner: string, sealed: string) => (await openerOf(owner))?.open(sealed);

describe('what is sealed for a request', () => {
  it('is opened for it again, to the letter', async () => {
    const { owner, sealed } = await anOwner();
    expect(await opened(owner, sealed)).toBe(TEXT);
    expect(Buffer.from(sealed, 'base64').toString('latin1')).not.toContain('please');
  });

  it('never looks the same twice, so that equal texts cannot be told', async () => {
    const { owner, sealed } = await anOwner();
    expect(await seal(owner, TEXT)).not.toBe(sealed);
  });

  it('may be sealed before its key is kept, and is opened once it is', async () => {
    const owner = ulid();
    const key = await newKey(owner);
    const sealed = await key.seal(TEXT);
    expect(await openerOf(owner)).toBeUndefined();
    await transact([key.write]);
    expect(await opened(owner, sealed)).toBe(TEXT);
  });

  it('cannot be opened any more once the key is deleted, by nobody who kept a copy', async () => {
    const { owner, sealed } = await anOwner();
    await transact([deletedKey(owner)]);
    expect(await openerOf(owner)).toBeUndefined();
    expect(await seal(owner, TEXT)).toBeUndefined();
    await transact([(await newKey(owner)).write]);
    await expect(opened(owner, sealed)).rejects.toThrow();
  });

  it('cannot be opened for another', async () => {
    const [one, other] = [await anOwner(), await anOwner()];
    await expect(opened(other.owner, one.sealed)).rejects.toThrow();
  });

  it('cannot be opened by a key that was moved to another owner', async () => {
    const [one, other] = [await anOwner(), await anOwner()];
    const { requestKeysTable } = configuration();
    const { Item } = await dynamo.send(keyOf(one.owner));
    await dynamo.send(
      new PutCommand({ TableName: requestKeysTable, Item: { ...Item, pk: other.owner } }),
    );
    await expect(opened(other.owner, one.sealed)).rejects.toThrow();
  });

  it('is not opened when a bit of it was changed', async () => {
    const { owner, sealed } = await anOwner();
    const [enc = '', text = ''] = sealed.split('.');
    const bytes = Buffer.from(text, 'base64');
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    const tampered = `${enc}.${bytes.toString('base64')}`;
    await expect(opened(owner, tampered)).rejects.toThrow();
  });
});

describe('a key', () => {
  it('is not replaced: what it sealed stays readable', async () => {
    const { owner, sealed } = await anOwner();
    const { write } = await newKey(owner);
    expect(await transact([write])).toEqual({ outcome: 'refused', positions: [0] });
    expect(await opened(owner, sealed)).toBe(TEXT);
  });

  it('of a day of faults carries the second at which it goes', async () => {
    const owner = `faults#${ulid()}`;
    const { write } = await newKey(owner, new Date('2026-03-01T10:00:00.900Z'));
    await transact([write]);
    const { Item } = await dynamo.send(keyOf(owner));
    expect(Item?.expiresAt).toBe(Date.UTC(2026, 2, 1, 10) / 1000);
  });
});
