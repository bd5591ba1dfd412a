/** What DynamoDB counts of an item, at most: names and texts in bytes, numbers as their longest. */
export function itemBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 21;
  if (value instanceof Uint8Array) return value.length;
  if (Array.isArray(value)) return 3 + sum(value.map((one) => 1 + itemBytes(one)));
  if (value !== null && typeof value === 'object')
    return 3 + sum(Object.entries(value).map(([name, one]) => 1 + name.length + itemBytes(one)));
  return 1;
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
