import { platformDefinition } from '../adapters/configuration.ts';
import { enteredPlatform, platformEntered } from '../adapters/entered-platform.ts';
import { recordChange } from '../adapters/ledger.ts';

/**
 * Enters that the platform's files are others than before: who is asked, what is scanned and how
 * long anything is kept follow from them. Requests and cycles each say which they went by.
 */
export async function enterPolicyChange(): Promise<void> {
  const { hash } = platformDefinition();
  const before = await enteredPlatform();
  if (before === hash) return;
  await recordChange([platformEntered(hash, before)], {
    chain: 'platform',
    event: 'platformChanged',
    by: 'sweep',
    facts: { platformHash: hash, before },
  });
}
