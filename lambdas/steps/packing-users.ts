import { platformDefinition } from '../adapters/configuration.ts';
import { all } from '../adapters/dynamo.ts';
import { getSubject } from '../adapters/requests.ts';
import { activitiesOf, permissionsOf, usersWith } from '../adapters/users.ts';
import type { ExportKind } from '../domain/export/contents.ts';
import type { Cells } from '../domain/export/files.ts';
import type { RequestId } from '../domain/ids.ts';
import { USER_TABLES, type User, type UserTable } from '../domain/user.ts';
import type { PackableTable } from './packing.ts';

type Row = Record<string, unknown>;

/** What is kept of a user who is asked about by e-mail, as far as it belongs into such an export. */
export async function userTables(requestId: RequestId, kind: ExportKind): Promise<PackableTable[]> {
  const users = await usersOf(requestId);
  const tables: PackableTable[] = [];
  for (const { name, title, portable, columns } of USER_TABLES) {
    if (kind === 'portability' && !portable) continue;
    const read = () => rowsOfTable(name, users);
    let rows = 0;
    for await (const _ of read()) rows += 1;
    tables.push({
      ...{ kind: 'user', name, title, facts: {}, columns, rows, leftOut: 0 },
      json: () => each(read(), (row) => JSON.stringify(inColumns(row, columns))),
      cells: () => each(read(), (row): Cells => Object.values(inColumns(row, columns))),
    });
  }
  return tables;
}

async function usersOf(requestId: RequestId): Promise<User[]> {
  const { identityTypes } = platformDefinition().platform;
  const { seed } = await getSubject(requestId);
  const emails = seed.filter(({ type }) => identityTypes[type]?.normalForm === 'email');
  const users = new Map<string, User>();
  for (const { value } of emails)
    for (const user of await all(usersWith(value))) users.set(user.userId, user);
  return [...users.values()];
}

async function* rowsOfTable(table: UserTable, users: User[]): AsyncGenerator<Row> {
  for (const user of users)
    switch (table) {
      case 'account':
        yield { ...user };
        break;
      case 'permissions':
        for await (const row of permissionsOf(user.userId)) yield { ...row };
        break;
      case 'activity':
        for await (const row of activitiesOf(user.userId)) yield { ...row };
        break;
      default:
        table satisfies never;
    }
}

const inColumns = (row: Row, columns: readonly { name: string }[]): Record<string, string | null> =>
  Object.fromEntries(
    columns.map(({ name }) => [name, row[name] === undefined ? null : String(row[name])]),
  );

async function* each<From, To>(
  rows: AsyncIterable<From>,
  change: (row: From) => To,
): AsyncGenerator<To[]> {
  for await (const row of rows) yield [change(row)];
}
