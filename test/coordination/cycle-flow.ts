import { isAdmitted, sourcesToRefresh } from '../../lambdas/domain/cycle-plan.ts';
import { outcomeFor } from '../../lambdas/domain/cycle-result.ts';
import type { Platform } from '../../lambdas/domain/platform.ts';
import type { Here, Step } from './action.ts';
import { ensuring } from './ensuring.ts';
import { begins, letsGo, whenToLetGo } from './pass-flow.ts';
import { recording } from './recording.ts';
import {
  type CycleRow,
  has,
  maskOf,
  members,
  type RequestState,
  requestAt,
  violate,
  type World,
} from './world.ts';

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
      run: ({ me, turn: { row } }) => {
        me.pending = row?.members ?? 0;
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

const aCycle = (world: World, of: number, refresh: boolean): CycleRow => ({
  members: of,
  refresh,
  plan: planFor(world, of, refresh),
  refreshed: 0,
  failed: 0,
  freshFor: Array.from({ length: world.setup.sources }, () => 0),
  published: false,
  proven: false,
  foundIn: 0,
  ended: false,
});

function planFor(world: World, of: number, refresh: boolean): number {
  const names = Array.from({ length: world.setup.sources }, (_, source) => `${source}`);
  const platform = { sources: Object.fromEntries(names.map((name) => [name, {}])) };
  const wanted = members(of).map((index) =>
    names.filter((name) => has(requestAt(world, index).needs, Number(name))),
  );
  const sources = sourcesToRefresh(
    platform as unknown as Platform,
    [...wanted, ...(refresh ? ['all' as const] : [])],
    new Set(names),
  );
  return maskOf(names, (name) => sources.includes(name));
}

function nextSource({ plan, refreshed, failed }: CycleRow): string {
  if (plan & ~refreshed & ~failed) return 'refreshSource.extract';
  return refreshed || plan === 0 ? 'publish.record' : 'release.read';
}

function release({ world, turn: { row } }: Here, request: RequestState, index: number): string {
  if (!row) return '';
  const outcome = outcomeFor({
    failedSources: members(request.needs & row.failed).length,
    buildFailed: false,
    published: row.published,
    tables: 1,
    scannedTables: row.proven ? 1 : 0,
    foundIn: has(row.foundIn, index) ? 1 : 0,
  });
  request.cycleResult = outcome;
  request.releases += 1;
  if (request.releases > 1) violate(world, 'a request was released twice in one round');
  const isFresh = members(request.needs).every(
    (source) => has(row.refreshed, source) && has(row.freshFor[source] ?? 0, index),
  );
  if (outcome === 'proven' && !(isFresh && row.published))
    violate(world, 'a request was released without its refresh');
  return outcome;
}
