import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';

/** Answers as node:dns would, from a few records, and never asks anybody. */
export type Resolver = (name: string, type: string) => Promise<string[][] | string[]>;

/** Of one domain: who may send for it, and what receivers are told to do with the rest. */
interface Domain {
  /** Addresses of its mail servers. */
  sendsFrom: string[];
  /** None: receivers are told nothing, and SES says GRAY. */
  policy?: 'none' | 'reject';
  /** PEM; what it signs with, under {@link SELECTOR}. */
  signsWith?: string;
}

export const SELECTOR = 'demo';
const LOOPBACK = '127.0.0.1';

/** A key as a domain makes it for itself. */
export const newSigningKey = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;

/**
 * The demo's small internet: the shop, whose mail server is this machine; people with addresses of
 * their own; a domain that says nothing of itself; and one that somebody bad owns, who has set up
 * everything as one should.
 */
export const demoDomains = (signingKey: string): Record<string, Domain> => ({
  'shop.example': { sendsFrom: [LOOPBACK], policy: 'reject', signsWith: signingKey },
  'example.org': { sendsFrom: [LOOPBACK], policy: 'none' },
  'example.net': { sendsFrom: [LOOPBACK] },
  'elsewhere.example': { sendsFrom: [LOOPBACK], policy: 'reject' },
});

export function zoneOf(domains: Record<string, Domain>): Resolver {
  const texts = new Map<string, string>();
  for (const [name, { sendsFrom, policy, signsWith }] of Object.entries(domains)) {
    texts.set(name, `v=spf1 ${sendsFrom.map((ip) => `ip4:${ip}`).join(' ')} -all`);
    if (policy) texts.set(`_dmarc.${name}`, `v=DMARC1; p=${policy}`);
    if (signsWith)
      texts.set(`${SELECTOR}._domainkey.${name}`, `v=DKIM1; k=rsa; p=${publicPart(signsWith)}`);
  }
  return async (name, type) => {
    const text = type === 'TXT' ? texts.get(name.toLowerCase()) : undefined;
    if (text !== undefined) return [[text]];
    throw Object.assign(new Error(`query${type} ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
  };
}

const publicPart = (privatePem: string): string =>
  createPublicKey(createPrivateKey(privatePem))
    .export({ type: 'spki', format: 'der' })
    .toString('base64');
