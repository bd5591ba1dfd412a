import { platformDefinition } from '../adapters/configuration.ts';
import { builtTables } from '../adapters/cycles.ts';
import { all } from '../adapters/dynamo.ts';
import { classOf } from '../adapters/faults.ts';
import { type Facts, recordChange } from '../adapters/ledger.ts';
import { logger } from '../adapters/logger.ts';
import { sendMail } from '../adapters/mail.ts';
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
 * Mails the support contact, and enters whether the mail has left. One that does not leave fails
 * no cycle: everybody would wait for a notice, whose words `sources` and `show` have as well.
 */
export async function warnSupport(
  cycleId: CycleId,
  mail: Mail,
  facts: Facts,
): Promise<'warned' | 'notSent'> {
  const { email } = platformDefinition().platform.supportContact;
  const outcome = await sendMail(email, mail).then(
    () => 'warned' as const,
    (error: unknown) => {
      logger.error('mailNotSent', { cycleId, class: classOf(error) });
      return 'notSent' as const;
    },
  );
  await recordChange([], {
    chain: `cycle/${cycleId}`,
    event: outcome === 'warned' ? 'supportContactWarned' : 'supportContactNotWarned',
    by: 'warnSupportContact',
    facts,
  });
  return outcome;
}
