import * as z from 'zod';
import { RequestId } from '../domain/ids.ts';
import { askWhoIsMeant as askWhich } from '../steps/asking-who-is-meant.ts';
import { closeForGood } from '../steps/closing.ts';
import {
  askForConfirmation as askToConfirm,
  lookAtConfirmation as lookAtAnswer,
} from '../steps/confirming.ts';
import { tellHowItEnded } from '../steps/notifying.ts';
import { step } from './step.ts';

/* What the flows of erasures and exports have in common; each is a function of its own in each. */

export const OfRequest = z.object({ requestId: RequestId });
export const InRound = OfRequest.extend({ round: z.number().int().positive() });

export const askForConfirmation = step('askForConfirmation', InRound, ({ requestId }) =>
  askToConfirm(requestId),
);

export const lookAtConfirmation = step('lookAtConfirmation', InRound, ({ requestId }) =>
  lookAtAnswer(requestId),
);

export const askWhoIsMeant = step('askWhoIsMeant', InRound, ({ requestId }) => askWhich(requestId));

export const notify = step('notify', InRound, ({ requestId, round }) =>
  tellHowItEnded(requestId, round),
);

export const closeRequest = step('closeRequest', InRound, ({ requestId, round }) =>
  closeForGood(requestId, round),
);
