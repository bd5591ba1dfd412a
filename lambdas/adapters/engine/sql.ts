/** A SQL string, for names of files and credentials; values of rows are bound or appended. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A SQL name, of a column or table. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literals = (texts: string[]): string => `[${texts.map(literal).join(', ')}]`;
