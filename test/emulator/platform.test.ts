import { beforeAll, describe, expect, it } from '@jest/globals';
import { departing } from '../../infra/local/demo-data/demo-people.ts';
import type { RunningPlatform } from '../../infra/local/running-platform.ts';
import { testPlatform } from './platform.ts';

let platform: RunningPlatform;
beforeAll(async () => {
  platform = await testPlatform();
});

describe('the platform that tests share', () => {
  it('has an active snapshot of all sources, models and segments', async () => {
    const { tables } = await platform.desk.snapshot();
    const { sources, models, segments } = platform.demo.platform;
    const declared = [sources, models, segments].flatMap((part) => Object.keys(part));
    expect(tables.map(({ name }) => name).sort()).toEqual(declared.sort());
  });

  it('knows a customer who stands in all four sources', async () => {
    const value = departing[1]?.customerId ?? '';
    const found = await platform.desk.preview({ identities: [{ type: 'customer_id', value }] });
    expect(found).toMatchObject({ outcome: 'found', ambiguous: false });
    expect(found.outcome === 'found' && found.sources.map(({ answer }) => answer)).toEqual(
      Array(4).fill('stillHeld'),
    );
  });
});
