import { platformDefinition } from '../adapters/configuration.ts';
import { getRequest } from '../adapters/requests.ts';
import { findResult, once, unlessInterrupted } from '../adapters/results.ts';
import { waiterAdded, waiterRemoved } from '../adapters/source-waiters.ts';
import { findWait } from '../adapters/waits.ts';
import {
  type AskReason,
  askedAbout,
  type CycleResult,
  decisionOn,
  verdictOn,
} from '../domain/cycle-result.ts';
import { interruptionOf, stopOf } from '../domain/hold.ts';
import type { RequestId } from '../domain/ids.ts';
import { askPerson } from './asking.ts';
import { answerIfClosing } from './ending-waits.ts';
import { untilReleased } from './holding.ts';
import { hasGrown } from './resolving.ts';
import { tellAsked } from './telling.ts';

/** What the cycle that carried a request came to: absent, another round, or a question. */
export async function judgeProof(requestId: RequestId, round: number) {
  const request = await getRequest(requestId);
  const stopped = stopOf(request, round);
  if (stopped) return stopped;
  const { platform } = platformDefinition();
  return once(requestId, 'lookAtProof', round, async () => {
    const result = await cycleResultOf(requestId, round);
    const grew = result.outcome === 'proven' && (await hasGrown(request));
    const verdict = verdictOn(result, {
      round,
      rounds: platform.limits.rounds + (request.extraRounds ?? 0),
      grew,
      without: request.without,
    });
    const reason = 'reason' in verdict ? verdict.reason : undefined;
    return {
      result: { outcome: verdict.verdict, reason },
      facts: {
        reason,
        cycle: result.cycleId,
        found: result.found.length,
        foundUndeclared: result.foundUndeclared.length,
      },
      changes: verdict.verdict === 'nextRound' ? { round: round + 1 } : {},
    };
  });
}

/** Asks a person what to do about what the cycle could not bring about. */
export async function askAfterCycle(requestId: RequestId, round: number) {
  const request = await getRequest(requestId);
  if (interruptionOf(request, round)) return untilReleased(request);
  const asked = await once(requestId, 'askWhatToDo', round, async () => {
    const reason = await reasonAsked(requestId, round);
    const result = await cycleResultOf(requestId, round);
    const details = askedAbout(reason, result);
    const question = askPerson(
      {
        requestId,
        name: 'whatToDo',
        round,
        kind: 'refreshDecision',
        reasonCode: reason,
        ...decisionOn(reason),
        ...(details && { details }),
      },
      new Date(),
    );
    const waiters = result.failedSources.map(({ source }) =>
      waiterAdded({ source, requestId, round }),
    );
    return { ...question, ...unlessInterrupted(round), writes: [...question.writes, ...waiters] };
  });
  await answerIfClosing(requestId, 'whatToDo', round);
  await tellAsked(requestId, 'whatToDo', round);
  return asked;
}

/** Takes up what a person decided: another round, or giving up a part. */
export async function applyDecided(requestId: RequestId, round: number) {
  const request = await getRequest(requestId);
  const stopped = stopOf(request, round);
  if (stopped) return stopped;
  return once<{ outcome: 'nextRound' | 'giveUp' }>(requestId, 'applyDecision', round, async () => {
    const decided = (await findWait(requestId, 'whatToDo', round))?.answer;
    if (!decided) throw new Error('Nothing has been decided.');
    const { failedSources, failedBuild, foundUndeclared } = await cycleResultOf(requestId, round);
    const writes = failedSources.map(({ source }) => waiterRemoved({ source, requestId, round }));
    if (decided.option !== 'giveUp') {
      const extraRounds = (request.extraRounds ?? 0) + 1;
      return {
        result: { outcome: 'nextRound' as const },
        facts: { option: decided.option },
        changes: { round: round + 1, extraRounds },
        writes,
      };
    }
    const given = failedSources.map(({ source }) => `source ${source}`);
    if (failedBuild) given.push(`${failedBuild.kind} ${failedBuild.name}`);
    for (const { kind, name, column } of foundUndeclared)
      given.push(`column ${column} of ${kind} ${name}`);
    if (given.length === 0) given.push('proof');
    const gaveUpOn = [...new Set([...request.gaveUpOn, ...given])];
    return {
      result: { outcome: 'giveUp' as const },
      facts: { gaveUpOn },
      changes: { gaveUpOn },
      writes,
    };
  });
}

/** How much still holds the person, in inactive copies. */
export async function stateWhatIsLeft(requestId: RequestId, round: number) {
  const { residue } = await cycleResultOf(requestId, round);
  const rows = residue.reduce((sum, { rows }) => sum + rows, 0);
  const places = residue.reduce((sum, { copies }) => sum + copies, 0);
  return once(requestId, 'stateResidue', round, async () => ({
    result: { outcome: 'stated', places, rows },
    facts: { places, rows },
  }));
}

const cycleResultOf = async (requestId: RequestId, round: number): Promise<CycleResult> => {
  const result = await findResult<CycleResult>(requestId, 'cycleResult', round);
  if (!result) throw new Error('The cycle has given no result.');
  return result;
};

const reasonAsked = async (requestId: RequestId, round: number): Promise<AskReason> => {
  const verdict = await findResult<{ reason?: AskReason }>(requestId, 'lookAtProof', round);
  if (!verdict?.reason) throw new Error('There is nothing to ask.');
  return verdict.reason;
};
