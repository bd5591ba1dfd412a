import { platformDefinition } from '../adapters/configuration.ts';
import { sendMail } from '../adapters/mail.ts';
import { getRequest } from '../adapters/requests.ts';
import { findResult, once } from '../adapters/results.ts';
import type { RequestId } from '../domain/ids.ts';
import { closedMail } from '../domain/mails.ts';
import { SUBJECT_ERASED } from '../domain/open-packages.ts';
import { readProofSecret } from './certifying.ts';

/** Tells the tenant admin how a request ended, with the secret that opens its commitments. */
export const tellHowItEnded = (requestId: RequestId, round: number): Promise<{ outcome: string }> =>
  once(requestId, 'notify', round, async () => {
    const { platform } = platformDefinition();
    const certified = await findResult<{ outcome: string }>(requestId, 'certify', round);
    const outcome = certified?.outcome ?? 'closed';
    const secret = await readProofSecret(requestId);
    const { closing } = await getRequest(requestId);
    const erasedBy = closing?.reasonCode === SUBJECT_ERASED ? closing.by : undefined;
    const mail = closedMail(requestId, outcome, secret, erasedBy);
    await sendMail(platform.tenantAdmin.email, mail);
    return { result: { outcome: 'notified' }, facts: { kind: 'closed', to: 'tenantAdmin' } };
  });
