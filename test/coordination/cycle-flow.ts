import { isAdmitted } from '../../lambdas/domain/cycle-plan.ts';
import type { Here, Step } from './action.ts';
import { aCycle, nextSource, release } from './cycle-rows.ts';
import { ensuring } from './ensuring.ts';
import { recording } from './recording.ts';
import { begins, letsGo, whenToLetGo } from './turns.ts';
import { has, maskOf, members, requestAt, violate, type World } from './world.ts';

/** The steps of refresh-cycle. From its door to its end, nobody else tells its actions apart. */
export const cycleFlow: Record<string, Step> = {
  closeDoor: {
    begin: {
      private: ({ turn }) => (turn.row ? 'whileAlive' : undefined),
      run: (here) => {
        if (here.turn.row) return nextSource(here.turn.row);
        return begins(here, 'cycles') ? 'closeDoor.readQueue' : dies(here);
      },
    },
    readQueue: {
      reads: true,
      private: 'whileAlive',
      run: ({ world, me }) => {
        me.pending = maskOf(world.requests, (request) => request.queued && isAdmitted(request));
        for (const request of world.requests) if (!isAdmitted(request)) request.queued = false;
        me.closing = world.refreshQueued;
        return 'closeDoor.freeze';
      },
    },
    freeze: {
      private: 'whileAlive',
      run: (here) => {
        const { world, me, turn } = here;
        const isEmpty = me.pending === 0 && !me.closing;
        if (isEmpty || !isFenced(here, 'doorChecksNoTurn')) return 'endCycle.unqueue';
        turn.row = aCycle(world, me.pending, me.closing);
        if (world.setup.mistake === 'unqueuesAtTheDoor')
          for (const index of members(me.pending)) requestAt(world, index).queued = false;
        return nextSource(turn.row);
      },
    },
  },

  refreshSource: {
    extract: {
      private: 'whileAlive',
      choices: ({ world }) => (world.may.failToRefresh > 0 ? [0, 1] : [0]),
      run: ({ world, turn }, failed) => {
        const { row } = turn;
        if (!row) return '';
        const [source = 0] = members(row.plan & ~row.refreshed & ~row.failed);
        for (const index of members(row.members)) {
          const { needs, verified } = requestAt(world, index);
          if (has(needs, source) && !verified)
            violate(world, 'a source was refreshed for a request that it had not let go');
        }
        if (failed) world.may.failToRefresh -= 1;
        const verified = maskOf(world.requests, (request) => request.verified);
        turn.row = {
          ...row,
          freshFor: row.freshFor.with(source, verified),
          failed: row.failed | (failed << source),
          refreshed: row.refreshed | ((1 - failed) << source),
        };
        return nextSource(turn.row);
      },
    },
  },

  publish: {
    record: {
      private: 'whileAlive',
      run: (here) => {
        const { row } = here.turn;
        if (!row) return '';
        if (!row.published && !isFenced(here)) return dies(here);
        here.turn.row = { ...row, published: true };
        return row.members ? 'prove.scan' : 'release.read';
      },
    },
  },

  prove: {
    scan: {
      private: 'whileAlive',
      choices: ({ world, turn: { row } }) =>
        world.may.reappear > 0 && !row?.proven
          ? [0, ...members(row?.members ?? 0).map((index) => index + 1)]
          : [0],
      run: ({ world, turn }, found) => {
        const { row } = turn;
        if (!row) return '';
        if (found > 0) world.may.reappear -= 1;
        turn.row = { ...row, proven: true, foundIn: row.foundIn | ((1 << found) >> 1) };
        return 'release.read';
      },
    },
  },

  release: {
    read: {
      reads: true,
      private: 'whileAlive',
      run: ({ world, me, turn: { row } }) => {
        const late = world.setup.mistake === 'releasesLateJoiners';
        me.pending = late ? maskOf(world.requests, ({ queued }) => queued) : (row?.members ?? 0);
        return me.pending === 0 ? 'endCycle.unqueue' : 'release.each';
      },
    },
    each: recording('cycle', 'release.each', 'endCycle.unqueue', release),
  },

  endCycle: {
    unqueue: {
      private: 'whileAlive',
      run: ({ world, turn }) => {
        const { row } = turn;
        if (row?.refresh && !row.ended) world.refreshQueued = false;
        if (row) turn.row = { ...row, ended: true };
        return endsWrongly(world) ? 'endCycle.readWanted' : 'endCycle.letGo';
      },
    },
    letGo: {
      private: (here) => (endsWrongly(here.world) ? undefined : whenToLetGo(here, 'cycles')),
      run: (here) => {
        letsGo(here, 'cycles');
        return endsWrongly(here.world) ? '' : 'endCycle.readWanted';
      },
    },
    ...ensuring('endCycle', 'cycles', {}, 'endCycle.ensured'),
    ensured: {
      reads: true,
      private: 'always',
      run: ({ world }) => (endsWrongly(world) ? 'endCycle.letGo' : ''),
    },
  },
};

const endsWrongly = ({ setup }: World) => setup.mistake === 'ensuresBeforeLettingGo';

/** The condition `holder = me` of a write. */
function isFenced({ world, turn }: Here, mistake?: string): boolean {
  if (world.lines.cycles.lock?.holder === turn.name) return true;
  if (mistake === undefined || world.setup.mistake !== mistake) return false;
  violate(world, `${turn.name} wrote, though it was not its turn`);
  return true;
}

/** A step that throws is retried, in vain, and then its execution has failed. */
function dies({ turn, isOrphan }: Here): string {
  if (!isOrphan) turn.execution = 'died';
  return '';
}
