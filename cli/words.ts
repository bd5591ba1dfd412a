/** How people call this: what is suggested can be copied. */
export const DSR = 'npm run dsr --';

export const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** `12.3 MB`, in powers of 1000. */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(bytes || 1) / 3)));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}

const ROLE_WORDS: Record<string, string> = {
  sourceOwner: 'the source’s owner',
  tenantAdmin: 'the tenant admin',
  operator: 'the operator',
  recipient: 'the recipient',
  verifier: 'the sources',
  cycle: 'the refresh cycle',
  gathering: 'the gathering of rows',
  deadline: 'time to pass',
};

export const roleWords = (role: string) => ROLE_WORDS[role] ?? role;
