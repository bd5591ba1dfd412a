import { Encrypter } from 'age-encryption';
import type { PlatformProblem } from '../platform-problem.ts';
import type { PlatformDraft } from './draft.ts';

const path = 'tenantAdmin.packageKey';

/** A private half is told of without being quoted. */
export function* brokenPackageKey({ tenantAdmin }: PlatformDraft): Iterable<PlatformProblem> {
  const key = tenantAdmin?.packageKey;
  if (key === undefined || isRecipient(key)) return;
  yield /^AGE-SECRET-KEY/i.test(key.trim())
    ? {
        path,
        rule: 'is the private half of a key, which no file but its owner’s may hold',
        remedy:
          'Make a new key with age-keygen, because this one has been written down, and put its public half here.',
      }
    : {
        path,
        rule: `is no age recipient: ${key.slice(0, LONGEST_QUOTED)}`,
        remedy: 'Use the public key that age-keygen prints: age1 and 58 letters and digits.',
      };
}

const LONGEST_QUOTED = 80;

function isRecipient(key: string): boolean {
  try {
    new Encrypter().addRecipient(key);
    return true;
  } catch {
    return false;
  }
}
