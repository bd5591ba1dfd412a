import { readFileSync } from 'node:fs';
import { readPlatform } from '../../infra/read-platform.ts';
import { type Fate, fateOf, type Verdicts } from '../../lambdas/domain/mail/fate.ts';
import { readMessage } from '../../lambdas/domain/mail/read-message.ts';

export const { platform } = readPlatform('demo');

export const PASSED: Verdicts = { spam: 'PASS', virus: 'PASS', dmarc: 'PASS' };

export const corpusMail = (name: string): Uint8Array =>
  readFileSync(new URL(`corpus/${name}.eml`, import.meta.url));

export async function fateOfMail(
  raw: Uint8Array | string,
  { verdicts = {}, envelopeFrom = 'somebody@sender.example' } = {} as {
    verdicts?: Partial<Verdicts>;
    envelopeFrom?: string;
  },
): Promise<Fate> {
  const bytes = typeof raw === 'string' ? new TextEncoder().encode(raw) : raw;
  const read = await readMessage(bytes, envelopeFrom);
  return fateOf({ read, verdicts: { ...PASSED, ...verdicts }, platform });
}
