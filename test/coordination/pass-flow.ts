import { afterAnswer, allGone, isDue } from '../../lambdas/domain/verification.ts';
import type { Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { recording } from './recording.ts';
import { begins, holds, letsGo, whenToLetGo } from './turns.ts';
import { LATER, maskOf, members, NOW, requestAt, violate, type World } from './world.ts';

const now = new Date(NOW);
const interval = (Date.parse(LATER) - Date.parse(NOW)) / 1000;
const verification = { firstSeconds: interval, lastSeconds: interval, patienceSeconds: interval };

/** The steps of verify-sources. */
export const passFlow: Record<string, Step> = {
  beginPass: {
    begin: {
      private: (here) => (holds(here, 'verification') ? undefined : 'always'),
      choices: ({ turn }) => (turn.startsAt <= NOW ? [0] : []),
      run: (here) => (begins(here, 'verification') ? 'beginPass.readRows' : ''),
    },
    // Who joins between the two might as well have joined before; who looks at the lock, after.
    readRows: {
      reads: true,
      private: 'whileAlive',
      run: ({ world, me }) => {
        me.left = maskOf(sourcesOf(world), (source) => subjectsDue(world, source) !== 0);
        return nextSource(me.left);
      },
    },
  },

  askSource: {
    readRows: {
      reads: true,
      choices: ({ me }) => members(me.left),
      run: (here, source) => {
        const { world, me, turn } = here;
        if (world.lines.verification.lock?.holder !== turn.name && !here.isOrphan)
          violate(world, 'two passes asked at once');
        me.pending = subjectsDue(world, source);
        me.left &= ~(1 << source);
        me.attempt = source;
        return me.pending === 0 ? nextSource(me.left) : 'askSource.record';
      },
    },
    // Nobody but this pass reads what a source has answered; when to ask next only moves on.
    record: {
      private: 'whileAlive',
      choices: ({ world }) =>
        world.setup.stillHolds === 'never' ? [1] : world.may.stillHold > 0 ? [0, 1] : [0],
      run: ({ world, me }, stillHeld) => {
        const [index = 0] = members(me.pending);
        const request = requestAt(world, index);
        const { verifying } = request;
        const before = verifying?.[me.attempt];
        if (stillHeld && world.may.stillHold > 0) world.may.stillHold -= 1;
        const given = stillHeld
          ? { answer: 'stillHeld' as const, rows: 1 }
          : { answer: 'gone' as const };
        const after = before && { ...afterAnswer(before, given, verification, now), asks: 1 };
        if (verifying && after) request.verifying = verifying.with(me.attempt, after);
        me.pending &= ~(1 << index);
        return me.pending === 0 ? nextSource(me.left) : 'askSource.record';
      },
    },
  },

  answerRequests: {
    readRows: {
      reads: true,
      private: 'unlessCancelled',
      run: ({ world, me }) => {
        me.pending = maskOf(world.requests, ({ verifying, needs }) =>
          Boolean(verifying && allGone(needed(verifying, needs))),
        );
        return me.pending === 0 ? 'endPass.letGo' : 'answerRequests.each';
      },
    },
    each: recording('sources', 'answerRequests.each', 'endPass.letGo', (_, request) => {
      request.verified = true;
      request.status = 'open';
      return 'gone';
    }),
  },

  endPass: {
    letGo: {
      private: (here) => whenToLetGo(here, 'verification'),
      run: (here) => {
        letsGo(here, 'verification');
        return 'endPass.readWanted';
      },
    },
    ...ensuring('endPass', 'verification', {}, ''),
  },
};

const sourcesOf = ({ setup }: World): number[] =>
  Array.from({ length: setup.sources }, (_, source) => source);

/** Not asked yet, or asked long enough ago. */
const subjectsDue = ({ requests }: World, source: number): number =>
  maskOf(requests, ({ verifying, needs }) => {
    const state = verifying?.[source];
    return Boolean(state && needs & (1 << source) && isDue(state, verification, now));
  });

const needed = <T>(states: readonly T[], needs: number): Record<string, T> =>
  Object.fromEntries(
    states.flatMap((state, source) => (needs & (1 << source) ? [[source, state]] : [])),
  );

const nextSource = (left: number) =>
  left === 0 ? 'answerRequests.readRows' : 'askSource.readRows';
