import { getRequest } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { interruptionOf } from '../domain/hold.ts';
import { isUnconfirmed } from '../domain/request.ts';
import { certifyRequest } from '../steps/certifying.ts';
import { showHold } from '../steps/holding.ts';
import {
  applyDecided,
  askAfterCycle,
  judgeProof,
  stateWhatIsLeft,
} from '../steps/looking-at-proof.ts';
import { handToVerification, joinCycle } from '../steps/queueing-requests.ts';
import { resolveAndKeep } from '../steps/resolving.ts';
import { settlePackages as settle } from '../steps/settling-packages.ts';
import { tellRecipients as tellEach } from '../steps/telling-recipients.ts';
import { InRound, OfRequest } from './every-request.ts';
import { step } from './step.ts';

export {
  askForConfirmation,
  askWhoIsMeant,
  closeRequest,
  lookAtConfirmation,
  notify,
} from './every-request.ts';

export const resolveIdentities = step('resolveIdentities', OfRequest, async ({ requestId }) => {
  const request = await getRequest(requestId);
  const { round } = request;
  if (request.closing) return { outcome: 'closing' as const, round };
  if (request.legalHold) return { outcome: 'held' as const, round };
  if (isUnconfirmed(request)) return { outcome: 'unconfirmed' as const, round };
  return { ...(await resolveAndKeep(request)), round };
});

export const askSources = step('askSources', InRound, ({ requestId, round }) =>
  handToVerification(requestId, round),
);

export const joinRefreshCycle = step('joinRefreshCycle', InRound, ({ requestId, round }) =>
  joinCycle(requestId, round),
);

export const lookAtProof = step('lookAtProof', InRound, ({ requestId, round }) =>
  judgeProof(requestId, round),
);

export const askWhatToDo = step('askWhatToDo', InRound, ({ requestId, round }) =>
  askAfterCycle(requestId, round),
);

export const applyDecision = step('applyDecision', InRound, ({ requestId, round }) =>
  applyDecided(requestId, round),
);

export const stateResidue = step('stateResidue', InRound, ({ requestId, round }) =>
  stateWhatIsLeft(requestId, round),
);

export const settlePackages = step('settlePackages', InRound, ({ requestId, round }) =>
  settle(requestId, round),
);

export const tellRecipients = step('tellRecipients', InRound, ({ requestId, round }) =>
  tellEach(requestId, round),
);

export const certify = step('certify', InRound, async ({ requestId, round }) => {
  const interruption = interruptionOf(await getRequest(requestId), round);
  return interruption ?? once(requestId, 'certify', round, () => certifyRequest(requestId, round));
});

export const lookAtHold = step('lookAtHold', InRound, async ({ requestId }) =>
  showHold(await getRequest(requestId)),
);
