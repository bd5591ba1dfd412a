/** A column, or a path into nested ones: `email`, `user.id`, `user.emails[]`, `items[].email`. */
export interface ColumnPath {
  /** The top-level column. */
  column: string;
  /** Fields from the column down to the value, or to the list. */
  fields: string[];
  /** Fields inside each element of the list; absent where there is no list. */
  perElement?: string[];
}

/** `undefined`: not a path. At most one list, and no empty names. */
export function parseColumnPath(path: string): ColumnPath | undefined {
  const [outside = '', inside, ...more] = path.split('[]');
  const [column = '', ...fields] = outside.split('.');
  const perElement = inside === undefined || inside === '' ? [] : inside.split('.').slice(1);
  const names = [column, ...fields, ...perElement];
  const broken = more.length > 0 || (inside !== undefined && inside !== '' && inside[0] !== '.');
  if (broken || names.some((name) => name === '' || /[[\]]/.test(name))) return undefined;
  return inside === undefined ? { column, fields } : { column, fields, perElement };
}

/** Every value at the path in one row; nothing for what is null or missing. */
export function valuesAt(path: string, row: unknown): string[] {
  const { column, fields, perElement } = parsed(path);
  const found = descend(row, [column, ...fields]);
  const values = perElement
    ? (Array.isArray(found) ? found : []).map((element) => descend(element, perElement))
    : [found];
  return values
    .filter((value) => value !== null && value !== undefined && typeof value !== 'object')
    .map(String);
}

/**
 * Whether something stands in the way of the path that has another shape than the path says: a text
 * where a list is declared, a list where a text is. What it holds cannot be told.
 */
export function isUnreadableAt(path: string, row: unknown): boolean {
  const { column, fields, perElement } = parsed(path);
  const { found, blocked } = follow(row, [column, ...fields]);
  if (blocked || isMissing(found)) return blocked;
  if (!perElement) return typeof found === 'object';
  if (!Array.isArray(found)) return true;
  return found.some((element) => {
    const inside = follow(element, perElement);
    return inside.blocked || (!isMissing(inside.found) && typeof inside.found === 'object');
  });
}

const isMissing = (value: unknown): boolean => value === null || value === undefined;

function follow(from: unknown, fields: string[]): { found: unknown; blocked: boolean } {
  let found = from;
  for (const field of fields) {
    if (isMissing(found)) return { found: undefined, blocked: false };
    if (typeof found !== 'object' || Array.isArray(found))
      return { found: undefined, blocked: true };
    found = descend(found, [field]);
  }
  return { found, blocked: false };
}

/** The values at a path in DuckDB, over a row's columns: a VARCHAR[], never NULL, whose elements may be NULL. */
export function columnSql(path: string): string {
  const { column, fields, perElement } = parsed(path);
  const value = extract(identifier(column), fields);
  if (!perElement) return `[CAST(${value} AS VARCHAR)]`;
  const values =
    perElement.length === 0
      ? `CAST(${value} AS VARCHAR[])`
      : `list_transform(${value}, lambda element: CAST(${extract('element', perElement)} AS VARCHAR))`;
  return `coalesce(${values}, [])`;
}

/**
 * The same as rows of a SELECT list: one VARCHAR where the path leads to one value, and a row for
 * each element, or none, where it leads to a list.
 */
export function valueSql(path: string): string {
  const { column, fields, perElement } = parsed(path);
  if (perElement) return `unnest(${columnSql(path)})`;
  return `CAST(${extract(identifier(column), fields)} AS VARCHAR)`;
}

function parsed(path: string): ColumnPath {
  const columnPath = parseColumnPath(path);
  if (!columnPath) throw new Error(`${path} is not a column path.`);
  return columnPath;
}

function descend(from: unknown, fields: string[]): unknown {
  return fields.reduce<unknown>(
    (at, field) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, field)
        ? (at as Record<string, unknown>)[field]
        : undefined,
    from,
  );
}

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;

const extract = (expression: string, fields: string[]) =>
  fields.reduce(
    (at, field) => `struct_extract(${at}, '${field.replaceAll("'", "''")}')`,
    expression,
  );
