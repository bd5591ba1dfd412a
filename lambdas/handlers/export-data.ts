import { getRequest } from '../adapters/requests.ts';
import { once } from '../adapters/results.ts';
import { isUnconfirmed } from '../domain/request.ts';
import { certifyRequest } from '../steps/certifying.ts';
import { lookAtCollection as lookAtCollected, offerPackage as offer } from '../steps/collecting.ts';
import { joinGathering as join } from '../steps/gathering.ts';
import { deletePackages, packageExport as makePackage } from '../steps/packaging.ts';
import { keepPackage as keep } from '../steps/reissuing.ts';
import { resolveAndKeep } from '../steps/resolving.ts';
import { InRound, OfRequest } from './every-request.ts';
import { step } from './step.ts';

export {
  askForConfirmation,
  askWhoIsMeant,
  closeRequest,
  lookAtConfirmation,
  notify,
} from './every-request.ts';

/** A user is looked up when the package is made: nothing that is ingested is about users. */
export const resolveIdentities = step('resolveIdentities', OfRequest, async ({ requestId }) => {
  const request = await getRequest(requestId);
  const { round } = request;
  if (request.closing) return { outcome: 'closing' as const, round };
  if (isUnconfirmed(request)) return { outcome: 'unconfirmed' as const, round };
  if (request.subjectKind === 'user') return { outcome: 'clear' as const, round };
  return { ...(await resolveAndKeep(request)), round };
});

export const joinGathering = step('joinGathering', InRound, ({ requestId, round }) =>
  join(requestId, round),
);

export const packageExport = step('packageExport', InRound, ({ requestId, round }) =>
  makePackage(requestId, round),
);

export const offerPackage = step('offerPackage', InRound, ({ requestId, round }) =>
  offer(requestId, round),
);

export const lookAtCollection = step('lookAtCollection', InRound, ({ requestId }) =>
  lookAtCollected(requestId),
);

export const keepPackage = step('keepPackage', InRound, ({ requestId }) => keep(requestId));

export const deletePackage = step('deletePackage', InRound, ({ requestId, round }) =>
  once(requestId, 'deletePackage', round, async () => {
    const versions = await deletePackages(requestId);
    return { result: { outcome: 'deleted' }, facts: { versions } };
  }),
);

export const certify = step('certify', InRound, ({ requestId, round }) =>
  once(requestId, 'certify', round, () => certifyRequest(requestId, round)),
);
