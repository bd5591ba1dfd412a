import { types } from 'node:util';

/**
 * DuckDB refused. The message is its class only (`Conversion`, `IO` …), because DuckDB quotes rows;
 * what it said is the `cause`, for places where personal data may be kept.
 */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly kind: string;

  private constructor(kind: string, options: ErrorOptions) {
    super(`DuckDB: ${kind} error`, options);
    this.kind = kind;
  }

  /** @param secrets credentials in the statement, which the cause must not repeat */
  static from(error: unknown, secrets: string[] = []): EngineError {
    const said = types.isNativeError(error) ? error.message : String(error);
    const kind = /^([A-Z][A-Za-z ]*?) Error:/.exec(said)?.[1] ?? 'unknown';
    const safe = secrets
      .filter((secret) => secret !== '')
      .reduce((text, secret) => text.replaceAll(secret, '***'), said);
    return new EngineError(kind, { cause: new Error(safe) });
  }

  /** DuckDB's own words, which may quote rows: for classifying, never for showing. */
  get said(): string {
    return (this.cause as Error).message;
  }
}
