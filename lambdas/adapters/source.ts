import type { Identity } from '../domain/identity.ts';
import type { Source } from '../domain/platform.ts';
import type { ExtractOutcome } from '../domain/refresh.ts';
import type { SourceAnswer } from '../domain/source-answer.ts';
import type { LakeContext } from './lake/lake-context.ts';
import type { Recogniser } from './lake/recogniser.ts';

/** A subject to ask about, under the id of its request. */
export interface AskedSubject {
  requestId: string;
  /** Unique identities only, of every type; the kind picks those that the source declares. */
  identities: Identity[];
}

export type SourceContext<Kind extends Source['kind'] = Source['kind']> = LakeContext & {
  /** Its key in platform.yaml. */
  name: string;
  source: Extract<Source, { kind: Kind }>;
  /** Whose rows an extraction leaves out, or clears; it counts them. */
  recogniser?: Recogniser | undefined;
};

/** What every kind of source can do; one file a kind, under `sources/`. */
export interface SourceKind<Kind extends Source['kind'] = Source['kind']> {
  /**
   * Which of these subjects do you still hold? One question for all of them.
   * Never throws for what the world answers: an unreachable source is an answer.
   */
  ask(context: SourceContext<Kind>, subjects: AskedSubject[]): Promise<Map<string, SourceAnswer>>;
  /**
   * Writes `<prefix>rows.parquet` into the lake, with exactly the declared columns.
   * Failures of the world are outcomes; the words hold no value of any row.
   */
  extract(context: SourceContext<Kind>, prefix: string): Promise<ExtractOutcome>;
  /**
   * Gives a subquery over all rows, with every column that the source has now, also those that
   * nobody declared.
   * @throws SourceFailure for what the world answers
   */
  readWhole<T>(context: SourceContext<Kind>, read: (relation: string) => Promise<T>): Promise<T>;
}
