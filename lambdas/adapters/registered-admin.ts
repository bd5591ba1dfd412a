import type { DeclaredPlatform } from '../domain/platform.ts';
import type { Admin, Registration } from '../domain/registered-admin.ts';
import { configuration, namedAdmin, platformDefinition } from './configuration.ts';
import { getRow, type Write } from './dynamo.ts';

const KEY = { pk: 'platform', sk: 'ADMIN' };

/** Each change of it is made of what was read, and refused when somebody has changed it since. */
export interface RegistrationRow extends Registration {
  pk: string;
  sk: string;
  version: number;
}

export const findRegistration = () =>
  getRow<RegistrationRow>(configuration().requestsTable, KEY.pk, KEY.sk);

/**
 * For whom codes, packages and decisions are. Read anew each time: a function lives longer than an
 * admin's registration. Before the first sweep of a platform, whom its file names: they are next.
 */
export const registeredAdmin = async (): Promise<Admin> =>
  (await findRegistration())?.admin ?? namedAdmin();

/** The platform as its file describes it, with the tenant admin who is registered. */
export const registeredPlatform = async (): Promise<DeclaredPlatform> => ({
  ...platformDefinition().platform,
  tenantAdmin: await registeredAdmin(),
});

/** The write that registers the first one; refused when somebody is registered. */
export const firstRegistered = (admin: Admin, now: Date): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { ...KEY, admin, since: now.toISOString(), asked: 0, version: 1 },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** The write that changes the registration, refused when it is not the one that was read. */
export const changedRegistration = ({ version, ...row }: RegistrationRow): Write => ({
  Put: {
    TableName: configuration().requestsTable,
    Item: { ...row, version: version + 1 },
    ConditionExpression: 'version = :read',
    ExpressionAttributeValues: { ':read': version },
  },
});
