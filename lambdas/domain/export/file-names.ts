/** Names that Windows keeps for devices, with whatever ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const LONGEST = 60;

/**
 * File names for these tables, one each, in their order: `a-z`, `0-9`, `_` and `-` alone, so that
 * none leaves its folder, means something to a shell, or is a device, on whatever system.
 */
export function fileNames(tables: string[]): string[] {
  const taken = new Set<string>();
  return tables.map((table) => {
    const name = plain(table);
    let free = name;
    for (let n = 2; taken.has(free); n += 1) free = `${name}-${n}`;
    taken.add(free);
    return free;
  });
}

function plain(table: string): string {
  const letters = table
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return letters === '' || DEVICE.test(letters) ? `table-${letters}`.replace(/-$/, '') : letters;
}
