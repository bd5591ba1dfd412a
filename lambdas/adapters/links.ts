import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { AnyPurpose } from '../domain/code.ts';
import { keyedHash, useOf } from './codes.ts';
import { configuration } from './configuration.ts';
import { getRow, type Write } from './dynamo.ts';
import { publicKeyOf } from './request-keys.ts';

/*
 * The address of a page ends in 128 bits that nobody can guess. They are a keyed hash of what the
 * page is about, so that a reminder can name the same page without their being kept anywhere; the
 * table has their SHA-256. What the page shows of the person is sealed under a key made of them and
 * of the public key of the request: only who has the link can open it, nobody can once the request
 * has closed, and the function behind the pages opens no key of a request.
 */
const LINK = /^[0-9a-f]{32}$/;

/** The page of a request for one of its waits: the same whenever it is asked for. */
export const linkOf = async (requestId: string, purpose: AnyPurpose, which = 1): Promise<string> =>
  (await keyedHash('link', requestId, useOf(purpose, which))).subarray(0, 16).toString('hex');

/** The address of a page, as it is mailed. */
export const pageOf = (purpose: AnyPurpose, link: string): string => {
  return `${configuration().pagesUrl.replace(/\/$/, '')}/${PATHS[purpose]}/${link}`;
};

const PATHS: Record<AnyPurpose, string> = {
  confirmation: 'confirm',
  collection: 'collect',
  acknowledgement: 'acknowledge',
  adminChange: 'change',
};

interface LinkRow extends LinkedTo {
  pk: string;
  sk: string;
  /** Absent where a page shows nobody's data. */
  sealed?: string;
}

/** What a page is about. */
export interface LinkedTo {
  /** Or the owner of a change of the tenant admin. */
  requestId: string;
  purpose: AnyPurpose;
  /** Which of the request's waits for that purpose; absent: the only one. */
  which?: number;
}

/** What a page shows of the person, all of it masked. */
export interface Shown {
  masked: string[];
}

const keyOf = (link: string) => ({
  pk: `LINK#${createHash('sha256').update(link).digest('hex')}`,
  sk: 'LINK',
});

/**
 * The write that makes a link known; made again, it is the same link.
 * @throws Error when the request has closed, and its key is gone
 */
export async function newLink(
  link: string,
  { shown, ...to }: LinkedTo & { shown: Shown },
): Promise<Write> {
  const salt = await publicKeyOf(to.requestId);
  if (salt === undefined) throw new Error(`Nothing can be sealed for ${to.requestId} any more.`);
  const sealed = seal(link, salt, JSON.stringify(shown));
  return {
    Put: {
      TableName: configuration().requestsTable,
      Item: { ...keyOf(link), ...to, sealed },
    },
  };
}

/** The same, of a page of the platform's own, which shows nobody's data. */
export const linkOfPlatform = (
  link: string,
  { owner, purpose }: { owner: string; purpose: AnyPurpose },
): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { ...keyOf(link), requestId: owner, purpose } satisfies LinkRow,
  },
});

/** What a link is about, and shows while its request is open; `undefined`: nobody was ever sent it. */
export async function findLink(link: string): Promise<(LinkedTo & { shown: Shown }) | undefined> {
  if (!LINK.test(link)) return undefined;
  const { pk, sk } = keyOf(link);
  const row = await getRow<LinkRow>(configuration().requestsTable, pk, sk);
  if (!row) return undefined;
  const { requestId, purpose, which, sealed } = row;
  const salt = sealed && (await publicKeyOf(requestId));
  const shown = sealed && salt ? JSON.parse(open(link, salt, sealed)) : { masked: [] };
  return { requestId, purpose, ...(which && { which }), shown };
}

const CIPHER = 'aes-256-gcm';
const NONCE = 12;
const TAG = 16;
const keyFrom = (link: string, salt: string) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(link, 'hex'), salt, 'what the page shows', 32));

function seal(link: string, salt: string, text: string): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, keyFrom(link, salt), nonce);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
}

function open(link: string, salt: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, keyFrom(link, salt), bytes.subarray(0, NONCE), {
    authTagLength: TAG,
  });
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString(
    'utf8',
  );
}
