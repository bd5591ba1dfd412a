import type { CountryCode } from 'libphonenumber-js';
import * as z from 'zod';
import { Disclosure, TableDisclosure } from './disclosure.ts';
import { NORMAL_FORMS } from './identity.ts';
import { Name } from './ids.ts';
import { Recipient } from './recipients.ts';

/** Columns and their DuckDB types, e.g. `{ email: VARCHAR, "user": "STRUCT(id VARCHAR)" }`. */
const Columns = z.record(z.string().min(1), z.string().min(1));

const IdentityColumns = z.array(
  z.strictObject({
    /** A key of `identityTypes`. */
    type: Name,
    /** A column, a path into nested ones (`user.id`), or into a list (`user.emails[]`). */
    column: z.string().min(1),
    /** It holds text that may name people: searched for them, and never followed. */
    within: z.literal('text').optional(),
  }),
);

/** Columns in which nobody is looked for, though something in them may look like a person. */
const NotPersonal = z
  .array(z.strictObject({ column: z.string().min(1), reason: z.string().min(1) }))
  .optional();

const ErasedWhen = z.union([
  z.literal('rowGone'),
  z.strictObject({
    /** The row and its key stay; these columns are emptied. */
    columnsCleared: z.array(z.string().min(1)).min(1),
  }),
]);

/** `10y`, `18m`, `90d` after the erasure, or a day. */
const Until = z
  .string()
  .regex(
    /^([1-9]\d{0,3}[dmy]|\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01]))$/,
    'must be a duration such as 10y, 18m or 90d, or a day such as 2036-12-31',
  );

/** A law demands that the source keeps the person: only the lake forgets. */
const Retained = z.strictObject({
  /** Which law, in words for the certificate. */
  basis: z.string().min(1),
  /** Cleared in the lake; without them, the person's rows are left out of it. */
  columns: z.array(z.string().min(1)).min(1).optional(),
  until: Until,
});
export type Retained = z.infer<typeof Retained>;

const SourceCommon = {
  /** Told when a person is still held; asked to delete. */
  owner: z.strictObject({ email: z.email() }),
  columns: Columns,
  identities: IdentityColumns,
  notPersonal: NotPersonal,
  /** The unique identity type by which this source tells people apart, never the row's own key. */
  personKey: Name.optional(),
  erasedWhen: ErasedWhen.default('rowGone'),
  /** A refresh that would lose more than this share of the active rows is held; zero rows always. */
  holdWhenLosing: z.number().min(0).max(1).default(0.5),
  retained: Retained.optional(),
  disclosure: TableDisclosure.optional(),
};

const Source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('postgres'),
    /** `schema.table`, or `table` in the schema `public`. */
    table: z.string().min(1),
    /** Secrets Manager ARN or name: `{ host, port, username, password, dbname }`, as RDS writes it. */
    credentials: z.string().min(1),
    ...SourceCommon,
  }),
  z.strictObject({
    kind: z.literal('s3'),
    format: z.enum(['csv', 'jsonLines', 'parquet']),
    bucket: z.string().min(3),
    /** Everything below this prefix is read. */
    prefix: z.string(),
    ...SourceCommon,
  }),
  z.strictObject({
    kind: z.literal('dynamodb'),
    table: z.string().min(3),
    ...SourceCommon,
  }),
]);
export type Source = z.infer<typeof Source>;

const identityDeclaration = {
  identities: IdentityColumns.min(1).optional(),
  /** Why no column of this table points at a person. Neither this nor `identities` is an error. */
  identityFree: z.string().min(1).optional(),
  notPersonal: NotPersonal,
  disclosure: TableDisclosure.optional(),
};

const Model = z.strictObject({
  /** Sources, other models, or `identities`: the view of every identity of every source row. */
  reads: z.array(Name).min(1),
  ...identityDeclaration,
});

const segmentCommon = { reads: z.array(Name).min(1), ...identityDeclaration };
const Segment = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dynamic'), ...segmentCommon }),
  z.strictObject({
    kind: z.literal('static'),
    active: z.boolean().default(true),
    /**
     * What a cycle that carries an erasure does. `rerun`: its SQL again, over the new models;
     * `keepSurvivors`: its old rows, less those whose identities stand in no new model;
     * `drop` (inactive segments only): its table goes.
     */
    recreate: z.enum(['rerun', 'keepSurvivors', 'drop']),
    ...segmentCommon,
  }),
]);
export type Segment = z.infer<typeof Segment>;

const Seconds = z.number().int().positive();

