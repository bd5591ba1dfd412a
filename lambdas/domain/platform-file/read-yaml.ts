import { isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type PlatformProblem, pathText } from '../platform-problem.ts';

/** A YAML text's content, and what is wrong with its writing; a key written twice names both lines. */
export function readYaml(text: string): { content: unknown; problems: PlatformProblem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({
      path: `line ${lineCounter.linePos(pos[0]).line}`,
      rule: `is not YAML: ${message}`,
      remedy: 'Check indentation, colons and quotes there.',
    }));
    return { content: undefined, problems };
  }
  const problems: PlatformProblem[] = [];
  visit(document, {
    Map(_, map, ancestors) {
      const firstLine = new Map<string, number>();
      for (const { key } of map.items) {
        const name = String(isScalar(key) ? key.value : key);
        const line = lineCounter.linePos((key as Node).range?.[0] ?? 0).line;
        const first = firstLine.get(name);
        if (first === undefined) firstLine.set(name, line);
        else problems.push(writtenTwice([...keysOf(ancestors), name], first, line));
      }
    },
  });
  return { content: document.toJS(), problems };
}

const writtenTwice = (path: string[], first: number, second: number): PlatformProblem => ({
  path: pathText(path),
  rule: `is written twice, on lines ${first} and ${second}`,
  remedy: 'Rename one, or remove it.',
});

const keysOf = (ancestors: readonly unknown[]): string[] =>
  ancestors.flatMap((node) => {
    const key = (node as { key?: unknown }).key;
    return isScalar(key) ? [String(key.value)] : [];
  });
