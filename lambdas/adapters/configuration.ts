import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Platform, PlatformDefinition } from '../domain/platform.ts';
import type { Admin } from '../domain/registered-admin.ts';

const Environment = z.object({
  LAKE_BUCKET: z.string().min(3),
  EVIDENCE_BUCKET: z.string().min(3),
  INBOUND_MAIL_BUCKET: z.string().min(3),
  REQUESTS_TABLE: z.string().min(3),
  REQUEST_KEYS_TABLE: z.string().min(3),
  CATALOG_TABLE: z.string().min(3),
  LEDGER_TABLE: z.string().min(3),
  USERS_TABLE: z.string().min(3),
  DATA_KEY_ID: z.string().min(1),
  RECOGNITION_KEY_ID: z.string().min(1),
  SUPPRESSION_KEY_ID: z.string().min(1),
  SIGNING_KEY_ID: z.string().min(1),
  CODES_KEY_ID: z.string().min(1),
  PAGES_URL: z.url(),
  MAIL_CONFIGURATION_SET: z.string().min(1),
  DELETE_CUSTOMER_DATA_ARN: z.string().min(20),
  VERIFY_SOURCES_ARN: z.string().min(20),
  REFRESH_CYCLE_ARN: z.string().min(20),
  CLEAN_UP_INACTIVE_DATA_ARN: z.string().min(20),
  EXPORT_DATA_ARN: z.string().min(20),
  GATHER_EXPORTS_ARN: z.string().min(20),
});

export interface Configuration {
  lakeBucket: string;
  /** Signed heads of the ledger and public keys, under Object Lock. */
  evidenceBucket: string;
  /** Raw mail as it came in, for a short time. */
  inboundMailBucket: string;
  requestsTable: string;
  requestKeysTable: string;
  catalogTable: string;
  ledgerTable: string;
  /** People who sign in: what they may do, and what they did. */
  usersTable: string;
  /** Wraps the private keys of requests. */
  dataKeyId: string;
  /** HMAC key that recognises the same identities in two requests. */
  recognitionKeyId: string;
  /** Wraps the keys by which erased people are recognised. */
  suppressionKeyId: string;
  /** Signs certificates and heads of the ledger. */
  signingKeyId: string;
  /** HMAC key of codes and links. */
  codesKeyId: string;
  /** Where the pages are that mails name. */
  pagesUrl: string;
  /** Of SES: what becomes of a mail is told under it. */
  mailConfigurationSet: string;
  flows: {
    deleteCustomerData: string;
    verifySources: string;
    refreshCycle: string;
    cleanUpInactiveData: string;
    exportData: string;
    gatherExports: string;
  };
}

let parsed: Configuration | undefined;

/**
 * The function's environment, read once, at cold start.
 * @throws Error naming every variable that is missing or wrong, at once
 */
export function configuration(): Configuration {
  if (parsed) return parsed;
  const environment = Environment.safeParse(process.env);
  if (!environment.success) {
    const gaps = environment.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new Error(`The environment lacks ${gaps}: the stack sets them on every function.`);
  }
  const { data } = environment;
  parsed = {
    lakeBucket: data.LAKE_BUCKET,
    evidenceBucket: data.EVIDENCE_BUCKET,
    inboundMailBucket: data.INBOUND_MAIL_BUCKET,
    requestsTable: data.REQUESTS_TABLE,
    requestKeysTable: data.REQUEST_KEYS_TABLE,
    catalogTable: data.CATALOG_TABLE,
    ledgerTable: data.LEDGER_TABLE,
    usersTable: data.USERS_TABLE,
    dataKeyId: data.DATA_KEY_ID,
    recognitionKeyId: data.RECOGNITION_KEY_ID,
    suppressionKeyId: data.SUPPRESSION_KEY_ID,
    signingKeyId: data.SIGNING_KEY_ID,
    codesKeyId: data.CODES_KEY_ID,
    pagesUrl: data.PAGES_URL,
    mailConfigurationSet: data.MAIL_CONFIGURATION_SET,
    flows: {
      deleteCustomerData: data.DELETE_CUSTOMER_DATA_ARN,
      verifySources: data.VERIFY_SOURCES_ARN,
      refreshCycle: data.REFRESH_CYCLE_ARN,
      cleanUpInactiveData: data.CLEAN_UP_INACTIVE_DATA_ARN,
      exportData: data.EXPORT_DATA_ARN,
      gatherExports: data.GATHER_EXPORTS_ARN,
    },
  };
  return parsed;
}

let definition: PlatformDefinition | undefined;

/** The platform that this stack was deployed for; parsed when it was synthesised. */
export const platformDefinition = (): Omit<PlatformDefinition, 'platform'> & {
  platform: Platform;
} => declared();

/** Whom the file names, who need not be registered: nothing is mailed to them for that. */
export const namedAdmin = (): Admin => declared().platform.tenantAdmin;

function declared(): PlatformDefinition {
  definition ??= JSON.parse(
    readFileSync(new URL('./platform.json', import.meta.url), 'utf8'),
  ) as PlatformDefinition;
  return definition;
}
