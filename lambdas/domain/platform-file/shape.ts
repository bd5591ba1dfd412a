import type { z } from 'zod';
import { type DeclaredPlatform, Platform } from '../platform.ts';
import { type PlatformProblem, pathText } from '../platform-problem.ts';
import { didYouMean } from './did-you-mean.ts';
import { keysAt } from './schema-keys.ts';

type Issue = z.core.$ZodIssue;

/** The platform, or every key and value in it that has the wrong shape. */
export function readShape(
  content: unknown,
):
  | { platform: DeclaredPlatform; problems: [] }
  | { platform?: undefined; problems: PlatformProblem[] } {
  const parsed = Platform.safeParse(content);
  if (parsed.success) return { platform: parsed.data, problems: [] };
  return { problems: parsed.error.issues.flatMap((issue) => inWords(issue, content)) };
}

function inWords(issue: Issue, content: unknown): PlatformProblem[] {
  const path = pathText(issue.path) || 'the file';
  const written = issue.path.reduce<unknown>((at, step) => Object(at)[step], content);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, issue.path, content));
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({
        path,
        rule: `is no name: it ${message}`,
        remedy: 'Rename it.',
      }));
    case 'invalid_type':
      return [
        written === undefined
          ? { path, rule: 'is missing', remedy: `Add it (${article(issue.expected)}).` }
          : { path, rule: `must be ${article(issue.expected)}`, remedy: 'Change its value.' },
      ];
    case 'invalid_value':
      return [oneOf(path, issue.values.map(String), written)];
    case 'invalid_union':
      if ('options' in issue)
        return [oneOf(path, (issue.options as unknown[]).map(String), written)];
      // Of several shapes, the one that the value comes nearest to.
      return [...issue.errors]
        .sort((a, b) => depth(b) - depth(a))
        .slice(0, 1)
        .flat()
        .flatMap((inner) =>
          inWords({ ...inner, path: [...issue.path, ...inner.path] } as Issue, content),
        );
    default:
      return [{ path, rule: `is wrong: ${issue.message}`, remedy: 'Change its value.' }];
  }
}

const depth = (issues: Issue[]) =>
  Math.max(...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));

function unknownKey(key: string, at: PropertyKey[], content: unknown): PlatformProblem {
  const path = pathText([...at, key]);
  if (at[0] === 'segments' && key === 'active')
    return {
      path,
      rule: 'is for static segments: a dynamic one is rebuilt by every refresh',
      remedy: 'Make the segment static, or remove the key.',
    };
  return {
    path,
    rule: 'is not a key that belongs here',
    remedy: didYouMean(key, keysAt(Platform, at, content)),
  };
}

function oneOf(path: string, values: string[], written: unknown): PlatformProblem {
  const rule =
    written === undefined
      ? `is missing: one of ${values.join(', ')}`
      : `must be one of ${values.join(', ')}`;
  return {
    path,
    rule,
    remedy: written === undefined ? 'Add it.' : didYouMean(String(written), values),
  };
}

const article = (expected: string) =>
  ({
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a block of keys',
    record: 'a block of names',
  })[expected] ?? expected;
