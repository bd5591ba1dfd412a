import { beforeAll, expect, it } from '@jest/globals';
import { testPlatform } from '../emulator/platform.ts';
import { beforeAnybodyAsks } from './before-anybody-asks.ts';
import { byMail } from './by-mail.ts';
import { comingBack } from './coming-back.ts';
import { deciding } from './deciding.ts';
import { duringCycles, sharedCyclesRefreshOnce } from './during-cycles.ts';
import {
  enteredWhenRefreshesFail,
  flowsOfRequests,
  passWithoutItsTurn,
  statesNotEntered,
} from './entered-states.ts';
import { erasedMeanwhile } from './erased-meanwhile.ts';
import { holding } from './holding.ts';
import { openPackages } from './open-packages.ts';
import { openScene } from './scene.ts';
import { patienceMs, sideBySide } from './side-by-side.ts';
import { tellingRecipients } from './telling-recipients.ts';
import { crmHasPolicies } from './trouble.ts';
import { waitingForSources } from './waiting-for-sources.ts';
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
  ...erasedMeanwhile,
  ...byMail,
  ...tellingRecipients,
  ...openPackages,
});

it('share cycles, which refresh each source once for all their members', sharedCyclesRefreshOnce);

it(
  'enter, together with refreshes that fail, every state of the flows of requests',
  async () => {
    await passWithoutItsTurn();
    const missing = await statesNotEntered(flowsOfRequests);
    expect(missing.filter((state) => !enteredWhenRefreshesFail.includes(state))).toEqual([]);
  },
  patienceMs,
);
