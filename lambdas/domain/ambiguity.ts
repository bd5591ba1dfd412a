import { type Identity, identityKey } from './identity.ts';

/** A value that may mean several people: somebody says who is meant. */
export interface Ambiguity {
  about: Identity;
  /** Values of a source's personKey that stand beside it: at most the 20 that a reader lists. */
  people: Identity[];
  /** How many there are. */
  count: number;
}

/**
 * `followNone`: the value is other people's. `followAll`: all of them are one person.
 * `only`: the one meant is this person; the value is other people's too.
 */
export type IdentityDecision = 'followNone' | 'followAll' | { only: Identity };

/** What somebody decided, with the question as it stood: more people are a new question. */
export interface IdentityAnswer extends Ambiguity {
  decision: IdentityDecision;
}

/** The people whom the ambiguities name, each once, in an order that tells nothing of the rows'. */
export const candidatesOf = (ambiguities: Ambiguity[]): Identity[] =>
  sortedIdentities(ambiguities.flatMap(({ people }) => people));

/** The options that can be kept: `followAll` cannot, where a shared value stands beside people unlisted. */
export function optionsFor(ambiguities: Ambiguity[]): string[] {
  const candidates = candidatesOf(ambiguities);
  const allListed = ambiguities.every(({ people, count }) => people.length === count);
  return [
    'followNone',
    ...(candidates.length > 0 && allListed ? ['followAll'] : []),
    ...candidates.map((_, i) => `only-${i + 1}`),
  ];
}

/**
 * One option of the wait, as an answer to each of its ambiguities.
 * @throws where the option is none of `optionsFor(ambiguities)`
 */
export function answersTo(ambiguities: Ambiguity[], option: string): IdentityAnswer[] {
  if (!optionsFor(ambiguities).includes(option)) throw new Error(`${option} is not an option.`);
  const only = candidatesOf(ambiguities)[Number(option.slice('only-'.length)) - 1];
  const decision = only ? { only } : option === 'followAll' ? option : 'followNone';
  return ambiguities.map((ambiguity) => ({ ...ambiguity, decision }));
}

/** The decision that settles an ambiguity; `undefined`: it has to be asked. */
export function decisionOn(
  ambiguity: Ambiguity,
  answers: IdentityAnswer[],
): IdentityDecision | undefined {
  const about = identityKey(ambiguity.about);
  const latest = answers.findLast((answer) => identityKey(answer.about) === about);
  if (latest && latest.decision !== 'followAll') return latest.decision;
  // That some people are one person holds beside every value; of further people it says nothing.
  return answers.some((answer) => answer.decision === 'followAll' && covers(answer, ambiguity))
    ? 'followAll'
    : undefined;
}

const covers = (answer: Ambiguity, asked: Ambiguity) =>
  asked.count <= answer.count && asked.people.every((person) => holds(answer.people, person));

const holds = (identities: Identity[], wanted: Identity) =>
  identities.some((identity) => identityKey(identity) === identityKey(wanted));

/** Each once, in the order of their keys. */
export function sortedIdentities(identities: Iterable<Identity>): Identity[] {
  const byKey = new Map([...identities].map((identity) => [identityKey(identity), identity]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, identity]) => identity);
}
