import { describe, expect, it } from '@jest/globals';
import {
  type CleanUpRule,
  dueForCleanUp,
  forgettable,
  isFolder,
  type LakeView,
  pointerTrouble,
} from '../../lambdas/domain/clean-up.ts';
import { CycleId, PartitionId, SnapshotId } from '../../lambdas/domain/ids.ts';

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 0, 1, 12);
const at = (ms: number) => new Date(T0 + ms).toISOString();

const aPartition = (source: string, cycle: number, attempt = 1) => ({
  source,
  partitionId: PartitionId.parse(`c-${cycle}.${attempt}`),
  cycleId: CycleId.parse(`c-${cycle}`),
  prefix: `partitions/${source}/c-${cycle}.${attempt}/`,
  bytes: 10,
});
const aSnapshot = (cycle: number, crm: number, supersededAt?: string, emptiedAt?: string) => ({
  snapshotId: SnapshotId.parse(`c-${cycle}`),
  partitions: { crm: PartitionId.parse(`c-${crm}.1`) },
  supersededAt,
  emptiedAt,
});

/** c-2 is active, and replaced c-1, its snapshot and its partition, at T0. */
const replaced = (): LakeView => {
  const active = aSnapshot(2, 2);
  return {
    active,
    partitions: [aPartition('crm', 1), aPartition('crm', 2)],
    snapshots: [aSnapshot(1, 1, at(0)), active],
    cycles: [
      { cycleId: 'c-1', endedAt: at(-DAY), publishedAt: at(-DAY), built: 5 },
      { cycleId: 'c-2', endedAt: at(1000), publishedAt: at(0), built: 5 },
    ],
    strangers: [],
  };
};

const rule = (ms: number, changed: Partial<CleanUpRule> = {}): CleanUpRule => ({
  now: new Date(T0 + ms),
  inactiveDays: 30,
  held: [],
  atOnce: () => false,
  ...changed,
});
const namesOf = (view: LakeView, when: CleanUpRule) =>
  dueForCleanUp(view, when)
    .due.map(({ copy }) => copy)
    .sort();

describe('an object that is a folder to whoever looks at S3', () => {
  it.each(['partitions/', 'partitions/crm/', 'snapshots/'])(
    '%s holds what is active, and is never due',
    (prefix) => {
      const strangers = [{ prefix, newestAt: at(0), bytes: 0 }];
      const due = namesOf({ ...replaced(), strangers }, rule(1000 * DAY, { atOnce: () => true }));
      expect(due).toEqual(['snapshot c-1', 'source crm c-1.1']);
      expect(isFolder(prefix)).toBe(false);
    },
  );

  it('is due where nothing active lies below it, and goes alone', () => {
    const strangers = [{ prefix: 'partitions/old/', newestAt: at(0), bytes: 0 }];
    const due = namesOf({ ...replaced(), strangers }, rule(1000 * DAY));
    expect(due).toContainEqual(expect.stringMatching(/^unknown /));
    expect(isFolder('partitions/old/')).toBe(false);
    expect(isFolder('partitions/old/c-1.1/')).toBe(true);
    expect(isFolder('snapshots/c-1/')).toBe(true);
  });
});

describe('inactive for more than 30 days', () => {
  it.each([
    ['29 days', 29 * DAY, false],
    ['a millisecond less than 30 days', 30 * DAY - 1, false],
    ['exactly 30 days, which is not more', 30 * DAY, false],
    ['a millisecond more', 30 * DAY + 1, true],
    ['31 days', 31 * DAY, true],
  ])('%s', (_, ms, isDue) => {
    const due = isDue ? ['snapshot c-1', 'source crm c-1.1'] : [];
    expect(namesOf(replaced(), rule(ms))).toEqual(due);
    expect(dueForCleanUp(replaced(), rule(ms)).notYet).toBe(isDue ? 0 : 2);
  });

  it.each([
    [1, DAY, false],
    [1, DAY + 1, true],
    [365, 365 * DAY, false],
    [365, 365 * DAY + 1, true],
  ])('counts the %i days that the platform says', (inactiveDays, ms, isDue) => {
    expect(namesOf(replaced(), rule(ms, { inactiveDays }))).toHaveLength(isDue ? 2 : 0);
  });

  it('counts in hours and not in dates: a change of the clocks makes no day', () => {
    const view = replaced();
    const spring = {
      ...view,
      snapshots: [aSnapshot(1, 1, '2026-03-01T03:30:00Z'), aSnapshot(2, 2)],
    };
    const now = (iso: string) => namesOf(spring, rule(0, { now: new Date(iso) }));
    expect(now('2026-03-31T03:30:00.000Z')).toEqual([]);
    expect(now('2026-03-31T03:30:00.001Z')).toHaveLength(2);
  });
});

