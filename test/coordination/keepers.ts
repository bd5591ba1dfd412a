import { restartOf } from '../../lambdas/domain/restart.ts';
import { LINE_NAMES, type LineName } from '../../lambdas/domain/turn.ts';
import type { Here, Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { aPause, deliver, recordAnswer, setPause } from './pauses.ts';
import { flowStart } from './setup.ts';
import { aProcess, members, PAUSES, type RequestState, requestAt, type World } from './world.ts';

/** What the sweeper and the rule choose from: a line, or something of a request. */
const ENSURE: Record<LineName, number> = { cycles: 0, verification: 1 };
const KEEP = 8;
const REDELIVER = 16;
const END_WAITS = 32;

/** The sweeper does each of its tasks again and again; the rule is told of a death, perhaps. */
export const keepers: Record<string, Step> = {
  sweeper: {
    idle: {
      reads: true,
      choices: ({ world }) => [
        ENSURE.cycles,
        ENSURE.verification,
        ...world.requests.flatMap((request, index) => [
          ...(lies(request) ? [KEEP + index] : []),
          ...PAUSES.flatMap((name, pause) =>
            request.pauses[name]?.due ? [REDELIVER + index * PAUSES.length + pause] : [],
          ),
          ...(hasWaitsToEnd(world, request) ? [END_WAITS + index] : []),
        ]),
      ],
      run: ({ world, me }, choice) => {
        if (choice < KEEP)
          return choice === ENSURE.cycles ? 'sweepCycles.readWanted' : 'sweepPasses.readWanted';
        if (choice < REDELIVER) return looksAfter(me, choice - KEEP);
        if (choice >= END_WAITS) return endsWaits(world, choice - END_WAITS);
        const index = Math.floor((choice - REDELIVER) / PAUSES.length);
        const name = PAUSES[(choice - REDELIVER) % PAUSES.length] ?? 'fault';
        const request = requestAt(world, index);
        deliver(world, request, name);
        return '';
      },
    },
  },
  sweepCycles: sweeping('sweepCycles', 'cycles'),
  sweepPasses: sweeping('sweepPasses', 'verification'),

  rule: {
    idle: {
      reads: true,
      choices: ({ world }) => [
        ...LINE_NAMES.filter((line) => deadHolder(world, line)).map((line) => ENSURE[line]),
        ...world.requests.flatMap((request, index) =>
          request.execution === 'died' && lies(request) ? [KEEP + index] : [],
        ),
      ],
      run: ({ world, me }, choice) => {
        if (choice >= KEEP) return looksAfter(me, choice - KEEP);
        const line = choice === ENSURE.cycles ? 'cycles' : 'verification';
        me.ended = deadHolder(world, line);
        return line === 'cycles' ? 'ruleCycles.readWanted' : 'rulePasses.readWanted';
      },
    },
  },
  ruleCycles: sweeping('ruleCycles', 'cycles', false),
  rulePasses: sweeping('rulePasses', 'verification', false),

  keep: {
    read: {
      reads: true,
      private: 'always',
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        const fault = request.pauses.fault && {
          answer: request.pauses.fault.answer ? { option: 'resume', by: '', at: '' } : undefined,
        };
        me.attempt = request.attempt;
        switch (restartOf(request, request.execution, fault)) {
          case 'start':
            return 'keep.start';
          case 'nextAttempt':
            return 'keep.record';
          case 'askOperator':
            return 'keep.ask';
          default:
            return '';
        }
      },
    },
    record: {
      private: 'always',
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        if (request.attempt !== me.attempt || request.status === 'closed') return '';
        request.attempt += 1;
        request.restarts += 1;
        request.execution = 'missing';
        setPause(request, 'fault', undefined);
        me.attempt = request.attempt;
        return 'keep.start';
      },
    },
    start: {
      private: 'always',
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        if (request.attempt !== me.attempt || request.execution !== 'missing') return '';
        request.execution = 'running';
        request.flow = aProcess(flowStart(world.setup));
        return '';
      },
    },
    ask: {
      run: ({ world, me }) => {
        const request = aboutWhom(world, me);
        const isLast = request.attempt === me.attempt && request.status !== 'closed';
        if (!isLast) return '';
        if (!request.pauses.fault) setPause(request, 'fault', aPause(true));
        request.status = 'waiting';
        return '';
      },
    },
  },
};

/** An open request without an execution. */
const lies = ({ status, execution }: RequestState) =>
  status !== 'closed' && execution !== 'running';

/** Who decided to close it may have died before anybody who waits was told. */
const hasWaitsToEnd = ({ setup }: World, { closing, status, pauses }: RequestState): boolean =>
  setup.mistake !== 'cancelsOnlyOnce' &&
  closing !== undefined &&
  status !== 'closed' &&
  PAUSES.some((name) => pauses[name] && !pauses[name].answer);

function endsWaits(world: World, index: number): string {
  const request = requestAt(world, index);
  for (const name of PAUSES)
    if (recordAnswer(request, name, 'cancelled')) deliver(world, request, name);
  return '';
}

export function looksAfter(me: Here['me'], index: number): string {
  me.pending = 1 << index;
  return 'keep.read';
}

const aboutWhom = (world: World, { pending }: Here['me']) =>
  requestAt(world, members(pending)[0] ?? 0);

function deadHolder({ lines }: World, line: LineName): string | undefined {
  const { lock, turns } = lines[line];
  return turns.find(({ name, execution }) => name === lock?.holder && execution === 'died')?.name;
}

/** What is wanted is read at once when the task begins. */
function sweeping(step: string, line: LineName, askHolder = true): Step {
  const actions = ensuring(step, line, { askHolder }, '');
  if (actions.readWanted) actions.readWanted.private = 'always';
  return actions;
}
