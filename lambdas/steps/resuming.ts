import { changeLock, lockRow } from '../adapters/cycles.ts';
import { executionState } from '../adapters/executions.ts';
import { recordChange } from '../adapters/ledger.ts';
import { changedRequest, findRequest } from '../adapters/requests.ts';
import { answer, waitsOf } from '../adapters/waits.ts';
import type { Resume, Resumed } from '../domain/desk.ts';
import { LINE_NAMES, LINES, type LineName, unstuck } from '../domain/turn.ts';
import { attemptName, flowOf } from './attempts.ts';
import { ensureCycle, ensureGathering, ensureVerification } from './lines.ts';
import { keepRunning } from './restarting.ts';

const ENSURE: Record<LineName, () => Promise<unknown>> = {
  cycles: ensureCycle,
  verification: ensureVerification,
  gatherings: ensureGathering,
};

/** Lets a request, or a line (`cycles`, `verification`, `gatherings`) that died three times, go on. */
export function resumeTarget(asked: Resume): Promise<Resumed> {
  const line = LINE_NAMES.find((name) => name === asked.target);
  return line ? resumeLine(line, asked.by) : resumeRequest(asked);
}

async function resumeRequest({ target, by }: Resume): Promise<Resumed> {
  const request = await findRequest(target);
  if (!request) return { outcome: 'unknown', words: `There is no request ${target}.` };
  if (request.outcome) return { outcome: 'closed', words: `It has ended: ${request.outcome}.` };
  const { requestId, attempt } = request;
  if ((await executionState(flowOf(request), attemptName(requestId, attempt))) === 'running') {
    return { outcome: 'stillRunning', words: 'It runs; there is nothing to resume.' };
  }
  const chain = `request/${requestId}`;
  await recordChange([changedRequest(requestId, { status: 'open', restarts: 0 })], {
    chain,
    event: 'resumed',
    by,
    facts: { attempt },
  });
  await answerFaults(requestId, by, chain);
  await keepRunning(requestId);
  return { outcome: 'resumed', words: 'The next attempt goes on where the last one stood.' };
}

async function resumeLine(line: LineName, by: string): Promise<Resumed> {
  const lock = await lockRow(LINES[line].lock);
  if (!lock?.stuck) return { outcome: 'stillRunning', words: 'This line is not stopped.' };
  // In this order, who dies between the two leaves a line that can still be resumed.
  await answerFaults(LINES[line].owner, by, 'platform');
  await changeLock(LINES[line].lock, lock, unstuck(lock));
  await ENSURE[line]();
  return { outcome: 'resumed', words: `The line of ${line} goes on.` };
}

async function answerFaults(owner: string, by: string, chain: string): Promise<void> {
  for await (const wait of waitsOf(owner)) {
    if (wait.kind !== 'fault' || wait.answer) continue;
    const given = { option: 'resume', by, at: new Date().toISOString() };
    await answer(wait, given, { chain, event: 'decided', by, facts: { wait: wait.waitId } });
  }
}