describe('what is active', () => {
  it('is never due, however old', () => {
    expect(namesOf(replaced(), rule(10_000 * DAY))).toEqual(['snapshot c-1', 'source crm c-1.1']);
  });

  it('is a partition of an old cycle that the active snapshot still names', () => {
    const view = replaced();
    const active = aSnapshot(2, 1);
    const snapshots = [aSnapshot(1, 1, at(0)), active];
    expect(namesOf({ ...view, active, snapshots }, rule(10_000 * DAY))).toEqual([
      'snapshot c-1',
      'source crm c-2.1',
    ]);
  });

  it('is not deleted, whatever the catalog says of its age, by its name or its prefix', () => {
    const view = replaced();
    const active = { snapshotId: SnapshotId.parse('c-1'), partitions: aSnapshot(1, 1).partitions };
    const strangers = ['partitions/crm/c-1.1/', 'snapshots/c-1/'].map((prefix) => ({
      prefix,
      newestAt: at(0),
      bytes: 1,
    }));
    expect(namesOf({ ...view, active, strangers }, rule(10_000 * DAY))).toEqual([]);
  });

  it('is nothing before the first publication, and then nothing is due', () => {
    const view = { ...replaced(), active: undefined, snapshots: [] };
    expect(dueForCleanUp(view, rule(10_000 * DAY))).toEqual({ due: [], kept: [], notYet: 0 });
  });
});

describe('what nobody published', () => {
  const withDead = (endedAt?: string): LakeView => {
    const view = replaced();
    return {
      ...view,
      partitions: [...view.partitions, aPartition('crm', 3)],
      cycles: [...view.cycles, { cycleId: 'c-3', endedAt, built: 7 }],
    };
  };
  const dead = ['snapshot c-3', 'source crm c-3.1'];
  const ofDead = (view: LakeView, when: CleanUpRule) =>
    namesOf(view, when).filter((copy) => copy.includes('c-3'));

  it.each([
    [30 * DAY, []],
    [30 * DAY + 1, dead],
  ])('is inactive since its cycle ended: after %i ms', (ms, due) => {
    expect(ofDead(withDead(at(0)), rule(ms))).toEqual(due);
  });

  it('is not due while its cycle runs, however long', () => {
    expect(ofDead(withDead(), rule(10_000 * DAY))).toEqual([]);
  });

  it('may still be written for an hour, also where all that was superseded goes at once', () => {
    const atOnce = { atOnce: () => true };
    const soon = dueForCleanUp(withDead(at(0)), rule(3_600_000, atOnce));
    expect(soon.due.map(({ copy }) => copy)).toEqual(['snapshot c-1', 'source crm c-1.1']);
    expect(soon.kept.map(({ copy, reason }) => `${copy}: ${reason}`).sort()).toEqual([
      'snapshot c-3: mayStillBeWritten',
      'source crm c-3.1: mayStillBeWritten',
    ]);
    expect(ofDead(withDead(at(0)), rule(3_600_001, atOnce))).toEqual(dead);
  });

  it('is not due twice: what is emptied is over', () => {
    const view = withDead(at(0));
    const cycles = view.cycles.map((cycle) => ({ ...cycle, emptiedAt: at(1) }));
    expect(ofDead({ ...view, cycles }, rule(40 * DAY))).toEqual(['source crm c-3.1']);
  });
});

