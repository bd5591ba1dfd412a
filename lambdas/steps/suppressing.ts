import { platformDefinition } from '../adapters/configuration.ts';
import { all, transact, type Write } from '../adapters/dynamo.ts';
import type { LakeContext } from '../adapters/lake/lake-context.ts';
import { type Recognised, type Recogniser, recogniserOf } from '../adapters/lake/recogniser.ts';
import { mapLimited } from '../adapters/map-limited.ts';
import { findRequest } from '../adapters/requests.ts';
import {
  forgotten,
  suppressedList,
  suppressedPeople,
  suppressedWrites,
} from '../adapters/suppressed-people.ts';
import { newestSuppressionKey, suppressionKey } from '../adapters/suppression-keys.ts';
import type { Exception } from '../domain/certificate.ts';
import { isAdmitted } from '../domain/cycle-plan.ts';
import type { Identity } from '../domain/identity.ts';
import { dayIn } from '../domain/local-day.ts';
import type { Source } from '../domain/platform.ts';
import { recognitionsOf } from '../domain/recognising.ts';
import type { Outcome } from '../domain/request.ts';
import {
  effectOn,
  erasedFrom,
  recognisedUntil,
  retainedSources,
  type SuppressedPerson,
} from '../domain/suppression.ts';
import { askable, sourcesDeclaring } from '../domain/verification.ts';

type IdentityTypes = LakeContext['identityTypes'];
const identityTypes = () => platformDefinition().platform.identityTypes as IdentityTypes;

/**
 * Lets this cycle and those after it recognise its members in sources that keep them by law, until
 * their requests end: the proof would find them otherwise, and so would the refresh after it.
 */
export async function recogniseMembers(
  members: { requestId: string; identities: Identity[] }[],
  now: Date,
): Promise<void> {
  if (Object.keys(retainedSources(platformDefinition().platform, now)).length === 0) return;
  await forgetWhoEnded(now);
  const known = members.filter(({ identities }) => identities.length > 0);
  if (known.length === 0) return;
  const key = await newestSuppressionKey(now);
  await mapLimited(known, 20, async ({ requestId, identities }) => {
    const types = identityTypes();
    const recognition = recognitionsOf(key, askable(identities, types), types);
    const member = { requestId, state: 'member', retained: {}, keyVersion: key.version } as const;
    await transact(suppressedWrites(member, recognition, now));
  });
}

/** Somebody whose request was cancelled or refused is in the lake again, from the next refresh on. */
async function forgetWhoEnded(now: Date): Promise<void> {
  const members = (await all(suppressedList(now))).filter(({ state }) => state === 'member');
  await mapLimited(members, 20, async ({ requestId }) => {
    if (!isAdmitted(await findRequest(requestId))) await transact([forgotten(requestId, now)]);
  });
}

/** What is kept of the person of a request that ends now, with the change that ends it. */
export async function suppressionOf(
  { requestId, outcome }: { requestId: string; outcome: Outcome },
  unique: Identity[],
  now: Date,
): Promise<{ writes: Write[]; recognisedUntil?: string | undefined; exceptions: Exception[] }> {
  const { platform } = platformDefinition();
  const laws = retainedSources(platform, now);
  const isOver = outcome === 'refused' || outcome === 'cancelled';
  if (isOver) {
    const writes = Object.keys(laws).length > 0 ? [forgotten(requestId, now)] : [];
    return { writes, exceptions: [] };
  }
  const from = erasedFrom(platform, now);
  const concerned = sourcesDeclaring(platform, unique);
  const retained = Object.fromEntries(
    Object.entries(from.retained).filter(([source]) => concerned.includes(source)),
  );
  // Of whom nothing was held, or something still is, no source brings anything back.
  const suppressedUntil = outcome === 'erased' ? from.suppressedUntil : undefined;
  const until = recognisedUntil({ suppressedUntil, retained });
  const exceptions = Object.entries(retained).flatMap(([source, last]): Exception[] => {
    const { basis, columns } = laws[source] ?? {};
    return basis ? [{ source, basis, until: last, ...(columns && { columns }) }] : [];
  });
  if (!until) {
    // Not to be recognised any longer than its request was open.
    const writes = Object.keys(laws).length > 0 ? [forgotten(requestId, now)] : [];
    return { writes, exceptions };
  }
  const key = await newestSuppressionKey(now);
  const types = identityTypes();
  const person: SuppressedPerson = {
    requestId,
    state: 'erased',
    retained,
    keyVersion: key.version,
    ...(suppressedUntil && { suppressedUntil }),
  };
  const recognition = recognitionsOf(key, askable(unique, types), types);
  return { writes: suppressedWrites(person, recognition, now), recognisedUntil: until, exceptions };
}

/** Who has to be recognised when a source is ingested; `undefined`: nobody. */
export async function recogniserFor(
  name: string,
  source: Source,
  now: Date,
): Promise<Recogniser | undefined> {
  const { platform } = platformDefinition();
  const today = dayIn(platform.timeZone, now);
  const { filter } = platform.suppression;
  const people: Recognised[] = [];
  const versions = new Set<number>();
  for await (const person of suppressedPeople(now)) {
    const effect = effectOn(person, { name, source, filter, today });
    if (!effect) continue;
    const { requestId, keyVersion, macs, tags } = person;
    people.push({ requestId, effect, macs, tags });
    versions.add(keyVersion);
  }
  if (people.length === 0) return undefined;
  return recogniserOf({
    people,
    keys: await Promise.all([...versions].map(suppressionKey)),
    identities: source.identities,
    identityTypes: identityTypes(),
    clears: source.retained?.columns,
  });
}
