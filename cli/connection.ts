import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { CommandError } from './command-error.ts';

/** Written by a running `npm start`, so that a second terminal finds it. */
const LocalRun = z.object({
  endpoint: z.url(),
  stackName: z.string().min(1),
  region: z.string().min(1),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  /** Where what the system sends can be read. */
  mailboxUrl: z.url().optional(),
});
export type LocalRun = z.infer<typeof LocalRun>;

/** Where a stack is. Without an endpoint it is AWS; without credentials, the caller's own. */
export interface Connection {
  stackName: string;
  endpoint?: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

export interface ConnectionOptions {
  stack?: string;
  endpointUrl?: string;
  /** The caller's AWS account, even while a local run is up. */
  aws?: boolean;
}

/** The first that is named wins: the option, the environment, the local run, AWS. */
export function findConnection(
  { stack, endpointUrl, aws }: ConnectionOptions,
  environment: Record<string, string | undefined>,
  findLocalRun: () => LocalRun | undefined,
): Connection {
  const namedStack = stack ?? environment.DSR_STACK;
  if (aws) return { stackName: namedStack ?? 'dsr-demo' };
  const named = endpointUrl ?? environment.AWS_ENDPOINT_URL;
  const local = findLocalRun();
  if (local !== undefined && (named === undefined || named === local.endpoint)) {
    const { endpoint, region, stackName, accessKeyId, secretAccessKey } = local;
    return {
      stackName: namedStack ?? stackName,
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
    };
  }
  return {
    stackName: namedStack ?? 'dsr-demo',
    ...(named === undefined ? {} : { endpoint: named }),
  };
}

/** @throws CommandError when the file is there and cannot be understood */
export function readLocalRun(path: string): LocalRun | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return LocalRun.parse(JSON.parse(text));
  } catch (cause) {
    throw new CommandError(
      'fault',
      `${path} is not what \`npm start\` writes. Delete it, and run \`npm start\` again.`,
      {},
      { cause },
    );
  }
}
