import type { DeclaredPlatform, Platform } from '../platform.ts';
import { comparable } from './author.ts';

/** Whom a platform knows by address. One address may be several of them. */
export type MailRole = 'tenantAdmin' | 'operator' | 'supportContact' | 'sourceOwner' | 'recipient';

/** The tenant admin among them is the one who is registered. */
type People = Pick<Platform, 'operator' | 'supportContact' | 'sources' | 'recipients'> & {
  tenantAdmin: Pick<DeclaredPlatform['tenantAdmin'], 'email'>;
};

/** The roles of a normalised address; empty for somebody whom the platform does not know. */
export function rolesOf(address: string, platform: People): MailRole[] {
  const { tenantAdmin, operator, supportContact, sources, recipients } = platform;
  const known: [MailRole, string][] = [
    ['tenantAdmin', tenantAdmin.email],
    ['operator', operator.email],
    ['supportContact', supportContact.email],
    ...Object.values(sources).map(({ owner }): [MailRole, string] => ['sourceOwner', owner.email]),
    ...Object.values(recipients).map(({ email }): [MailRole, string] => ['recipient', email]),
  ];
  const roles = known.filter(([, email]) => comparable(email) === address).map(([role]) => role);
  return [...new Set(roles)];
}

/** The sources that a normalised address is the owner of. */
export const sourcesOf = (address: string, { sources }: Pick<People, 'sources'>): string[] =>
  Object.entries(sources).flatMap(([name, { owner }]) =>
    comparable(owner.email) === address ? [name] : [],
  );

/** The recipient whose address that is; no two have the same. */
export const recipientOf = (
  address: string,
  { recipients }: Pick<People, 'recipients'>,
): string | undefined =>
  Object.keys(recipients).find((name) => comparable(recipients[name]?.email ?? '') === address);

/** Addresses that belong to the system itself: what it sends, and the door. */
export const isOwn = (
  address: string,
  { sender, mailDoor }: Pick<Platform, 'sender' | 'mailDoor'>,
): boolean =>
  [sender, ...(mailDoor ? [mailDoor.address] : [])].some((own) => comparable(own) === address);
