import { ulid } from 'ulid';
import type { z } from 'zod';
import { classOf, keepFault } from '../adapters/faults.ts';
import { logger } from '../adapters/logger.ts';
import { CycleId, GatheringId, PassId, RequestId, RunId } from '../domain/ids.ts';

/** What a flow, a log and the console may see of an error: its class, and the id of its message. */
class Fault extends Error {
  constructor(faultClass: string, faultId: string) {
    super(`${faultClass} ${faultId}`);
    this.name = faultClass;
    // The runtime logs the stack of what is thrown; the original one begins with the message.
    this.stack = `${faultClass}: ${faultId}`;
  }
}

/**
 * Makes a Lambda handler of one step: parses its input, and lets no message of an error out.
 * Databases and parsers quote values in theirs, so the message is kept sealed under a fault id,
 * and class and id are thrown instead. `dsr show` gives the message to those who may see it.
 */
export function step<Input extends z.ZodType, Output>(
  name: string,
  input: Input,
  run: (input: z.output<Input>) => Promise<Output>,
): (event: unknown) => Promise<Output> {
  return async (event) => {
    const owner = ownerOf(event);
    try {
      const output = await run(input.parse(event));
      logger.info(name, { ...owner, outcome: (output as { outcome?: string })?.outcome });
      return output;
    } catch (error) {
      throw await fault(name, owner, error);
    }
  };
}

async function fault(name: string, owner: Owner, error: unknown): Promise<Fault> {
  return new Fault(classOf(error), await kept(name, owner, error));
}

/** Keeps an error's message sealed. Answers the id by which `dsr show` finds it. */
export async function kept(name: string, owner: Owner, error: unknown): Promise<string> {
  const faultId = ulid();
  const faultClass = classOf(error);
  logger.error(name, { ...owner, faultId, class: faultClass });
  try {
    await keepFault(
      { faultId, step: name, class: faultClass, error },
      {
        requestId: owner.requestId,
        // A clean-up names the cycle that made what it deletes, too.
        execution: owner.runId ?? owner.cycleId ?? owner.passId ?? owner.gatheringId,
      },
    );
  } catch (unkept) {
    logger.error('faultNotKept', { faultId, class: classOf(unkept) });
  }
  return faultId;
}

interface Owner {
  requestId?: string;
  cycleId?: string;
  passId?: string;
  gatheringId?: string;
  runId?: string;
}

/** Only what is an id: somebody may type a customer's number where a request's belongs. */
function ownerOf(event: unknown): Owner {
  const { requestId, cycleId, passId, gatheringId, runId } = (event ?? {}) as Record<
    string,
    unknown
  >;
  return {
    requestId: RequestId.safeParse(requestId).data,
    cycleId: CycleId.safeParse(cycleId).data,
    passId: PassId.safeParse(passId).data,
    gatheringId: GatheringId.safeParse(gatheringId).data,
    runId: RunId.safeParse(runId).data,
  };
}
