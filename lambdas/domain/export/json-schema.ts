import { type ExportColumn, type ExportType, exportType, type ValueKind } from './columns.ts';

type Schema = Record<string, unknown>;

const VALUES: Record<ValueKind, Schema> = {
  truth: { type: ['boolean', 'null'] },
  whole: { type: ['integer', 'null'] },
  fraction: { type: ['number', 'null'] },
  day: { type: ['string', 'null'], format: 'date' },
  time: { type: ['string', 'null'], description: 'A time of day.' },
  localMoment: {
    type: ['string', 'null'],
    description: 'Date and time as ISO 8601 writes them, in a time zone that was not noted.',
  },
  moment: { type: ['string', 'null'], format: 'date-time' },
  bytes: { type: ['string', 'null'], contentEncoding: 'base64' },
  json: { description: 'Any JSON, as it was kept.' },
  map: { type: ['object', 'null'] },
  text: { type: ['string', 'null'] },
};

/** The JSON Schema (2020-12) of a table's file: a list of rows, each with every column. */
export const tableSchema = (title: string, columns: ExportColumn[]): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title,
  type: 'array',
  items: objectOf(columns.map((column) => ({ name: column.name, type: exportType(column) }))),
});

function schemaOf(type: ExportType): Schema {
  switch (type.is) {
    case 'value':
      return VALUES[type.kind];
    case 'struct':
      return { ...objectOf(type.fields), type: ['object', 'null'] };
    case 'list':
      return { type: ['array', 'null'], items: schemaOf(type.of) };
    default:
      return type satisfies never;
  }
}

const objectOf = (fields: { name: string; type: ExportType }[]): Schema => ({
  type: 'object',
  properties: Object.fromEntries(fields.map(({ name, type }) => [name, schemaOf(type)])),
  required: fields.map(({ name }) => name),
  additionalProperties: false,
});
