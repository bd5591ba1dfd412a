import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ulid } from 'ulid';
import { z } from 'zod';
import { transact } from '../../lambdas/adapters/dynamo.ts';
import { ensureFaultKeys } from '../../lambdas/adapters/faults.ts';
import { newKey, openerOf } from '../../lambdas/adapters/request-keys.ts';
import { step } from '../../lambdas/handlers/step.ts';
import { everyRow, makeTables } from '../adapters/tables.ts';

const CANARY = 'Kunde-QZX417';

let logged = '';
beforeAll(makeTables);
beforeEach(() => {
  logged = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    logged += text;
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    logged += text;
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function aRequestId(): Promise<string> {
  const requestId = ulid();
  await transact([(await newKey(requestId)).write]);
  return requestId;
}

class ConversionError extends Error {
  override name = 'ConversionError';
}
const failing = (error: unknown) =>
  step('aStep', z.object({}).loose(), () => Promise.reject(error));

async function thrownBy(run: (event: unknown) => Promise<unknown>, event: unknown) {
  const error = await run(event).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  if (!error) throw new Error('Nothing was thrown.');
  return error;
}
const keptFor = async (owner: string) =>
  (await everyRow('requestsTable')).filter(({ pk }) => pk === owner);

describe('a step', () => {
  it('gives what it found, and logs its outcome with the ids that it is about', async () => {
    const requestId = await aRequestId();
    const run = step('aStep', z.object({ requestId: z.string() }), async () => ({
      outcome: 'done',
      rows: 3,
    }));
    expect(await run({ requestId, cycleId: 'c-12', passId: 'v-4' })).toEqual({
      outcome: 'done',
      rows: 3,
    });
    expect(JSON.parse(logged)).toMatchObject({
      message: 'aStep',
      requestId,
      cycleId: 'c-12',
      passId: 'v-4',
      outcome: 'done',
    });
  });

  it('lets out of an error its class and an id, and not a word of it', async () => {
    const requestId = await aRequestId();
    const cause = new Error(`invalid date: ${CANARY}`);
    const error = new ConversionError(`Could not cast ${CANARY}`, { cause });
    const thrown = await thrownBy(failing(error), { requestId });
    expect(thrown.name).toBe('ConversionError');
    expect(thrown.message).toMatch(/^ConversionError [0-9A-Z]{26}$/);
    expect(`${thrown.stack} ${JSON.stringify(thrown)} ${thrown.cause}`).not.toContain(CANARY);
    expect(logged).toContain('ConversionError');
    expect(logged).not.toContain(CANARY);
  });

  it('keeps the words and those of the cause with the request, sealed', async () => {
    const requestId = await aRequestId();
    const cause = new Error(`invalid date: ${CANARY}`);
    const run = failing(new ConversionError('Could not cast', { cause }));
    const { message } = await thrownBy(run, { requestId });
    const [row, ...others] = await keptFor(requestId);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ step: 'aStep', class: 'ConversionError' });
    expect(message).toBe(`ConversionError ${`${row?.sk}`.slice('FAULT#'.length)}`);
    expect(JSON.stringify(row)).not.toContain(CANARY);
    const words = await (await openerOf(requestId))?.open(`${row?.sealed}`);
    expect(words).toMatch(/Could not cast[\s\S]*caused by: [\s\S]*invalid date: Kunde-QZX417/);
  });

  it('keeps what belongs to no request under the key of the day', async () => {
    await ensureFaultKeys(new Date());
    await thrownBy(failing(new Error(CANARY)), { cycleId: 'c-12' });
    const rows = (await everyRow('requestsTable')).filter(({ execution }) => execution === 'c-12');
    expect(rows).toHaveLength(1);
    expect(rows[0]?.pk).toMatch(/^faults#\d{4}-\d\d-\d\d$/);
    expect(await (await openerOf(`${rows[0]?.pk}`))?.open(`${rows[0]?.sealed}`)).toContain(CANARY);
  });

  it('keeps what stopped a clean-up with its run, and not with the cycle whose copy it deletes', async () => {
    await ensureFaultKeys(new Date());
    const runId = `run-${ulid()}`;
    await thrownBy(failing(new Error(CANARY)), { runId, cycleId: 'c-77' });
    const rows = await everyRow('requestsTable');
    expect(rows.filter(({ execution }) => execution === runId)).toHaveLength(1);
    expect(rows.filter(({ execution }) => execution === 'c-77')).toHaveLength(0);
  });

  it('loses the words rather than keep them open, when the key is gone', async () => {
    const requestId = ulid();
    const { message } = await thrownBy(failing(new Error(CANARY)), { requestId });
    expect(message).toMatch(/^Error [0-9A-Z]{26}$/);
    const [row] = await keptFor(requestId);
    expect(row).not.toHaveProperty('sealed');
    expect(JSON.stringify(row)).not.toContain(CANARY);
  });

  it('takes nothing for an id that is none: people type other things where ids belong', async () => {
    const run = step('aStep', z.object({ requestId: z.ulid() }), async () => ({}));
    for (const field of ['requestId', 'cycleId', 'passId'])
      await thrownBy(run, { [field]: CANARY });
    expect(logged).not.toContain(CANARY);
    expect(JSON.stringify(await everyRow('requestsTable'))).not.toContain(CANARY);
  });

  it('takes nothing for a class that may be a value', async () => {
    const error = new Error('no');
    error.name = `${CANARY} is invalid`;
    const thrown = await thrownBy(failing(error), {});
    expect(thrown.name).toBe('Error');
    expect(logged).not.toContain(CANARY);
    expect((await thrownBy(failing(CANARY), {})).name).toBe('Error');
  });
});
