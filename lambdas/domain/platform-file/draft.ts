import * as z from 'zod';

/**
 * platform.yaml as far as it can be understood: what has the wrong shape is left out, so that the
 * rules between its parts can be checked, and told, beside mistakes of shape.
 */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const text = lenient(z.string());
const texts = z.array(z.string()).catch([]);
const named = <T extends z.ZodRawShape>(shape: T) =>
  z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((entries) =>
      Object.fromEntries(
        Object.entries(entries).map(([name, entry]) => {
          const parsed = z.object(shape).safeParse(entry ?? {});
          return [name, parsed.success ? parsed.data : undefined];
        }),
      ),
    );
const identities = lenient(z.array(z.object({ type: text, column: text, within: text })));
const notPersonal = lenient(z.array(z.object({ column: text })));
const disclosure = lenient(z.record(z.string(), z.unknown()));
const readsAndIdentities = {
  reads: texts,
  identities,
  identityFree: text,
  notPersonal,
  disclosure,
};

export const PlatformDraft = z.object({
  timeZone: text,
  country: text,
  tenantAdmin: lenient(z.object({ packageKey: text })),
  disclosure: z.unknown().optional(),
  identityTypes: named({ normalForm: text, points: text, defaultCountry: text, madeBy: text }),
  sources: named({
    columns: lenient(z.record(z.string(), z.string())),
    identities,
    notPersonal,
    personKey: text,
    erasedWhen: lenient(z.object({ columnsCleared: texts })),
    retained: lenient(z.object({ columns: lenient(z.array(z.string())) })),
    disclosure,
  }),
  models: named(readsAndIdentities),
  segments: named({
    kind: text,
    active: lenient(z.boolean()),
    recreate: text,
    ...readsAndIdentities,
  }),
  recipients: named({ email: text, receives: texts, knownBy: texts }),
});
export type PlatformDraft = z.infer<typeof PlatformDraft>;
