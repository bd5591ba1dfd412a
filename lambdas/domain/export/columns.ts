import { type ColumnType, parseColumnType } from '../column-types.ts';

/** A column of a table that is exported. */
export interface ExportColumn {
  name: string;
  /** As DuckDB's DESCRIBE writes it. */
  type: string;
}

/** What a single value is, for a schema, a spreadsheet and a reader alike. */
export type ValueKind =
  | 'truth'
  | 'whole'
  | 'fraction'
  | 'day'
  | 'time'
  /** A date and a time of day, in a zone that nobody noted. */
  | 'localMoment'
  | 'moment'
  | 'bytes'
  | 'json'
  | 'map'
  | 'text';

export type ExportType =
  | { is: 'value'; kind: ValueKind }
  | { is: 'struct'; fields: { name: string; type: ExportType }[] }
  | { is: 'list'; of: ExportType };

export const exportType = (column: Pick<ExportColumn, 'type'>): ExportType =>
  fromColumnType(parseColumnType(column.type));

function fromColumnType(type: ColumnType): ExportType {
  switch (type.kind) {
    case 'struct':
      return {
        is: 'struct',
        fields: type.fields.map(({ name, type }) => ({ name, type: fromColumnType(type) })),
      };
    case 'list':
      return { is: 'list', of: fromColumnType(type.of) };
    case 'whole':
    case 'fraction':
    case 'bytes':
    case 'json':
      return { is: 'value', kind: type.kind };
    case 'other':
      return { is: 'value', kind: ofTime(type.name) };
    case 'text':
      return { is: 'value', kind: type.name.startsWith('MAP(') ? 'map' : 'text' };
    default:
      return type satisfies never;
  }
}

function ofTime(name: string): ValueKind {
  if (name === 'BOOLEAN') return 'truth';
  if (name === 'DATE') return 'day';
  if (name.startsWith('TIMESTAMP'))
    return name.includes('WITH TIME ZONE') || name === 'TIMESTAMPTZ' ? 'moment' : 'localMoment';
  return name.startsWith('TIME') ? 'time' : 'text';
}

/** `web_events` as `Web events`, `customerId` as `Customer id`. */
export function inPlainWords(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_\-.\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
