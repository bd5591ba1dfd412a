import * as z from 'zod';

const Words = z.string().min(1);
const List = z.array(Words).min(1);

/** What Article 15(1) GDPR wants told of personal data, in sentences for the person. */
const facts = {
  /** Why the data is used. */
  purposes: List,
  /** Which kinds of data. */
  categories: List,
  /** Who receives it, or which kinds of recipients. */
  recipients: List,
  /** For how long it is kept, or by what that is decided. */
  retention: Words,
  /** Where the data comes from, if not from the person. */
  origin: Words,
};

const differing = z.strictObject(facts).partial();

/** Art. 15 facts of the whole platform. */
export const Disclosure = z.strictObject({
  /** Who answers for the data, and how to reach them. */
  controller: Words,
  ...facts,
  /** With whom a person may lodge a complaint. */
  supervisoryAuthority: Words,
  /** Whether, and by what logic, decisions are made without a human. */
  automatedDecisions: Words.optional(),
  /** Countries outside the EU that the data goes to, and what protects it there. */
  transfers: Words.optional(),
  /** Where it differs for people who sign in to the platform. */
  users: differing.optional(),
});
export type Disclosure = z.infer<typeof Disclosure>;

/** Of one source, model or segment: its heading, and where it differs from the platform's facts. */
export const TableDisclosure = z.strictObject({
  title: Words.optional(),
  ...differing.shape,
  /** Whether the person may take it along (Art. 20): what they gave, or what was observed of them. */
  portable: z.boolean().optional(),
});
export type TableDisclosure = z.infer<typeof TableDisclosure>;

export type Facts = z.infer<typeof differing>;
export const FACTS = Object.keys(facts) as (keyof Facts)[];

/**
 * The same, with everybody named who is declared to receive models and segments: these are about
 * customers, and no user stands in them.
 */
export const withRecipients = (
  disclosure: Disclosure | undefined,
  declared: Record<string, { title: string }>,
): Disclosure | undefined =>
  disclosure && {
    ...disclosure,
    recipients: [
      ...new Set([...disclosure.recipients, ...Object.values(declared).map(({ title }) => title)]),
    ],
  };

/** Only where a table differs from what is said of all. */
export const factsOf = (disclosure: TableDisclosure | undefined): Facts =>
  Object.fromEntries(
    FACTS.flatMap((fact) => (disclosure?.[fact] ? [[fact, disclosure[fact]]] : [])),
  );
