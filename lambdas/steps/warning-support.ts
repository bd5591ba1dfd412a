import { ulid } from 'ulid';
import { platformDefinition } from '../adapters/configuration.ts';
import { builtTables } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { classOf, keepFault } from '../adapters/faults.ts';
import { type Facts, recordChange } from '../adapters/ledger.ts';
import { logger } from '../adapters/logger.ts';
import { isRefusal, sendMail } from '../adapters/mail.ts';
import type { CycleId } from '../domain/ids.ts';
import { buildFailedMail, type Mail } from '../domain/mails.ts';

/** A model that fails leaves the old snapshot active: somebody has to mend its SQL. */
export async function warnOfFailedBuild(cycleId: CycleId): Promise<void> {
  const failed = (await all(builtTables(cycleId))).filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return;
  const names = failed.map(({ kind, name }) => `${kind} ${name}`);
  await warnSupport(cycleId, buildFailedMail(cycleId, failed), {
    kind: 'buildFailed',
    failed: names,
  });
}

/**
 * Mails the support contact; the operator, if SES refuses that address; and enters who was told. A
 * mail that is refused fails no cycle: everybody would wait for a notice.
 * @throws whatever else sending fails with, so that it is tried again
 */
export async function warnSupport(
  cycleId: CycleId,
  mail: Mail,
  facts: Facts,
): Promise<'warned' | 'operatorWarned' | 'nobodyWarned'> {
  const { supportContact, operator } = platformDefinition().platform;
  const outcome = (await leaves(cycleId, supportContact.email, mail))
    ? 'warned'
    : (await leaves(cycleId, operator.email, mail))
      ? 'operatorWarned'
      : 'nobodyWarned';
  await recordChange([], {
    chain: `cycle/${cycleId}`,
    event: outcome === 'warned' ? 'supportContactWarned' : outcome,
    by: 'warnSupportContact',
    facts,
  });
  return outcome;
}

async function leaves(cycleId: CycleId, to: string, mail: Mail): Promise<boolean> {
  try {
    await sendMail(to, mail);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    logger.error('mailNotSent', { cycleId, class: classOf(error) });
    const fault = { faultId: ulid(), step: 'warnSupportContact', class: 'MailNotSent', error };
    await keepFault(fault, { execution: cycleId });
    return false;
  }
}
