import { type Identity, identityKey } from './identity.ts';
import { isExport, isUnconfirmed, type Request } from './request.ts';

/** Why an export ends of which the person was erased, with its package. */
export const SUBJECT_ERASED = 'subjectErased';

/** A package is there, or comes: before its confirmation, nothing is gathered of an export. */
export const mayHavePackage = (request: Request): boolean =>
  isExport(request) &&
  request.subjectKind !== 'user' &&
  request.outcome === undefined &&
  request.certifiedAt === undefined &&
  // Its own flow deletes what it has packed.
  request.closing === undefined &&
  !isUnconfirmed(request);

/** What is known of a person by one request. */
export interface Known {
  seed: Identity[];
  subject: { unique: Identity[]; shared: Identity[] };
}

/**
 * Whether two requests are about one person: some identity that points at one person alone is known
 * of both. What either of them knows to be other people's too says nothing.
 * @param isUnique of a type, whether its values point at one person
 */
export function isSamePerson(
  one: Known,
  other: Known,
  isUnique: (type: string) => boolean,
): boolean {
  const shared = new Set([...one.subject.shared, ...other.subject.shared].map(identityKey));
  const keysOf = ({ seed, subject }: Known) =>
    [...seed, ...subject.unique]
      .filter(({ type }) => isUnique(type))
      .map(identityKey)
      .filter((key) => !shared.has(key));
  const keys = new Set(keysOf(one));
  return keysOf(other).some((key) => keys.has(key));
}
