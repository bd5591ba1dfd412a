import type { DuckDBConnection, DuckDBListValue } from '@duckdb/node-api';

type DuckDB = typeof import('@duckdb/node-api');

/** Of one row: some of its values, perhaps none. */
export type RowDecision = (values: string[]) => number;

const FUNCTION = 'asked_in_typescript';

// DuckDB knows a function for as long as it runs, and so for more than one invocation.
const decisions = new Map<string, RowDecision>();
let made = 0;

/** Makes the SQL function behind `askedInTypescript`, once for an instance. */
export function registerDecisions(duckdb: DuckDB, connection: DuckDBConnection): void {
  connection.registerScalarFunction(
    duckdb.DuckDBScalarFunction.create({
      name: FUNCTION,
      parameterTypes: [duckdb.VARCHAR, duckdb.LIST(duckdb.VARCHAR)],
      returnType: duckdb.INTEGER,
      // Asked once for each row that it is given, and with NULLs.
      volatile: true,
      specialHandling: true,
      mainFunction: (_, rows, answers) => {
        const decide = decisions.get(String(rows.getColumnVector(0).getItem(0)));
        if (!decide) throw new Error('Nobody decides about these rows any more.');
        const values = rows.getColumnVector(1);
        for (let row = 0; row < rows.rowCount; row++)
          answers.setItem(row, decide(textsOf(values.getItem(row) as DuckDBListValue | null)));
        answers.flush();
      },
    }),
  );
}

const textsOf = (list: DuckDBListValue | null): string[] =>
  (list?.items ?? []).filter((value) => typeof value === 'string');

/** See `Engine.asking`. */
export async function asking<T>(
  decide: RowDecision,
  use: (callSql: (listSql: string) => string) => Promise<T>,
): Promise<T> {
  const name = `decision-${++made}`;
  decisions.set(name, decide);
  try {
    return await use((listSql) => `${FUNCTION}('${name}', ${listSql})`);
  } finally {
    decisions.delete(name);
  }
}
