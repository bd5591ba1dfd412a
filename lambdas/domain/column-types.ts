/** A type as DuckDB's DESCRIBE writes it, as far as columns are told apart within it. */
export type ColumnType =
  | { kind: 'struct'; fields: { name: string; type: ColumnType }[] }
  | { kind: 'list'; of: ColumnType }
  | { kind: 'text' | 'json' | 'bytes' | 'whole' | 'fraction' | 'other'; name: string };

const WHOLE = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,0\)|BIGNUM|VARINT)$/;
const FRACTION = /^(FLOAT|DOUBLE|DECIMAL\(.*\))$/;
/** Of these, no value spells an e-mail or a phone, and hardly an id. */
const OTHER = /^(BOOLEAN|DATE|TIME|TIMESTAMP|INTERVAL)\b/;

/** `STRUCT(id VARCHAR, mails VARCHAR[])` and the like; what is not known is text. */
export function parseColumnType(text: string): ColumnType {
  const type = text.trim();
  const list = /^(.*)\[\d*\]$/s.exec(type);
  if (list) return { kind: 'list', of: parseColumnType(list[1] ?? '') };
  if (/^STRUCT\(.*\)$/s.test(type))
    return { kind: 'struct', fields: fieldsOf(type.slice('STRUCT('.length, -1)) };
  if (WHOLE.test(type)) return { kind: 'whole', name: type };
  if (FRACTION.test(type)) return { kind: 'fraction', name: type };
  if (type === 'JSON') return { kind: 'json', name: type };
  if (type === 'BLOB') return { kind: 'bytes', name: type };
  return { kind: OTHER.test(type) ? 'other' : 'text', name: type };
}

const fieldsOf = (text: string) =>
  splitOutside(text).map((field) => {
    const [, quoted, plain, type = ''] =
      /^\s*(?:"((?:[^"]|"")*)"|(\S+))\s+(.*)$/s.exec(field) ?? [];
    return { name: quoted?.replaceAll('""', '"') ?? plain ?? '', type: parseColumnType(type) };
  });

/** At commas that stand in no brackets and in no quotes. */
function splitOutside(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quote = '';
  for (const character of text) {
    if (quote) quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth++;
    else if (character === ')') depth--;
    if (character === ',' && depth === 0 && !quote) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