/** platform.yaml: the platform that requests are about. See docs/platform.md for every key. */
export const Platform = z.strictObject({
  platform: Name,
  /** IANA time zone; days of the legal clock begin and end in it. */
  timeZone: z.string(),
  /** ISO 3166-1 alpha-2; its public holidays roll deadlines. */
  country: z.string().regex(/^[A-Z]{2}$/, 'must be a country code such as DE'),
  sender: z.email(),
  tenantAdmin: z.strictObject({
    email: z.email(),
    /** An age recipient: packages are encrypted for it. */
    packageKey: z.string().min(1).optional(),
    /** How long the registered admin is given to answer before another takes their place. */
    changeAfter: z
      .string()
      .regex(/^[1-9]\d?d$/, 'must be a number of days such as 7d, at most 99d')
      .default('7d'),
  }),
  operator: z.strictObject({ email: z.email() }),
  supportContact: z.strictObject({ email: z.email() }),
  /** Told to whoever asks for access; without it, nobody can. */
  disclosure: Disclosure.optional(),
  /** Where requests and replies come in by mail; without it, none do. */
  mailDoor: z
    .strictObject({
      /** On a subdomain whose MX record points at SES. Replies to what the system sends go here. */
      address: z.email(),
      /** Messages of one address; what comes beyond that is recorded and not acted upon. */
      perSenderAnHour: z.number().int().positive().default(30),
      /** Messages of people whom the platform does not know. */
      intakeAnHour: z.number().int().positive().default(60),
    })
    .optional(),
  identityTypes: z.record(
    Name,
    z.strictObject({
      normalForm: z.enum(NORMAL_FORMS),
      points: z.enum(['unique', 'shared']),
      defaultCountry: z
        .string()
        .regex(/^[A-Z]{2}$/, 'must be a country code such as DE')
        .transform((code) => code as CountryCode)
        .optional(),
      madeBy: Name.optional(),
    }),
  ),
  sources: z.record(Name, Source),
  models: z.record(Name, Model).default({}),
  segments: z.record(Name, Segment).default({}),
  /** Told of erasures, by what they know people by; by name. */
  recipients: z.record(Name, Recipient).default({}),
  refresh: z
    .strictObject({
      /** How long the first request of a cycle waits for others to join. */
      collectingSeconds: Seconds.default(300),
      /** EventBridge Scheduler expression of the full refresh, in the platform's time zone. */
      schedule: z
        .string()
        .regex(/^(cron|rate)\(.+\)$/, 'must be cron(…) or rate(…)')
        .default('cron(0 3 * * ? *)'),
      /** Transient failures of one source in one cycle, before it counts as failed for good. */
      attempts: z.number().int().min(1).max(20).default(5),
      retrySeconds: Seconds.default(30),
    })
    .prefault({}),
  verification: z
    .strictObject({
      /** The first interval between two questions about one subject; it doubles up to the last. */
      firstSeconds: Seconds.default(300),
      lastSeconds: Seconds.default(21_600),
      /** After this, the tenant admin is asked to decide. */
      patienceSeconds: Seconds.default(604_800),
    })
    .prefault({}),
  waits: z
    .strictObject({
      remindSeconds: Seconds.default(172_800),
      /** After this, the wait escalates: source owner, tenant admin, operator. */
      escalateSeconds: Seconds.default(432_000),
      /** How long a recipient is waited for; never past the legal deadline. */
      acknowledgeSeconds: Seconds.default(604_800),
      /** How long it may be decided to wait for the download of an erased person's packages. */
      openPackagesSeconds: Seconds.default(172_800),
    })
    .prefault({}),
  limits: z
    .strictObject({
      /** Identities of one subject; one more is asked about. */
      identities: z.number().int().positive().default(1000),
      /** Rounds of verification, refresh and proof before somebody is asked. */
      rounds: z.number().int().positive().default(3),
    })
    .prefault({}),
  exports: z
    .strictObject({
      /** How long the first export of a gathering waits for others. */
      gatherSeconds: Seconds.default(60),
      /** How long the tenant admin may take to confirm an export, before it expires. */
      confirmSeconds: Seconds.default(1_209_600),
      /** How long a package waits to be collected, before it is deleted. */
      collectSeconds: Seconds.default(604_800),
      /** How long a collected package is kept, in case the download was cut off. */
      keptSeconds: Seconds.default(86_400),
    })
    .prefault({}),
  suppression: z
    .strictObject({
      /** How long somebody who was erased is recognised when a source brings them back; 0: never. */
      days: z.number().int().min(0).max(3650).default(365),
      /** Whether their rows are left out until somebody has decided. */
      filter: z.boolean().default(true),
    })
    .prefault({}),
  retention: z
    .strictObject({
      /** Inactive partitions and snapshots are deleted when inactive for more than this. */
      inactiveDays: z.number().int().positive().default(30),
      /** EventBridge Scheduler expression of the clean-up, in the platform's time zone. */
      cleanUpSchedule: z
        .string()
        .regex(/^(cron|rate)\(.+\)$/, 'must be cron(…) or rate(…)')
        .default('cron(0 4 * * ? *)'),
      /** What an erasure superseded goes when its request has closed, whatever its age. */
      purgeSupersededAfterErasure: z.boolean().default(false),
    })
    .prefault({}),
});
/** As its file describes it. */
export type DeclaredPlatform = z.infer<typeof Platform>;
/**
 * As the steps see it: without the tenant admin, whom the file only names. Who is registered is for
 * `registeredAdmin()` to say.
 */
export type Platform = Omit<DeclaredPlatform, 'tenantAdmin'>;

/** What `parsePlatform` gives: the description, the text of each `models/<name>.sql`, and their hash. */
export interface PlatformDefinition {
  platform: DeclaredPlatform;
  sql: Record<string, string>;
  /** SHA-256, hexadecimal. */
  hash: string;
}
