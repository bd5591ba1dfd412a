import type { IncomingMessage } from 'node:http';
import {
  BROKEN_LAKE,
  BROKEN_TABLE,
  SLOW_DOWN,
  THROTTLED_TABLE,
  type Trouble,
  type TroubledAws,
  troubledAws,
} from '../adapters/troubled-aws.ts';

/** `lost`: it took effect, and nobody heard the first answer; the others, as often as the SDK tries. */
export type Kind = 'throttled' | 'failed' | 'hangUp' | 'lost';

const speaksJson = ({ headers }: IncomingMessage) => headers['x-amz-target'] !== undefined;
const TROUBLES: Record<Kind, (asked: IncomingMessage) => Trouble> = {
  throttled: (asked) => (speaksJson(asked) ? THROTTLED_TABLE : SLOW_DOWN),
  failed: (asked) => (speaksJson(asked) ? BROKEN_TABLE : BROKEN_LAKE),
  hangUp: () => 'hangUp',
  lost: ({ headers }) =>
    String(headers['amz-sdk-request']).startsWith('attempt=1') ? 'lost' : undefined,
};

export interface OneCallBadly {
  /** How many calls are made while this takes. */
  callsOf(play: () => Promise<unknown>): Promise<number>;
  /** While that takes, its nth call is answered so. Answers whether it fails. */
  badly(n: number, kind: Kind, play: () => Promise<unknown>): Promise<boolean>;
  end(): Promise<void>;
}

/** Functions that are loaded from now on make their calls of AWS through this. */
export async function oneCallBadly(): Promise<OneCallBadly> {
  let calls: string[] = [];
  let bad: { n: number; kind: Kind } | undefined;
  const aws: TroubledAws = await troubledAws((asked) => {
    // Of one call, the same in each of its tries.
    const call = String(asked.headers['amz-sdk-invocation-id']);
    if (!calls.includes(call)) calls.push(call);
    return bad && calls[bad.n - 1] === call ? TROUBLES[bad.kind](asked) : undefined;
  });
  const counting = async <T>(play: () => Promise<T>) => {
    calls = [];
    return play();
  };
  return {
    callsOf: async (play) => {
      await counting(play);
      return calls.length;
    },
    badly: async (n, kind, play) => {
      bad = { n, kind };
      const before = aws.troubled;
      const outcome = await Promise.allSettled([counting(play)]);
      bad = undefined;
      if (aws.troubled === before) throw new Error(`There was no call ${n}.`);
      return outcome[0].status === 'rejected';
    },
    end: () => aws.end(),
  };
}
