import {
  ACTIVITY,
  type Activity,
  PERMISSION,
  type Permission,
  type User,
  userPartition,
} from '../domain/user.ts';
import { configuration } from './configuration.ts';
import { query, rowsOf } from './dynamo.ts';

const table = () => configuration().usersTable;

/** @param email in its normal form. The index lags a moment behind. */
export const usersWith = (email: string): AsyncGenerator<User> =>
  query<User>({
    TableName: table(),
    IndexName: 'byEmail',
    KeyConditionExpression: 'email = :email',
    ExpressionAttributeValues: { ':email': email },
  });

export const permissionsOf = (userId: string): AsyncGenerator<Permission> =>
  rowsOf(table(), userPartition(userId), PERMISSION);

/** Newest first: what people look for is recent. */
export const activitiesOf = (userId: string): AsyncGenerator<Activity> =>
  query({
    TableName: table(),
    ConsistentRead: true,
    ScanIndexForward: false,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': userPartition(userId), ':sk': ACTIVITY },
  });
