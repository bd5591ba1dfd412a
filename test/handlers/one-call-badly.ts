import type { IncomingMessage } from 'node:http';
import {
  FAILED_JSON,
  FAILED_XML,
  THROTTLED_JSON,
  THROTTLED_XML,
  type Trouble,
  troubledAws,
} from '../adapters/troubled-aws.ts';

/** `lost`: it took effect, and nobody heard the first answer; the others, as often as the SDK tries. */
export type Kind = 'throttled' | 'failed' | 'hangUp' | 'lost';

const speaksJson = ({ headers }: IncomingMessage) => headers['x-amz-target'] !== undefined;
const TROUBLES: Record<Kind, (asked: IncomingMessage) => Trouble> = {
  throttled: (asked) => (speaksJson(asked) ? THROTTLED_JSON : THROTTLED_XML),
  failed: (asked) => (speaksJson(asked) ? FAILED_JSON : FAILED_XML),
  hangUp: () => 'hangUp',
  lost: ({ headers }) =>
    String(headers['amz-sdk-request']).startsWith('attempt=1') ? 'lost' : undefined,
};

export interface OneCallBadly {
  /** The calls that are made while this takes, each by its kind and number: `PutItem 2`, `GET heads 1`. */
  callsOf(play: () => Promise<unknown>): Promise<string[]>;
  /**
   * While that takes, this call is answered so.
   * @returns whether it fails
   * @throws Error when the call was not made
   */
  badly(call: string, kind: Kind, play: () => Promise<unknown>): Promise<boolean>;
  end(): Promise<void>;
}

/** The operation; of S3 and SES, which name none, the method and the first folder. */
function kindOf({ method, url = '', headers }: IncomingMessage): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return String(target).split('.').at(-1) ?? '';
  const { pathname, searchParams } = new URL(url, 'http://aws.invalid');
  const [, , folder = ''] = pathname.split('/');
  return `${method} ${searchParams.has('list-type') ? 'list' : folder}`;
}

/** Functions that are loaded from now on make their calls of AWS through this. */
export async function oneCallBadly(): Promise<OneCallBadly> {
  let made = new Map<string, string>();
  let bad: { call: string; kind: Kind } | undefined;

  function callOf(asked: IncomingMessage): string {
    // Of one call, the same in each of its tries.
    const invocation = String(asked.headers['amz-sdk-invocation-id']);
    const kind = kindOf(asked);
    const before = [...made.values()].filter((call) => call.startsWith(`${kind} `));
    const call = made.get(invocation) ?? `${kind} ${before.length + 1}`;
    made.set(invocation, call);
    return call;
  }

  const aws = await troubledAws((asked) => {
    const call = callOf(asked);
    return bad?.call === call ? TROUBLES[bad.kind](asked) : undefined;
  });
  return {
    callsOf: async (play) => {
      made = new Map();
      await play();
      return [...made.values()];
    },
    badly: async (call, kind, play) => {
      made = new Map();
      bad = { call, kind };
      const before = aws.troubled;
      const [{ status }] = await Promise.allSettled([play()]);
      bad = undefined;
      if (aws.troubled === before) throw new Error(`There was no call ${call}.`);
      return status === 'rejected';
    },
    end: () => aws.end(),
  };
}
