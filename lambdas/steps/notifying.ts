import { sendMail } from '../adapters/mail.ts';
import { registeredAdmin } from '../adapters/registered-admin.ts';
import { getRequest } from '../adapters/requests.ts';
import { findResult, once } from '../adapters/results.ts';
import type { RequestId } from '../domain/ids.ts';
import { closedMail } from '../domain/mails.ts';
import { SUBJECT_ERASED } from '../domain/open-packages.ts';
import { readProofSecret } from './certifying.ts';

/** Tells the tenant admin how a request ended, with the secret that opens its commitments. */
export const tellHowItEnded = (requestId: RequestId, round: number): Promise<{ outcome: string }> =>
  once(requestId, 'notify', round, async () => {
    const certified = await findResult<{ outcome: string }>(requestId, 'certify', round);
    const outcome = certified?.outcome ?? 'closed';
    const secret = await readProofSecret(requestId);
    const { email } = await registeredAdmin();
    const { closing } = await getRequest(requestId);
    const erasedBy = closing?.reasonCode === SUBJECT_ERASED ? closing.by : undefined;
    await sendMail(email, closedMail(requestId, outcome, secret, erasedBy));
    return { result: { outcome: 'notified' }, facts: { kind: 'closed', to: 'tenantAdmin' } };
  });
