import { beforeAll, describe, expect, it } from '@jest/globals';
import { testPlatform } from '../emulator/platform.ts';
import { beforeAnybodyAsks } from './before-anybody-asks.ts';
import { broughtBack } from './brought-back.ts';
import { comingBack } from './coming-back.ts';
import { deciding } from './deciding.ts';
import { duringCycles } from './during-cycles.ts';
import { statesNotEntered } from './entered-states.ts';
import { holding } from './holding.ts';
import { openScene } from './scene.ts';
import { patienceMs, sideBySide } from './side-by-side.ts';
import { crmHasPolicies } from './trouble.ts';
import { waitingForSources } from './waiting-for-sources.ts';
import { whenRefreshesFail } from './when-refreshes-fail.ts';
import { whoIsMeant } from './who-is-meant.ts';

// One file, because the acts follow one another on one platform.
beforeAll(async () => {
  openScene(await testPlatform());
  await crmHasPolicies();
}, 900_000);

beforeAnybodyAsks();

sideBySide('a request', {
  ...waitingForSources,
  ...whoIsMeant,
  ...deciding,
  ...duringCycles,
  ...comingBack,
  ...holding,
});

describe('when a refresh fails', () => {
  for (const [title, run] of Object.entries(whenRefreshesFail)) it(title, run, patienceMs);
});

describe('somebody who was erased, and whom a source brings back', () => {
  for (const [title, run] of Object.entries(broughtBack)) it(title, run, patienceMs);
});

describe('all these tests together', () => {
  it(
    'enter every state of the flows of requests',
    async () => {
      const flows = ['delete-customer-data', 'verify-sources', 'refresh-cycle'] as const;
      expect(await statesNotEntered([...flows])).toEqual([]);
    },
    patienceMs,
  );
});
