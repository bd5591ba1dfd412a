import { html, type Safe } from '../../markup.ts';
import { type ExportType, inPlainWords, type ValueKind } from '../columns.ts';

const LONGEST = 1000;
const NOTHING: Safe = html`<span class="none">–</span>`;

const days = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
const moments = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** A moment in the platform's time zone: `23 November 2026 at 14:05`. */
export const momentInWords = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone }).format(
    new Date(at),
  );

export const dayInWords = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone }).format(new Date(at));

export const count = (number: number, one: string, many: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;

/** A cell as people write it: `1 May 1990` for a day, yes and no, what is nested as a list. */
export function valueInWords(cell: string | null, type: ExportType): Safe {
  if (cell === null || cell === '') return NOTHING;
  if (type.is === 'value') return scalarInWords(cell, type.kind);
  try {
    return nestedInWords(JSON.parse(cell), type);
  } catch {
    return text(cell);
  }
}

function scalarInWords(cell: string, kind: ValueKind): Safe {
  switch (kind) {
    case 'truth':
      return text(cell === 'true' ? 'yes' : 'no');
    case 'day':
      return dated(cell, `${cell}T00:00:00Z`, days);
    case 'localMoment':
      return dated(cell, `${cell.replace(' ', 'T')}Z`, moments);
    case 'moment':
      return dated(cell, cell.replace(' ', 'T').replace(/\+00$/, 'Z'), moments, ' UTC');
    case 'bytes':
      return html`<span class="none">binary, see the JSON file</span>`;
    default:
      return text(cell);
  }
}

/** What is no day of the calendar (an infinity, a year before Christ) stays as it is. */
function dated(cell: string, iso: string, format: Intl.DateTimeFormat, zone = ''): Safe {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return text(cell);
  return html`<time datetime="${iso}">${format.format(at)}${zone}</time>`;
}

const text = (value: string): Safe =>
  value.length > LONGEST
    ? html`${value.slice(0, LONGEST)}<span class="none">… the whole text is in the CSV file</span>`
    : html`${value}`;

function nestedInWords(value: unknown, type: ExportType): Safe {
  if (value === null || value === undefined || value === '') return NOTHING;
  if (type.is === 'list') {
    const elements = Array.isArray(value) ? value : [];
    if (elements.length === 0) return NOTHING;
    return html`<ul>${elements.slice(0, LONGEST / 10).map((one) => html`<li>${nestedInWords(one, type.of)}</li>`)}</ul>`;
  }
  if (type.is === 'struct') {
    const fields = type.fields.map(
      ({ name, type }) =>
        html`<div><dt>${inPlainWords(name)}</dt><dd>${nestedInWords(Object(value)[name], type)}</dd></div>`,
    );
    return html`<dl class="inner">${fields}</dl>`;
  }
  return typeof value === 'object'
    ? text(JSON.stringify(value))
    : scalarInWords(String(value), type.kind);
}
