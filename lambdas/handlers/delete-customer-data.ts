import { z } from 'zod';
import { platformDefinition } from '../adapters/configuration.ts';
import { queued } from '../adapters/cycles.ts';
import { getRequest, getSubject } from '../adapters/requests.ts';
import { findResult, once, unlessInterrupted } from '../adapters/results.ts';
import { waiterAdded, waiterRemoved } from '../adapters/source-waiters.ts';
import { newVerifying } from '../adapters/verifying.ts';
import { findWait, newWait, waitKey } from '../adapters/waits.ts';
import { type AskReason, type CycleResult, decisionOn, verdictOn } from '../domain/cycle-result.ts';
import { interruptionOf } from '../domain/hold.ts';
import { RequestId } from '../domain/ids.ts';
import { isUnconfirmed } from '../domain/request.ts';
import { undeclaredWords } from '../domain/undeclared.ts';
import { sourcesDeclaring, sourcesToAsk } from '../domain/verification.ts';
import { release } from '../steps/answering.ts';
import { askPerson } from '../steps/asking.ts';
import { askWhoIsMeant as askWhich } from '../steps/asking-who-is-meant.ts';
import { certifyRequest } from '../steps/certifying.ts';
import { closeForGood } from '../steps/closing.ts';
import { lookAtConfirmation as lookAtAnswer } from '../steps/confirmed.ts';
import { askForConfirmation as askToConfirm } from '../steps/confirming.ts';
import { answerIfClosing } from '../steps/ending-waits.ts';
import { showHold, untilReleased } from '../steps/holding.ts';
import { ensureCycle, ensureVerification } from '../steps/lines.ts';
import { tellHowItEnded } from '../steps/notifying.ts';
import { hasGrown, resolveAndKeep } from '../steps/resolving.ts';
import { tellAsked } from '../steps/telling.ts';
import { step } from './step.ts';

const OfRequest = z.object({ requestId: RequestId });
const InRound = OfRequest.extend({ round: z.number().int().positive() });

export const resolveIdentities = step('resolveIdentities', OfRequest, async ({ requestId }) => {
  const request = await getRequest(requestId);
  const { round } = request;
  if (request.closing) return { outcome: 'closing' as const, round };
  if (request.legalHold) return { outcome: 'held' as const, round };
  if (isUnconfirmed(request)) return { outcome: 'unconfirmed' as const, round };
  return { ...(await resolveAndKeep(request)), round };
});

export const askForConfirmation = step('askForConfirmation', InRound, ({ requestId }) =>
  askToConfirm(requestId),
);

export const lookAtConfirmation = step('lookAtConfirmation', InRound, ({ requestId }) =>
  lookAtAnswer(requestId),
);

export const askWhoIsMeant = step('askWhoIsMeant', InRound, ({ requestId }) => askWhich(requestId));

export const askSources = step('askSources', InRound, async ({ requestId, round }) => {
  const request = await getRequest(requestId);
  // Put on hold since its identities were resolved: it waits for that instead, and nobody is asked.
  if (interruptionOf(request, round)) return { ...untilReleased(request), sources: 0 };
  const { platform } = platformDefinition();
  const asked = await once(requestId, 'askSources', round, async () => {
    const now = new Date();
    const { subject } = await getSubject(requestId);
    const sources = sourcesToAsk(platform, subject.unique, { without: request.without, now });
    const since = now.toISOString();
    const state = { asks: 0, nextAskAt: since };
    return {
      result: {
        outcome: 'asked',
        wait: waitKey(requestId, 'sourcesLetGo', round).sk,
        sources: sources.length,
      },
      facts: { sources },
      ...unlessInterrupted(round),
      writes: [
        newWait(
          {
            owner: requestId,
            name: 'sourcesLetGo',
            round,
            kind: 'sourcesLetGo',
            on: 'verifier',
            reasonCode: 'verifying',
            options: [],
          },
          now,
        ),
        newVerifying({
          requestId,
          round,
          since,
          sources: Object.fromEntries(sources.map((source) => [source, state])),
        }),
      ],
    };
  });
  if (asked.sources === 0) await release({ requestId, round, sources: {} }, 'askSources');
  await answerIfClosing(requestId, 'sourcesLetGo', round);
  await ensureVerification({ wantedAt: new Date().toISOString() });
  return asked;
});

