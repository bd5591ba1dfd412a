import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parsePlatform } from '../../lambdas/domain/parse-platform.ts';
import { Platform } from '../../lambdas/domain/platform.ts';
import { allKeys } from '../../lambdas/domain/platform-file/schema-keys.ts';
import { PlatformError } from '../../lambdas/domain/platform-problem.ts';

const page = readFileSync(new URL('../../docs/platform.md', import.meta.url), 'utf8');
const example = /```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
const sql = {
  customers: 'SELECT 1',
  visits_per_page: 'SELECT 1',
  everybody: 'SELECT 1',
  spring_campaign: 'SELECT 1',
};

describe('docs/platform.md', () => {
  it('explains every key', () => {
    const [, explanations = ''] = page.split('## Who and where');
    expect(
      allKeys(Platform).filter((key) => !new RegExp(`\\b${key}\\b`).test(explanations)),
    ).toEqual([]);
  });

  it('shows an example that is right', () => {
    expect(parsePlatform({ file: 'example', yaml: example, sql }).platform.platform).toBe('shop');
  });

  it('shows mistakes in the words that one sees', () => {
    const shown = /```\n(infra.*?)```/s.exec(page)?.[1] ?? '';
    const yaml = example
      .replace('personKey', 'personkey')
      .replace('[identities, crm]', '[identities, crmm]')
      .replace('column: email }', 'column: e_mail }');
    const file = 'infra/platforms/shop/platform.yaml';
    expect(() => parsePlatform({ file, yaml, sql })).toThrow(PlatformError);
    expect(() => parsePlatform({ file, yaml, sql })).toThrow(shown.trim());
  });
});
