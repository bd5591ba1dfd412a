import { type Identity, identityKey, type Subject } from './identity.ts';
import type { HeldRow } from './resolve-identities.ts';

/**
 * The keys of a subject that are another's by now. An older snapshot may have merged two people
 * under one key who are told apart since: the active one has it beside somebody's identities, and
 * beside none of the subject's. Without such a word, the key stays the subject's.
 * @param isMade whether models made it
 * @param isFollowed whether it is of a type that points at one person
 */
export function keysOfOthers(
  { unique, shared }: Subject,
  held: HeldRow[],
  { isMade, isFollowed }: Record<'isMade' | 'isFollowed', (identity: Identity) => boolean>,
): Identity[] {
  const own = new Set(unique.filter(isFollowed).map(identityKey));
  // Who gave nothing but a key means the one whose it is now.
  if (own.size === 0) return [];
  const ambiguous = new Set(shared.map(identityKey));
  const active = held.filter(({ kind, isActive }) => kind === 'model' && isActive);
  return unique.filter(isMade).filter((key) => {
    const beside = active
      .filter(({ identities }) => identities.some((one) => identityKey(one) === identityKey(key)))
      .flatMap(({ identities }) => identities.filter(isFollowed).map(identityKey))
      .filter((one) => !ambiguous.has(one));
    return beside.length > 0 && !beside.some((one) => own.has(one));
  });
}
