import { createHash } from 'node:crypto';

/** What a compact JWS (RFC 7515) says of itself, and of what. No signature is checked here. */
export const headerOf = (jws: string): { kid: string } => part(jws, 0) as { kid: string };

export const payloadOf = <Document>(jws: string): Document => part(jws, 1) as Document;

const part = (jws: string, index: number): unknown =>
  JSON.parse(Buffer.from(jws.split('.')[index] ?? '', 'base64url').toString('utf8'));

/** SHA-256 of a signed document, hexadecimal: the name by which ledger, completions and heads know it. */
export const digestOf = (jws: string): string => createHash('sha256').update(jws).digest('hex');
