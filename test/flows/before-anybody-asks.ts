import { beforeAll, describe, expect, it } from '@jest/globals';
import { bridged } from '../../infra/local/demo-data/demo-people.ts';
import { signUp } from './people.ts';
import { bytesOf, refresh, tableOf } from './refreshes.ts';
import { platform } from './scene.ts';
import { patienceMs } from './side-by-side.ts';
import { cycleOf } from './tables.ts';

/** Signed up after the last refresh: the lake has never seen them. */
export const newcomer = { customerId: 'C-900001', email: 'newcomer@post.example' };

export const beforeAnybodyAsks = () =>
  describe('a refresh for nobody', () => {
    const segments = ['spring_campaign', 'summer_mailing'];
    let before: Buffer[];
    let prefixes: string[];
    let cycleId: string;
    beforeAll(async () => {
      before = await Promise.all(segments.map(bytesOf));
      prefixes = await Promise.all(segments.map(async (name) => (await tableOf(name)).prefix));
      // The only link between this customer's two addresses; from here on, no active partition has it.
      await platform.owners.webTeamDeletes(bridged);
      cycleId = await refresh('web_events');
      await signUp(newcomer);
    }, patienceMs);

    it('refreshes what was named and nothing else', async () => {
      expect(await cycleOf(cycleId)).toMatchObject({ sources: ['web_events'], members: [] });
    });

    it('publishes a snapshot', async () => {
      expect((await platform.desk.snapshot()).snapshotId).toBe(cycleId);
    });

    it('carries static segments over as they are, under its own prefix', async () => {
      const after = await Promise.all(segments.map(bytesOf));
      expect(after.map((bytes, i) => bytes.equals(before[i] ?? Buffer.of()))).toEqual([true, true]);
      for (const [i, name] of segments.entries())
        expect((await tableOf(name)).prefix).not.toBe(prefixes[i]);
    });
  });