describe('objects that no catalog row knows', () => {
  const strange = (prefix: string): LakeView => ({
    ...replaced(),
    cycles: [...replaced().cycles, { cycleId: 'c-3' }],
    strangers: [{ prefix, newestAt: at(0), bytes: 3 }],
  });
  const due = (prefix: string, ms: number) =>
    namesOf(strange(prefix), rule(ms)).filter((copy) => copy.startsWith('unknown'));

  it.each(['partitions/crm/c-1.2/', 'snapshots/c-1/'])(
    'are due after the same time, since their newest version: %s',
    (prefix) => {
      expect(due(prefix, 30 * DAY)).toEqual([]);
      expect(due(prefix, 30 * DAY + 1)).toEqual([`unknown ${prefix}`]);
    },
  );

  it.each([
    'partitions/anna/',
    'partitions/crm/anna/',
    'partitions/anna.csv',
    'snapshots/anna/',
    'snapshots/c-1.csv',
  ])('are due too where the name is not one of ours, and are not called by it: %s', (prefix) => {
    expect(due(prefix, 30 * DAY)).toEqual([]);
    expect(due(prefix, 30 * DAY + 1)).toEqual([expect.stringMatching(/^unknown [0-9a-f]{16}$/)]);
  });

  it.each(['partitions/crm/c-3.1/', 'snapshots/c-3/'])(
    'are left alone where a running cycle may write: %s',
    (prefix) => {
      expect(due(prefix, 10_000 * DAY)).toEqual([]);
    },
  );
});

describe('a legal hold', () => {
  const held = (copies: string[] | 'all') =>
    dueForCleanUp(replaced(), rule(31 * DAY, { held: [{ requestId: 'R', since: at(0), copies }] }));

  it('keeps what it names, and says for whom', () => {
    const { due, kept } = held(['source crm c-1.1']);
    expect(due.map(({ copy }) => copy)).toEqual(['snapshot c-1']);
    expect(kept).toMatchObject([{ copy: 'source crm c-1.1', reason: 'legalHold', requestId: 'R' }]);
  });

  it('keeps everything where it names all', () => {
    expect(held('all').due).toEqual([]);
    expect(held('all').kept).toHaveLength(2);
  });

  it('keeps what would go at once', () => {
    const now = rule(1, {
      atOnce: () => true,
      held: [{ requestId: 'R', since: at(0), copies: 'all' }],
    });
    expect(namesOf(replaced(), now)).toEqual([]);
  });
});

describe('a pointer that cannot be trusted', () => {
  it('is trusted as it should be', () => {
    expect(pointerTrouble(replaced())).toBeUndefined();
  });

  it.each<[string, Partial<LakeView>, string]>([
    ['is gone, and snapshots are there', { active: undefined }, 'pointerMissing'],
    [
      'is gone with every snapshot, and cycles have published',
      { active: undefined, snapshots: [] },
      'pointerMissing',
    ],
    ['names a snapshot that is not there', { active: aSnapshot(9, 2) }, 'activeSnapshotMissing'],
    ['names one that was superseded', { active: aSnapshot(1, 1) }, 'activeSnapshotSuperseded'],
    [
      'names a snapshot whose partition is not there',
      { partitions: [aPartition('crm', 1)] },
      'activePartitionMissing',
    ],
  ])('%s', (_, changed, reason) => {
    expect(pointerTrouble({ ...replaced(), ...changed })).toBe(reason);
  });

  it('is missing rightly before anything was published', () => {
    const cycles = [{ cycleId: 'c-1', endedAt: at(0) }];
    const view = { ...replaced(), active: undefined, snapshots: [], cycles };
    expect(pointerTrouble(view)).toBeUndefined();
  });
});

describe('a snapshot that is emptied', () => {
  it('is remembered while it is the last that named a partition which is still there', () => {
    const snapshots = [
      aSnapshot(1, 1, at(0), at(9)),
      aSnapshot(2, 1, at(1), at(9)),
      aSnapshot(3, 3),
    ];
    expect(forgettable(snapshots, [aPartition('crm', 1), aPartition('crm', 3)])).toEqual(['c-1']);
    expect(forgettable(snapshots, [aPartition('crm', 3)])).toEqual(['c-1', 'c-2']);
  });

  it('is forgotten where the active one names its partition', () => {
    const snapshots = [aSnapshot(1, 1, at(0), at(9)), aSnapshot(2, 1)];
    expect(forgettable(snapshots, [aPartition('crm', 1)])).toEqual(['c-1']);
  });

  it('is not forgotten before it is emptied', () => {
    expect(forgettable([aSnapshot(1, 1, at(0)), aSnapshot(2, 2)], [])).toEqual([]);
  });
});
