import type { Activity, Permission, User } from '../domain/user.ts';
import { configuration } from './configuration.ts';
import { query, rowsOf, type Write } from './dynamo.ts';

/*
 * One partition a user: PROFILE, PERMISSION#<scope>#<role>, ACTIVITY#<time>#<n>. Only profiles bear
 * an `email`, by which the index `byEmail` finds them.
 */
const table = () => configuration().usersTable;
const pk = (userId: string) => `USER#${userId}`;

const put = (userId: string, sk: string, row: object): Write => ({
  Put: { TableName: table(), Item: { pk: pk(userId), sk, ...row } },
});

export const userWritten = (user: User): Write => put(user.userId, 'PROFILE', user);

export const permissionWritten = ({ userId, ...permission }: Permission): Write =>
  put(userId, `PERMISSION#${permission.scope}#${permission.role}`, permission);

/** @param n tells two activities of one moment apart */
export const activityWritten = ({ userId, ...activity }: Activity, n: number): Write =>
  put(userId, `ACTIVITY#${activity.at}#${n}`, activity);

/** @param email in its normal form. The index lags a moment behind. */
export const usersWith = (email: string): AsyncGenerator<User> =>
  query<User>({
    TableName: table(),
    IndexName: 'byEmail',
    KeyConditionExpression: 'email = :email',
    ExpressionAttributeValues: { ':email': email },
  });

export const permissionsOf = (userId: string): AsyncGenerator<Omit<Permission, 'userId'>> =>
  rowsOf(table(), pk(userId), 'PERMISSION#');

/** Newest first: what people look for is recent. */
export const activitiesOf = (userId: string): AsyncGenerator<Omit<Activity, 'userId'>> =>
  query({
    TableName: table(),
    ConsistentRead: true,
    ScanIndexForward: false,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': pk(userId), ':sk': 'ACTIVITY#' },
  });
