import type { ExportColumn, ExportType, ValueKind } from './columns.ts';
import { exportType } from './columns.ts';

/*
 * How DuckDB writes values into a package: every value as JSON for machines, and as one text for a
 * cell of a spreadsheet. Numbers never pass through JavaScript, which would round large ones.
 */

/** A row as one JSON object. @param sql the column at a place */
export const rowJsonSql = (columns: ExportColumn[], sql: (at: number) => string): string =>
  columns.length === 0
    ? "'{}'"
    : `CAST(json_object(${columns
        .map((column, at) => `${quoted(column.name)}, ${jsonSql(sql(at), exportType(column), 0)}`)
        .join(', ')}) AS VARCHAR)`;

/** One value as the text of a cell; what is nested, as JSON. */
export function cellSql(sql: string, column: ExportColumn): string {
  const type = exportType(column);
  if (type.is !== 'value') return `CAST(${jsonSql(sql, type, 0)} AS VARCHAR)`;
  switch (type.kind) {
    case 'bytes':
      return `base64(${sql})`;
    case 'json':
    case 'map':
      return `CAST(to_json(${sql}) AS VARCHAR)`;
    default:
      return `CAST(${sql} AS VARCHAR)`;
  }
}

function jsonSql(sql: string, type: ExportType, depth: number): string {
  switch (type.is) {
    case 'value':
      return valueSql(sql, type.kind);
    case 'struct': {
      const fields = type.fields.map(
        ({ name, type }) =>
          `${quoted(name)}, ${jsonSql(`struct_extract(${sql}, ${quoted(name)})`, type, depth)}`,
      );
      return `CASE WHEN ${sql} IS NOT NULL THEN json_object(${fields.join(', ')}) END`;
    }
    case 'list': {
      const element = `e${depth}`;
      return `to_json(list_transform(${sql}, lambda ${element}: to_json(${jsonSql(element, type.of, depth + 1)})))`;
    }
    default:
      return type satisfies never;
  }
}

function valueSql(sql: string, kind: ValueKind): string {
  switch (kind) {
    case 'bytes':
      return `base64(${sql})`;
    // JSON knows neither NaN nor an infinity.
    case 'fraction':
      return `CASE WHEN isfinite(CAST(${sql} AS DOUBLE)) THEN ${sql} END`;
    case 'localMoment':
      return `replace(CAST(${sql} AS VARCHAR), ' ', 'T')`;
    case 'moment':
      return `replace(replace(CAST(${sql} AS VARCHAR), ' ', 'T'), '+00', 'Z')`;
    case 'day':
    case 'time':
    case 'text':
      return `CAST(${sql} AS VARCHAR)`;
    case 'truth':
    case 'whole':
    case 'json':
    case 'map':
      return sql;
    default:
      return kind satisfies never;
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
