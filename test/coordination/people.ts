import { unstuck } from '../../lambdas/domain/turn.ts';
import type { Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { looksAfter } from './keeping.ts';
import { LINE_NAMES } from './line-names.ts';
import { deliver, recordAnswer } from './pauses.ts';
import { changeLock } from './turns.ts';
import { type LineState, members, NOW, PAUSES, requestAt } from './world.ts';

const DECISIONS = ['tryAgain', 'giveUp'] as const;

/** What people and the schedule do: a refresh for nobody, a decision to close, an operator's resume. */
export const people: Record<string, Step> = {
  schedule: {
    queue: {
      run: ({ world }) => {
        world.refreshQueued = true;
        return 'schedule.readWanted';
      },
    },
    ...ensuring('schedule', 'cycles', {}, ''),
  },

  canceller: {
    decide: {
      choices: ({ world }) =>
        world.requests.flatMap(({ certified }, index) => (certified ? [] : [index])),
      run: ({ world, me }, index) => {
        requestAt(world, index).closing = { option: 'cancelled', by: '', reasonCode: '', at: NOW };
        me.pending = 1 << index;
        return 'canceller.readWaits';
      },
    },
    readWaits: {
      reads: true,
      run: ({ world, me }) => {
        const { pauses } = requestAt(world, members(me.pending)[0] ?? 0);
        me.left = PAUSES.reduce(
          (mask, name, at) => (pauses[name] && !pauses[name].answer ? mask | (1 << at) : mask),
          0,
        );
        return me.left ? 'canceller.answer' : 'keep.read';
      },
    },
    answer: {
      run: ({ world, me }) => {
        const name = PAUSES[members(me.left)[0] ?? 0] ?? 'fault';
        recordAnswer(requestAt(world, members(me.pending)[0] ?? 0), name, 'cancelled');
        return 'canceller.deliver';
      },
    },
    deliver: {
      private: 'always',
      run: ({ world, me }) => {
        const [pause = 0] = members(me.left);
        const [index = 0] = members(me.pending);
        deliver(world, requestAt(world, index), PAUSES[pause] ?? 'fault');
        me.left &= ~(1 << pause);
        return me.left ? 'canceller.answer' : looksAfter(me, index);
      },
    },
  },

  tenantAdmin: {
    decide: {
      choices: ({ world }) =>
        world.requests.flatMap(({ pauses: { decision } }, index) =>
          decision && !decision.answer
            ? DECISIONS.map((_, at) => index * DECISIONS.length + at)
            : [],
        ),
      run: ({ world, me }, choice) => {
        const index = Math.floor(choice / DECISIONS.length);
        recordAnswer(
          requestAt(world, index),
          'decision',
          DECISIONS[choice % DECISIONS.length] ?? '',
        );
        me.pending = 1 << index;
        return 'tenantAdmin.deliver';
      },
    },
    deliver: {
      private: 'always',
      run: ({ world, me }) => {
        const [index = 0] = members(me.pending);
        deliver(world, requestAt(world, index), 'decision');
        return looksAfter(me, index);
      },
    },
  },

  operator: {
    idle: {
      reads: true,
      choices: ({ world }) => [
        ...LINE_NAMES.flatMap((line, at) => (canResume(world.lines[line]) ? [at] : [])),
        ...world.requests.flatMap(({ pauses, execution }, index) =>
          pauses.fault && !pauses.fault.answer && execution !== 'running'
            ? [index + LINE_NAMES.length]
            : [],
        ),
      ],
      run: ({ me }, choice) => {
        if (choice < LINE_NAMES.length)
          return choice === 0 ? 'resumeCycles.answer' : 'resumePasses.answer';
        me.pending = 1 << (choice - LINE_NAMES.length);
        return 'resume.open';
      },
    },
  },
  resumeCycles: resuming('resumeCycles', 'cycles'),
  resumePasses: resuming('resumePasses', 'verification'),
  resume: {
    open: {
      run: ({ world, me }) => {
        const request = requestAt(world, members(me.pending)[0] ?? 0);
        request.status = 'open';
        request.restarts = 0;
        return 'resume.answer';
      },
    },
    answer: {
      run: ({ world, me }) => {
        const [index = 0] = members(me.pending);
        recordAnswer(requestAt(world, index), 'fault', 'resume');
        deliver(world, requestAt(world, index), 'fault');
        return looksAfter(me, index);
      },
    },
  },
};

/** People act when they are asked. */
const canResume = ({ lock, fault }: LineState) => Boolean(lock?.stuck && fault && !fault.answer);

function resuming(step: string, line: (typeof LINE_NAMES)[number]): Step {
  return {
    answer: {
      run: ({ world, me }) => {
        const { lock, fault } = world.lines[line];
        me.seen = lock;
        if (fault) world.lines[line].fault = { ...fault, answer: 'resume' };
        return `${step}.unstick`;
      },
    },
    unstick: {
      run: ({ world, me }) => {
        if (me.seen?.stuck && changeLock(world, line, me.seen, unstuck(me.seen)))
          world.lines[line].fault = undefined;
        return `${step}.readWanted`;
      },
    },
    ...ensuring(step, line, {}, ''),
  };
}
