import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { openEngine } from '../../lambdas/adapters/engine.ts';
import type { LakeContext } from '../../lambdas/adapters/lake/lake-context.ts';
import { storage } from '../../lambdas/adapters/lake/lake-storage.ts';
import { IDENTITY_TYPES, LAKE } from './fixture.ts';

/**
 * What is answered in the emulator's stead: `silence` accepts the request, and says nothing, and
 * `hangUp` ends the connection. Or the emulator hears it, but its answer is `lost`, or only `half`
 * of it arrives.
 */
export type Trouble =
  | { status: number; body: string; type?: string }
  | 'silence'
  | 'hangUp'
  | 'lost'
  | 'half'
  | undefined;

export interface TroubledAws {
  /** How many requests met with trouble. */
  troubled: number;
  context: LakeContext;
  end(): Promise<void>;
}

/**
 * The emulator behind a proxy that decides about each request. Clients that are made from now on,
 * and DuckDB in `context`, go through it until it ends.
 */
export async function troubledAws(
  decide: (request: IncomingMessage) => Trouble | Promise<Trouble>,
): Promise<TroubledAws> {
  const emulator = process.env.AWS_ENDPOINT_URL ?? '';
  const aws = { troubled: 0 } as TroubledAws;
  const server = createServer(async (asked, answer) => {
    const trouble = await decide(asked);
    if (trouble) aws.troubled += 1;
    if (trouble === 'silence') return;
    if (trouble === 'hangUp') {
      asked.destroy();
      return;
    }
    if (!trouble || trouble === 'lost' || trouble === 'half')
      return passOn(emulator, asked, answer, trouble);
    asked.resume();
    answer.writeHead(trouble.status, { 'content-type': trouble.type ?? 'application/xml' });
    answer.end(trouble.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine = await openEngine();
  aws.context = { engine, lake: storage(LAKE), identityTypes: IDENTITY_TYPES };
  aws.end = async () => {
    process.env.AWS_ENDPOINT_URL = emulator;
    engine.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return aws;
}

function passOn(
  emulator: string,
  asked: IncomingMessage,
  answer: ServerResponse,
  trouble?: 'lost' | 'half',
): void {
  const { method, headers, url } = asked;
  const passed = request(`${emulator}${url}`, { method, headers }, async (given) => {
    if (trouble === 'lost') {
      given.resume();
      answer.destroy();
      return;
    }
    answer.writeHead(given.statusCode ?? 500, given.headers);
    if (!trouble) {
      given.pipe(answer);
      return;
    }
    const whole = await buffer(given);
    answer.write(whole.subarray(0, whole.length / 2), () => answer.destroy());
  });
  passed.on('error', () => answer.destroy());
  asked.pipe(passed);
}

export const THROTTLED_JSON: Trouble = {
  status: 400,
  type: 'application/x-amz-json-1.0',
  body: JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  }),
};

export const FAILED_JSON: Trouble = {
  status: 500,
  type: 'application/x-amz-json-1.0',
  body: JSON.stringify({ __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError' }),
};

export const THROTTLED_XML: Trouble = {
  status: 503,
  body: '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
};

export const FAILED_XML: Trouble = {
  status: 500,
  body: '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>',
};
