import type { ExportColumn } from './export/columns.ts';

/** Somebody who signs in to the platform. Times are ISO 8601 UTC. */
export interface User {
  userId: string;
  /** In its normal form. */
  email: string;
  name: string;
  createdAt: string;
  lastSignInAt?: string;
}

/** What a user may do. */
export interface Permission {
  role: string;
  /** What it is about: a source, a segment, `platform`. */
  scope: string;
  grantedAt: string;
}

/** A line of the activity log. */
export interface Activity {
  at: string;
  action: string;
  target: string;
}

export const PERMISSION = 'PERMISSION#';
export const ACTIVITY = 'ACTIVITY#';
export const userPartition = (userId: string): string => `USER#${userId}`;

/** The rows of one user. Only the profile bears an `email`, by which the index `byEmail` finds it. */
export function rowsOfUser(
  user: User,
  permissions: Permission[],
  activities: Activity[],
): { pk: string; sk: string }[] {
  const pk = userPartition(user.userId);
  return [
    { pk, sk: 'PROFILE', ...user },
    ...permissions.map((one) => ({ pk, sk: `${PERMISSION}${one.scope}#${one.role}`, ...one })),
    // The number tells two activities of one moment apart.
    ...activities.map((one, n) => ({ pk, sk: `${ACTIVITY}${one.at}#${n}`, ...one })),
  ];
}

const TIME = 'TIMESTAMP WITH TIME ZONE';

/** What an export holds of a user, table by table. `portable`: the user gave it, or was observed. */
export const USER_TABLES = [
  {
    name: 'account',
    title: 'Your account',
    portable: true,
    columns: columns({
      userId: 'VARCHAR',
      email: 'VARCHAR',
      name: 'VARCHAR',
      createdAt: TIME,
      lastSignInAt: TIME,
    }),
  },
  {
    name: 'permissions',
    title: 'What you may do',
    portable: false,
    columns: columns({ role: 'VARCHAR', scope: 'VARCHAR', grantedAt: TIME }),
  },
  {
    name: 'activity',
    title: 'What you did',
    portable: true,
    columns: columns({ at: TIME, action: 'VARCHAR', target: 'VARCHAR' }),
  },
] as const;
export type UserTable = (typeof USER_TABLES)[number]['name'];

function columns(declared: Record<string, string>): ExportColumn[] {
  return Object.entries(declared).map(([name, type]) => ({ name, type }));
}
