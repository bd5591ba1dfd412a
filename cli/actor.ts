/**
 * Who acts, from the caller's ARN: its last part, e.g. `dsr-operator`. A session named by an address
 * is left out, and the role stands in for it: what is recorded never names a person.
 */
export function actorFrom(arn: string): string {
  const parts = arn.split(/[:/]/).filter((part) => part !== '');
  const last = parts.findLast((part) => !part.includes('@')) ?? 'unknown';
  return last.replace(/[^A-Za-z0-9_.+=-]/g, '-').slice(0, 200);
}
