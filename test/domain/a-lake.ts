import { type Identity, type IdentityType, identityKey } from '../../lambdas/domain/identity.ts';
import type { HeldRow, LakeReader } from '../../lambdas/domain/resolve-identities.ts';

export const TYPES: Record<string, IdentityType> = {
  customer_id: { normalForm: 'text', points: 'unique' },
  email: { normalForm: 'email', points: 'unique' },
  device: { normalForm: 'text', points: 'unique' },
  phone: { normalForm: 'phone', points: 'shared' },
  golden_id: { normalForm: 'text', points: 'unique', madeBy: 'customers' },
};

/** Sources that tell people apart, and by what. */
const PERSON_KEYS: Record<string, string> = { crm: 'customer_id', shop: 'customer_id' };

export const customer = (value: string): Identity => ({ type: 'customer_id', value });
export const email = (value: string): Identity => ({ type: 'email', value });
export const device = (value: string): Identity => ({ type: 'device', value });
export const phone = (value: string): Identity => ({ type: 'phone', value });
export const golden = (value: string): Identity => ({ type: 'golden_id', value });

export const row = (table: string, ...identities: Identity[]): HeldRow => ({
  kind: table === 'customers' ? 'model' : table === 'everyone' ? 'segment' : 'source',
  table,
  identities,
  rows: 1,
  isActive: true,
});

/** A row of a model as an older snapshot has it. */
export const oldRow = (table: string, ...identities: Identity[]): HeldRow => ({
  ...row(table, ...identities),
  isActive: false,
});

export const holds = ({ identities }: HeldRow, wanted: Identity) =>
  identities.some((identity) => identityKey(identity) === identityKey(wanted));

/** By source: the values of its personKey in the rows that hold the identity. */
export const peopleBeside = (rows: HeldRow[], identity: Identity): Map<string, Identity[]> => {
  const bySource = new Map<string, Identity[]>();
  for (const beside of rows.filter((candidate) => holds(candidate, identity)))
    for (const person of beside.identities.filter(
      ({ type }) => type === PERSON_KEYS[beside.table],
    )) {
      const known = bySource.get(beside.table) ?? [];
      if (!known.some(({ value }) => value === person.value))
        bySource.set(beside.table, [...known, person]);
    }
  return bySource;
};

export const aLake = (rows: HeldRow[]): LakeReader => ({
  peopleBeside: async (identities) =>
    identities.flatMap((identity) =>
      [...peopleBeside(rows, identity)].map(([table, people]) => ({
        identity,
        table,
        people: people.slice(0, 20),
        count: people.length,
      })),
    ),
  rowsHolding: async (identities) =>
    rows.filter((held) => identities.some((identity) => holds(held, identity))),
});
