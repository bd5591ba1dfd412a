import {
  type Activity,
  type Permission,
  rowsOfUser,
  type User,
} from '../../../lambdas/domain/user.ts';

const user = (userId: string, name: string, email: string): User => ({
  userId,
  name,
  email,
  createdAt: '2025-02-03T09:12:00.000Z',
  lastSignInAt: '2026-11-20T07:45:00.000Z',
});

const may = (role: string, scope: string): Permission => ({
  role,
  scope,
  grantedAt: '2025-02-03T09:15:00.000Z',
});

const did = (at: string, action: string, target: string): Activity => ({ at, action, target });

/** People who sign in to the demo's platform: what they may do, and what they did. */
export const demoUserRows = [
  ...rowsOfUser(
    user('u-1001', 'Mara Lindqvist', 'mara.lindqvist@shop.example'),
    [may('editor', 'segments'), may('viewer', 'sources')],
    [
      did('2026-11-18T08:02:11.000Z', 'signed in', 'platform'),
      did('2026-11-18T08:10:40.000Z', 'changed', 'segment spring_campaign'),
      did('2026-11-20T07:45:00.000Z', 'signed in', 'platform'),
    ],
  ),
  ...rowsOfUser(
    user('u-1002', 'Jonas Petrov', 'jonas.petrov@shop.example'),
    [may('administrator', 'platform')],
    [
      did('2026-11-19T12:30:00.000Z', 'signed in', 'platform'),
      did('2026-11-19T12:41:09.000Z', 'granted', 'editor of segments'),
    ],
  ),
];
