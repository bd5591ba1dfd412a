import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { adminNotice, renderAdmin } from '../../cli/render/admin.ts';
import type { AdminReport } from '../../lambdas/domain/desk-reports.ts';
import { aWait, CLOCK } from './reports.ts';

const registered = { email: 'admin@shop.example', changeAfter: '7d' };
const since = '2026-11-20T09:00:00.000Z';
const named = { email: 'other@shop.example', changeAfter: '7d' };
const wait = aWait({
  waitId: 'admin#1/adminChange#1',
  kind: 'adminChange',
  on: 'tenantAdmin',
  role: 'tenantAdmin',
  reasonCode: 'anotherNamed',
  since: '2026-11-23T10:00:00.000Z',
  deadline: '2026-11-30T10:00:00.000Z',
  expires: true,
  options: ['confirmed', 'denied'],
});

describe('who is registered', () => {
  it('is told without more while the file names the same', () => {
    const words = renderAdmin({ registered, since }, CLOCK);
    expect(words).toBe(
      [
        'admin@shop.example is registered as the tenant admin, since 2026-11-20 10:00.',
        'Packages are not encrypted.',
        'Another takes their place when they confirm it, or after 7d without their answer.',
      ].join('\n'),
    );
    expect(adminNotice({ registered, since }, CLOCK)).toBeUndefined();
  });

  it('is told beside whom the file names, with what can be done, as the documents show it', () => {
    const report: AdminReport = { registered, since, named, wait };
    const words = renderAdmin(report, CLOCK);
    expect(readFileSync('docs/operations.md', 'utf8')).toContain(words);
    expect(words).toContain('decide admin#1/adminChange#1 denied --as operator');
    expect(words).not.toContain('confirmed --as');
    expect(adminNotice(report, CLOCK)).toBe(
      'platform.yaml names another tenant admin than is registered. Without an answer it takes effect in 6 days. See `npm run dsr -- admin`.',
    );
  });

  it('says that a change was denied, or is not asked about yet, and names a key', () => {
    const key = { ...registered, packageKey: 'age1thekey' };
    const denied = renderAdmin({ registered: key, since, named, denied: true }, CLOCK);
    expect(denied).toContain('Packages are encrypted for age1thekey.');
    expect(denied).toContain('key for packages: none');
    expect(denied).toContain('It was denied');
    expect(adminNotice({ registered, named, denied: false }, CLOCK)).toContain('next sweep');
    expect(renderAdmin({ registered }, CLOCK)).toContain('from the next sweep on');
  });
});
