import { type CycleResult, verdictOn } from '../../lambdas/domain/cycle-result.ts';
import { type Outcome, outcomeOf } from '../../lambdas/domain/request.ts';
import type { Here } from './action.ts';
import { flowStart } from './setup.ts';
import { noResults, type RequestState, violate, type World } from './world.ts';

export const verdictFor = ({ setup }: World, { cycleResult = 'notScanned', round }: RequestState) =>
  verdictOn({ outcome: cycleResult, failedSources: [] as unknown } as CycleResult, {
    round,
    rounds: setup.rounds ?? 2,
    grew: false,
  }).verdict;

export function certifiedAs(world: World, request: RequestState): Outcome {
  const { closing, decided, verdict } = request;
  const outcome = outcomeOf({
    closing,
    gaveUpOn: decided === 'giveUp' ? ['proof'] : [],
    held: true,
  });
  if (outcome === 'erased' && verdict !== 'absent')
    violate(world, 'a request was certified as erased without a proof');
  return outcome;
}

export function nextRound({ world, request, index }: Here): string {
  Object.assign(request, noResults, { round: request.round + 1 });
  forget(world, index);
  return flowStart(world.setup);
}

/** What turns still hold of an earlier round is answered already. */
function forget({ lines }: World, index: number): void {
  const others = ~(1 << index);
  for (const turn of [...lines.cycles.turns, ...lines.verification.turns]) {
    const { row, flow, orphan } = turn;
    if (row) {
      const freshFor = row.freshFor.map((mask) => mask & others);
      turn.row = { ...row, members: row.members & others, freshFor };
    }
    for (const process of [flow, orphan]) if (process) process.pending &= others;
  }
}
