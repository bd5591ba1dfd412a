import { createHash } from 'node:crypto';
import type { PlatformDefinition } from './platform.ts';
import { PlatformDraft } from './platform-file/draft.ts';
import { readYaml } from './platform-file/read-yaml.ts';
import { brokenRules } from './platform-file/rules.ts';
import { readShape } from './platform-file/shape.ts';
import { PlatformError } from './platform-problem.ts';

/**
 * The platform as its files describe it.
 * @param sql the text of each `models/<name>.sql`, by name
 * @throws PlatformError with every mistake in the files
 */
export function parsePlatform({
  file,
  yaml,
  sql,
}: {
  file: string;
  yaml: string;
  sql: Record<string, string>;
}): PlatformDefinition {
  const { content, problems: ofWriting } = readYaml(yaml);
  if (content === undefined) throw new PlatformError(file, ofWriting);
  const { platform, problems: ofShape } = readShape(content);
  const draft = PlatformDraft.safeParse(content);
  // Of a key written twice, one hides the other: what hangs together can't be judged.
  const ofRules = draft.success && ofWriting.length === 0 ? brokenRules(draft.data, sql) : [];
  const problems = [...ofWriting, ...ofShape, ...ofRules];
  if (!platform || problems.length > 0) throw new PlatformError(file, problems);
  return { platform, sql, hash: hashOf({ platform, sql }) };
}

/** SHA-256 over the content: comments and the order of keys do not count, the SQL's text does. */
const hashOf = (content: unknown) =>
  createHash('sha256')
    .update(
      JSON.stringify(content, (_, value) =>
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
          : value,
      ),
    )
    .digest('hex');
