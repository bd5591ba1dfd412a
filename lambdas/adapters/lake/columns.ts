import { type ColumnType, parseColumnType } from '../../domain/column-types.ts';
import { BETWEEN_ELEMENTS } from '../../domain/within-text/wanted.ts';
import { identifier, literal } from '../engine/sql.ts';
import type { Engine } from '../engine.ts';

/** The least part of a table that a declaration can name. */
export interface Leaf {
  /** `note`, `user.id`, `user.emails[]`, `items[].note`. */
  path: string;
  /** Its values of one row as one text, which BETWEEN_ELEMENTS separates. */
  sql: string;
  /** Dates, times and truth values: text only where an id could be written so. */
  rarely: boolean;
}

/** Every column of a relation, down to the fields of nested ones. What has no name of its own is text. */
export async function leavesOf(engine: Engine, relation: string): Promise<Leaf[]> {
  const columns = await engine.rows<{ column_name: string; column_type: string }>(
    `DESCRIBE SELECT * FROM ${relation}`,
  );
  return columns
    .filter(({ column_name: name }) => name !== '_row')
    .flatMap(({ column_name: name, column_type: type }) =>
      leaves(name, identifier(name), parseColumnType(type)),
    );
}

function leaves(path: string, sql: string, type: ColumnType): Leaf[] {
  switch (type.kind) {
    case 'struct':
      return type.fields.flatMap((field) =>
        leaves(`${path}.${field.name}`, extract(sql, field.name), field.type),
      );
    case 'list':
      return elementLeaves(`${path}[]`, sql, 'element', type.of);
    default:
      return [{ path, sql: asText(sql, type), rarely: type.kind === 'other' }];
  }
}

/** A path has one list at most: what is a list within one is read as text. */
function elementLeaves(path: string, list: string, element: string, type: ColumnType): Leaf[] {
  if (type.kind === 'struct')
    return type.fields.flatMap((field) =>
      elementLeaves(`${path}.${field.name}`, list, extract(element, field.name), field.type),
    );
  const texts = `list_transform(${list}, lambda element: ${asText(element, type)})`;
  const sql = `array_to_string(${texts}, ${literal(BETWEEN_ELEMENTS)})`;
  return [{ path, sql, rarely: type.kind === 'other' }];
}

function asText(sql: string, { kind }: ColumnType): string {
  // A number that passed through a spreadsheet comes as 491511234567.0; no identity is a fraction.
  if (kind === 'fraction')
    return `CASE WHEN ${sql} = trunc(${sql}) THEN CAST(TRY_CAST(${sql} AS HUGEINT) AS VARCHAR) END`;
  // A text within JSON is that text.
  if (kind === 'json')
    return `CASE WHEN json_type(${sql}) = 'VARCHAR' THEN ${sql} ->> '$' ELSE CAST(${sql} AS VARCHAR) END`;
  // What is no text in UTF-8 is read as its printable bytes.
  if (kind === 'bytes') return `coalesce(TRY(decode(${sql})), CAST(${sql} AS VARCHAR))`;
  return `CAST(${sql} AS VARCHAR)`;
}

const extract = (sql: string, field: string) => `struct_extract(${sql}, ${literal(field)})`;
