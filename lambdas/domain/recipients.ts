import * as z from 'zod';
import type { CycleResult } from './cycle-result.ts';
import { type Identity, identityKey } from './identity.ts';
import { Name } from './ids.ts';
import type { Wait } from './wait.ts';

/** Who gets models and segments of the platform, and has to hear of erasures (GDPR Art. 19). */
export const Recipient = z.strictObject({
  /** As certificates name them. */
  title: z.string().min(1),
  email: z.email(),
  /** Models and segments. */
  receives: z.array(Name).min(1),
  /** Identity types by which they find a person in what they received. */
  knownBy: z.array(Name).min(1),
});
export type Recipient = z.infer<typeof Recipient>;

type Recipients = Record<string, Recipient>;

/**
 * Names of the recipients of tables in which the person stood: in an inactive copy, or still. A
 * cycle that has not looked everywhere cannot say, and then it is all of them.
 * @param results of each round, the last one last
 */
export function concerned(recipients: Recipients, results: CycleResult[]): string[] {
  const names = Object.keys(recipients);
  if (!hasLooked(results.at(-1))) return names;
  const stood = new Set(
    results
      .flatMap(({ residue, found, foundUndeclared }) => [...residue, ...found, ...foundUndeclared])
      .filter(({ kind }) => kind !== 'source')
      .map(({ name }) => name),
  );
  return names.filter((name) => recipients[name]?.receives.some((table) => stood.has(table)));
}

const hasLooked = (result: CycleResult | undefined): boolean =>
  ['proven', 'found', 'foundUndeclared'].includes(result?.outcome ?? '');

/** What a recipient is told: values that point at this person alone, never a family's. */
export function identitiesKnownTo(
  { knownBy }: Pick<Recipient, 'knownBy'>,
  { unique, shared }: { unique: Identity[]; shared: Identity[] },
): Identity[] {
  const ofOthers = new Set(shared.map(identityKey));
  const known = unique.filter(
    (identity) => knownBy.includes(identity.type) && !ofOthers.has(identityKey(identity)),
  );
  return [...new Map(known.map((identity) => [identityKey(identity), identity])).values()];
}

type AskedWait = Pick<
  Wait,
  'recipient' | 'identities' | 'answer' | 'firstToldAt' | 'reasonCode' | 'since'
>;

/** The latest wait on each recipient. */
export function latestAsked<W extends AskedWait>(waits: W[]): Map<string, W> {
  const latest = new Map<string, W>();
  for (const wait of waits) {
    const { recipient = '', since } = wait;
    if (since >= (latest.get(recipient)?.since ?? '')) latest.set(recipient, wait);
  }
  return latest;
}

/** Whether a recipient has to be told, and not only reminded: anew when more is known of the person. */
export const isToBeAsked = (latest: AskedWait | undefined, identities: number): boolean =>
  latest === undefined ||
  (latest.answer !== undefined &&
    (latest.answer.option !== 'acknowledged' || identities > (latest.identities ?? 0)));

/** What a certificate says of one recipient. Times are ISO 8601 UTC. */
export interface RecipientTold {
  name: string;
  title: string;
  /** Absent: no mail has left. */
  toldAt?: string;
  /** Absent: not acknowledged. */
  acknowledgedAt?: string;
  /** The last mail came back. */
  undeliverable?: true;
}

export const recipientsTold = (waits: AskedWait[], recipients: Recipients): RecipientTold[] =>
  [...latestAsked(waits)].map(([name, { firstToldAt, answer, reasonCode }]) => ({
    name,
    title: recipients[name]?.title ?? name,
    ...(firstToldAt && { toldAt: firstToldAt }),
    ...(answer?.option === 'acknowledged' && { acknowledgedAt: answer.at }),
    ...(answer?.option !== 'acknowledged' &&
      reasonCode === 'undeliverable' && { undeliverable: true as const }),
  }));
