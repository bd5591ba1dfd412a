import type { Identity } from '../identity.ts';
import type { Platform } from '../platform.ts';
import { identitiesIn } from './addresses.ts';
import { type AskedKind, kindsIn, saysNot, subjectKindIn, type WishKind } from './words.ts';

/** One request that a mail asks for. */
export interface Wish {
  kind: WishKind;
  subjectKind: 'customer' | 'user';
  identity: Identity;
}

export type Understood =
  | { outcome: 'understood'; wishes: Wish[] }
  /** `kind`: what is wanted is plain, and for whom is not said. */
  | { outcome: 'unclear'; why: Unclear; kind?: WishKind };

export type Unclear = 'noWord' | 'noAddress' | 'severalKinds' | 'negated' | 'tooMany';

const LINES_READ = 20;
const MOST_WISHES = 20;

interface Line<Kind = WishKind> {
  kinds: Kind[];
  subjectKind?: 'customer' | 'user';
  identities: Identity[];
  negated: boolean;
}

/**
 * What somebody asks for: a word for the kind of request, and for whom, in the subject or in the
 * first lines. A line without a word goes with the one before. What could mean two things is unclear.
 */
export function understand(
  texts: string[],
  platform: Pick<Platform, 'identityTypes'>,
  notMeant: (identity: Identity) => boolean,
): Understood {
  const read = texts.slice(0, LINES_READ + 1).map((text) => lineOf(text, platform, notMeant));
  const lines = withPlainKinds(read);
  const asked = new Set(lines.flatMap(({ kinds }) => kinds));
  const [first] = asked;
  if (lines.some(({ kinds, negated }) => negated && kinds.length > 0)) return unclear('negated');
  if (first === undefined) return unclear('noWord');
  if (lines.some(({ kinds }) => kinds.length > 1)) return unclear('severalKinds');

  const wishes = new Map<string, Wish>();
  let kind = lines.find(({ kinds }) => kinds.length > 0)?.kinds[0] ?? first;
  let subjectKind = lines.find((line) => line.subjectKind)?.subjectKind ?? 'customer';
  for (const line of lines) {
    kind = line.kinds[0] ?? kind;
    subjectKind = line.subjectKind ?? subjectKind;
    for (const identity of line.identities) {
      const key = `${identity.type} ${identity.value}`;
      const before = wishes.get(key);
      if (before && before.kind !== kind) return unclear('severalKinds');
      wishes.set(key, before ?? { kind, subjectKind, identity });
    }
  }
  if (wishes.size === 0)
    return asked.size === 1 ? { ...unclear('noAddress'), kind: first } : unclear('severalKinds');
  if (wishes.size > MOST_WISHES) return unclear('tooMany');
  const granted = new Set([...wishes.values()].map((wish) => wish.kind));
  // A word that nobody's address goes with: which of them it was meant for is a guess.
  if (granted.size < asked.size) return unclear('severalKinds');
  return { outcome: 'understood', wishes: [...wishes.values()] };
}

const unclear = (why: Unclear): { outcome: 'unclear'; why: Unclear } => ({
  outcome: 'unclear',
  why,
});

/** Who asks for portability anywhere means it by `export` as well; all others mean access. */
function withPlainKinds(lines: Line<AskedKind>[]): Line[] {
  const isPortable = lines.some(({ kinds }) => kinds.includes('portability'));
  const plain = (kind: AskedKind): WishKind =>
    kind === 'export' ? (isPortable ? 'portability' : 'access') : kind;
  return lines.map((line) => ({ ...line, kinds: line.kinds.map(plain) }));
}

function lineOf(
  text: string,
  { identityTypes }: Pick<Platform, 'identityTypes'>,
  notMeant: (identity: Identity) => boolean,
): Line<AskedKind> {
  const { identities, rest } = identitiesIn(text, identityTypes);
  return {
    kinds: kindsIn(rest),
    subjectKind: subjectKindIn(rest),
    identities: identities.filter((identity) => !notMeant(identity)),
    negated: saysNot(rest),
  };
}
