import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type Copy,
  type CycleTrace,
  copyOfPartition,
  copyOfSnapshot,
  dueForCleanUp,
  forgettable,
  type LakeView,
  pointerTrouble,
} from '../../lambdas/domain/clean-up.ts';
import { forgettableCycles } from '../../lambdas/domain/leftovers.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SOURCES = ['crm', 'orders', 'web'] as const;
const INACTIVE_DAYS = 30;

type Snapshot = LakeView['snapshots'][number];
type Partition = LakeView['partitions'][number];

/** A lake as it is written, and, apart from that, when each copy was really replaced. */
class History {
  now = Date.UTC(2026, 0, 1);
  n = 0;
  active: Snapshot | undefined;
  partitions: Partition[] = [];
  snapshots: Snapshot[] = [];
  cycles: CycleTrace[] = [];
  readonly replacedAt = new Map<string, number>();

  iso = () => new Date(this.now).toISOString();

  cycle(sources: readonly string[], end: 'publishes' | 'dies' | 'fails'): void {
    this.n += 1;
    const cycleId = `c-${this.n}`;
    const trace: CycleTrace = { cycleId };
    this.cycles.push(trace);
    const own: Record<string, string> = {};
    for (const source of sources) {
      // The first attempt was half written.
      for (const attempt of [1, 2]) this.partition(source, cycleId, attempt);
      own[source] = `${cycleId}.2`;
    }
    if (end !== 'fails') trace.built = 1;
    this.now += HOUR;
    if (end === 'publishes') this.publish(trace, own);
    this.now += HOUR;
    trace.endedAt = this.iso();
    for (const { source, partitionId, cycleId: built } of this.partitions)
      if (built === cycleId && this.active?.partitions[source] !== partitionId)
        this.replacedAt.set(copyOfPartition(source, partitionId), this.now);
    if (end === 'dies') this.replacedAt.set(copyOfSnapshot(cycleId), this.now);
  }

  private partition(source: string, cycleId: string, attempt: number): void {
    const partitionId = `${cycleId}.${attempt}`;
    const prefix = `partitions/${source}/${partitionId}/`;
    this.partitions.push({ source, partitionId, cycleId, prefix, bytes: 1 } as Partition);
  }

  private publish(trace: CycleTrace, own: Record<string, string>): void {
    const before = this.active;
    const partitions = { ...before?.partitions, ...own };
    const snapshot = { snapshotId: trace.cycleId, partitions } as Snapshot;
    trace.publishedAt = this.iso();
    if (before) {
      before.supersededAt = this.iso();
      this.replacedAt.set(copyOfSnapshot(before.snapshotId), this.now);
      for (const [source, id] of Object.entries(before.partitions))
        if (partitions[source] !== id) this.replacedAt.set(copyOfPartition(source, id), this.now);
    }
    this.snapshots.push(snapshot);
    this.active = snapshot;
  }

  view = (): LakeView => ({ ...this, strangers: [] });

  list = () =>
    dueForCleanUp(this.view(), {
      now: new Date(this.now),
      inactiveDays: INACTIVE_DAYS,
      held: [],
      atOnce: () => false,
    });

  /** @param most copies that are deleted before the run dies; rows are only swept by one that does not */
  cleanUp(most: number): Copy[] {
    expect(pointerTrouble(this.view())).toBeUndefined();
    const { due } = this.list();
    const gone = due.slice(0, most);
    for (const { copy } of gone) this.forget(copy);
    if (most >= due.length) this.sweep();
    return due;
  }

  private forget(copy: string): void {
    const [kind, name = '', id = ''] = copy.split(' ');
    if (kind === 'source')
      this.partitions = this.partitions.filter(
        ({ source, partitionId }) => source !== name || partitionId !== id,
      );
    for (const trace of this.cycles)
      if (kind === 'snapshot' && trace.cycleId === name) trace.emptiedAt = this.iso();
    for (const snapshot of this.snapshots)
      if (kind === 'snapshot' && snapshot.snapshotId === name) snapshot.emptiedAt = this.iso();
    this.replacedAt.delete(copy);
  }

  private sweep(): void {
    const gone = new Set(forgettable(this.snapshots, this.partitions));
    this.snapshots = this.snapshots.filter(({ snapshotId }) => !gone.has(snapshotId));
    const over = new Set(forgettableCycles(this.view(), new Date(this.now), INACTIVE_DAYS));
    this.cycles = this.cycles.filter(({ cycleId }) => !over.has(cycleId));
  }

  isWhole(): boolean {
    const { active, partitions } = this;
    if (!active) return true;
    return (
      !active.emptiedAt &&
      this.snapshots.includes(active) &&
      Object.entries(active.partitions).every(([name, id]) =>
        partitions.some(({ source, partitionId }) => source === name && partitionId === id),
      )
    );
  }

  /** What the rule says, by what was written down when it happened. */
  oldEnough = (): string[] =>
    [...this.replacedAt]
      .filter(([, at]) => this.active && this.now - at > INACTIVE_DAYS * DAY)
      .map(([copy]) => copy)
      .sort();
}

const happening = fc.oneof(
  { weight: 5, arbitrary: cycleOf('publishes') },
  { weight: 1, arbitrary: cycleOf('dies') },
  { weight: 1, arbitrary: cycleOf('fails') },
  { weight: 3, arbitrary: fc.record({ days: fc.constantFrom(1, 3, 10, 29, 30, 31) }) },
  { weight: 3, arbitrary: fc.record({ cleanUp: fc.constantFrom(0, 1, 2, 3, 1000) }) },
);

function cycleOf(end: 'publishes' | 'dies' | 'fails') {
  return fc.record({ end: fc.constant(end), sources: fc.subarray([...SOURCES]) });
}

it('deletes exactly what the rule says, whatever happened, and nothing that is active', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const history = new History();
      for (const one of happenings) {
        if ('end' in one) history.cycle(one.sources, one.end);
        else if ('days' in one) history.now += one.days * DAY;
        else {
          const old = history.oldEnough();
          const due = history.cleanUp(one.cleanUp).map(({ copy }) => copy);
          expect(due.sort()).toEqual(old);
        }
        expect(history.isWhole()).toBe(true);
      }
      history.cycle(SOURCES, 'publishes');
      history.now += 31 * DAY;
      // Of the first, nothing is due in the second.
      history.cleanUp(1000);
      history.now += DAY;
      expect(history.cleanUp(1000)).toEqual([]);
      expect(history.snapshots).toEqual([history.active]);
      expect(history.partitions.map(({ partitionId }) => partitionId).sort()).toEqual(
        Object.values(history.active?.partitions ?? {}).sort(),
      );
      expect(history.cycles.map(({ cycleId }) => cycleId)).toEqual([history.active?.snapshotId]);
    }),
    { numRuns: 1000 },
  );
});
