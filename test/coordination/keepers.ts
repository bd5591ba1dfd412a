import type { Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { looksAfter } from './keeping.ts';
import { LINE_NAMES, type LineName } from './line-names.ts';
import { deliver, recordAnswer } from './pauses.ts';
import { movesLine } from './wanting.ts';
import { PAUSES, type RequestState, requestAt, type World } from './world.ts';

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
      choices: ({ world, me }) => [
        ...LINE_NAMES.filter((line) => movesLine(world, line, { askHolder: true }, me)).map(
          (line) => ENSURE[line],
        ),
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
