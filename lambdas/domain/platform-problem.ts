/** One mistake in platform.yaml or beside it. */
export interface PlatformProblem {
  /** Where, e.g. `sources.crm.identities[0].column` or `models/customers.sql`. */
  path: string;
  /** What is wrong with it, as the rest of a sentence that begins with the path. */
  rule: string;
  /** What to do, as a sentence. */
  remedy: string;
}

/** Every mistake at once, in words for whoever wrote the file. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly problems: PlatformProblem[];

  constructor(file: string, problems: PlatformProblem[]) {
    const count = problems.length === 1 ? 'one mistake' : `${problems.length} mistakes`;
    const lines = problems.map(({ path, rule, remedy }) => `  ${path} ${rule}. ${remedy}`);
    super([`${file} has ${count}:`, ...lines].join('\n'));
    this.problems = problems;
  }
}

/** `['sources', 'crm', 'identities', 0]` as `sources.crm.identities[0]`. */
export const pathText = (path: PropertyKey[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
