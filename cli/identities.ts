import * as z from 'zod';
import type { Identity } from '../lambdas/domain/identity.ts';
import { Name } from '../lambdas/domain/ids.ts';
import { usageError } from './command-error.ts';

/** The flags of `erase`. Values are as typed; the system normalises them where they enter. */
export interface IdentityFlags {
  email?: string[];
  phone?: string[];
  customerId?: string[];
  /** `type=value`, for every other type that the platform declares. */
  identity?: string[];
}

export function identitiesFromFlags(flags: IdentityFlags): Identity[] {
  const ofType = (type: string, values: string[] = []) =>
    values.map((value) => identity(type, value, `--${type.replace('_', '-')}`));
  return [
    ...ofType('email', flags.email),
    ...ofType('phone', flags.phone),
    ...ofType('customer_id', flags.customerId),
    ...(flags.identity ?? []).map((text, at) => fromPair(text, `--identity (number ${at + 1})`)),
  ];
}

const OneOrMany = z.union([z.string(), z.array(z.string())]);
const JsonIdentities = z.union([
  z.array(z.object({ type: z.string(), value: z.string() })),
  z.record(z.string(), OneOrMany),
]);

/** Lines of `type=value`, or JSON: `[{"type":"email","value":"…"}]`, or `{"email":["…"]}`. */
export function identitiesFromText(text: string): Identity[] {
  const trimmed = text.trim();
  const found = /^[[{]/.test(trimmed) ? fromJson(trimmed) : fromLines(trimmed);
  if (found.length === 0) {
    throw usageError('Standard input holds no identity. Write lines such as email=…, or JSON.');
  }
  return found;
}

const fromLines = (text: string) =>
  text.split(/\r?\n/).flatMap((line, index) => {
    const pair = line.trim();
    return pair === '' ? [] : [fromPair(pair, `line ${index + 1} of standard input`)];
  });

function fromJson(text: string): Identity[] {
  const parsed = JsonIdentities.safeParse(parseJson(text));
  if (!parsed.success) {
    throw usageError(
      'The JSON on standard input must be a list of {"type", "value"}, or an object of type and value.',
    );
  }
  const pairs = Array.isArray(parsed.data)
    ? parsed.data
    : Object.entries(parsed.data).flatMap(([type, values]) =>
        [values].flat().map((value) => ({ type, value })),
      );
  return pairs.map(({ type, value }, index) =>
    identity(type, value, `identity ${index + 1} of standard input`),
  );
}

/** Errors of JSON.parse quote the text, which holds identities: `undefined` says enough. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromPair(text: string, where: string): Identity {
  const at = text.indexOf('=');
  if (at < 1) throw usageError(`${where} is not of the form type=value.`);
  return identity(text.slice(0, at), text.slice(at + 1), where);
}

function identity(type: string, value: string, where: string): Identity {
  const name = type.trim();
  if (!Name.safeParse(name).success) {
    throw usageError(`${where}: a type is a name such as email, phone or customer_id.`);
  }
  if (value.trim() === '') throw usageError(`${where} has no value.`);
  return { type: name, value: value.trim() };
}
