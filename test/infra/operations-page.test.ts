import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { spaced } from '../../lambdas/domain/spaced.ts';
import { WAIT_REASONS } from '../../lambdas/domain/wait.ts';
import { aStack } from './a-stack.ts';

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, aDay = ''] = /\n## A day\n(.*?)\n## /s.exec(page) ?? [];
const [, alarms = ''] = /\n## Alarms\n(.*?)\n## /s.exec(page) ?? [];

describe('docs/operations.md', () => {
  it('names each reason for which a request, a source or a line can wait', () => {
    const isNamed = (reason: string) => new RegExp(`\\b${spaced(reason)}\\b`).test(aDay);
    expect(WAIT_REASONS.filter((reason) => !isNamed(reason))).toEqual([]);
  });

  it('links to sections that are there', () => {
    const anchorOf = (title: string) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-');
    const anchors = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) => anchorOf(title));
    const linked = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(linked.length).toBeGreaterThan(20);
    expect(linked.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
    const rows = [...aDay.matchAll(/^\| .*\|$/gm)].map(([row]) => row).slice(2);
    expect(rows.filter((row) => !row.includes('](#') && !row.includes('| the same |'))).toEqual([]);
  });

  it('says what to do about each alarm of the stack, and names no other', () => {
    const inPage = [...alarms.matchAll(/^\| `([^`]+)`/gm)].map(([, id = '']) => id);
    const ofStack = aStack()
      .node.findAll()
      .flatMap((part) => (part instanceof Alarm ? [part.node.id] : []))
      .map((id) => id.replace(/^.*(?=-throttles$)/, '…'));
    expect(inPage.sort()).toEqual([...new Set(ofStack)].sort());
  });
});