export const joinRefreshCycle = step('joinRefreshCycle', InRound, async ({ requestId, round }) => {
  const request = await getRequest(requestId);
  if (request.closing) return { outcome: 'closing' as const, wait: '' };
  const interruption = interruptionOf(request, round);
  if (interruption) return { ...interruption, wait: '' };
  const { platform } = platformDefinition();
  const joined = await once(requestId, 'joinRefreshCycle', round, async () => {
    const { subject } = await getSubject(requestId);
    const sources = sourcesDeclaring(platform, subject.unique, request.without);
    return {
      result: { outcome: 'joined' as const, wait: waitKey(requestId, 'refreshCycle', round).sk },
      facts: { sources },
      ...unlessInterrupted(round),
      writes: [
        queued(`${requestId}#${round}`, sources),
        newWait(
          {
            owner: requestId,
            name: 'refreshCycle',
            round,
            kind: 'refreshCycle',
            on: 'cycle',
            reasonCode: 'joined',
            options: [],
          },
          new Date(),
        ),
      ],
    };
  });
  await answerIfClosing(requestId, 'refreshCycle', round);
  await ensureCycle();
  return joined;
});

export const lookAtProof = step('lookAtProof', InRound, async ({ requestId, round }) => {
  const request = await getRequest(requestId);
  if (request.closing) return { outcome: 'closing' as const };
  const interruption = interruptionOf(request, round);
  if (interruption) return interruption;
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
});

export const askWhatToDo = step('askWhatToDo', InRound, async ({ requestId, round }) => {
  const request = await getRequest(requestId);
  if (interruptionOf(request, round)) return untilReleased(request);
  const asked = await once(requestId, 'askWhatToDo', round, async () => {
    const reason = await reasonAsked(requestId, round);
    const result = await cycleResultOf(requestId, round);
    const question = askPerson(
      {
        requestId,
        name: 'whatToDo',
        round,
        kind: 'refreshDecision',
        reasonCode: reason,
        ...decisionOn(reason),
        ...(reason === 'foundUndeclared' && { details: undeclaredWords(result.foundUndeclared) }),
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
});

export const applyDecision = step('applyDecision', InRound, async ({ requestId, round }) => {
  const request = await getRequest(requestId);
  if (request.closing) return { outcome: 'closing' as const };
  const interruption = interruptionOf(request, round);
  if (interruption) return interruption;
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
});

export const stateResidue = step('stateResidue', InRound, async ({ requestId, round }) => {
  const { residue } = await cycleResultOf(requestId, round);
  const rows = residue.reduce((sum, { rows }) => sum + rows, 0);
  const places = residue.reduce((sum, { copies }) => sum + copies, 0);
  return once(requestId, 'stateResidue', round, async () => ({
    result: { outcome: 'stated', places, rows },
    facts: { places, rows },
  }));
});

export const certify = step('certify', InRound, async ({ requestId, round }) => {
  const interruption = interruptionOf(await getRequest(requestId), round);
  return interruption ?? once(requestId, 'certify', round, () => certifyRequest(requestId, round));
});

export const lookAtHold = step('lookAtHold', InRound, async ({ requestId }) =>
  showHold(await getRequest(requestId)),
);

export const notify = step('notify', InRound, ({ requestId, round }) =>
  tellHowItEnded(requestId, round),
);

export const closeRequest = step('closeRequest', InRound, ({ requestId, round }) =>
  closeForGood(requestId, round),
);

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
