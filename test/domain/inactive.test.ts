import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CycleId, PartitionId, SnapshotId } from '../../lambdas/domain/ids.ts';
import { deletedBy, inactiveData } from '../../lambdas/domain/inactive.ts';

const day = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString();

const aPartition = (source: string, cycle: number, attempt = 1) => ({
  source,
  partitionId: PartitionId.parse(`c-${cycle}.${attempt}`),
  cycleId: CycleId.parse(`c-${cycle}`),
});
const aSnapshot = (cycle: number, crm: number, supersededAt?: string) => ({
  snapshotId: SnapshotId.parse(`c-${cycle}`),
  partitions: { crm: PartitionId.parse(`c-${crm}.1`) },
  supersededAt,
});
const anEnd = (cycle: number, endedAt?: string) => ({ cycleId: `c-${cycle}`, endedAt });

describe('inactive data', () => {
  it('is a snapshot since the next one was published, and its partition with it', () => {
    expect(
      inactiveData(
        [aPartition('crm', 1), aPartition('crm', 2)],
        [aSnapshot(1, 1, day(5)), aSnapshot(2, 2)],
        [anEnd(1, day(1)), anEnd(2, day(5))],
      ),
    ).toEqual([
      { kind: 'snapshot', id: 'c-1', inactiveSince: day(5) },
      { kind: 'partition', source: 'crm', id: 'c-1.1', inactiveSince: day(5) },
    ]);
  });

  it('is not a partition that the active snapshot names, however old', () => {
    const inactive = inactiveData(
      [aPartition('crm', 1)],
      [aSnapshot(1, 1, day(5)), aSnapshot(2, 1)],
      [anEnd(1, day(1)), anEnd(2, day(5))],
    );
    expect(inactive.filter(({ kind }) => kind === 'partition')).toEqual([]);
  });

  it('is a partition since the last snapshot that named it was superseded', () => {
    expect(
      inactiveData(
        [aPartition('crm', 1)],
        [aSnapshot(2, 1, day(9)), aSnapshot(1, 1, day(5)), aSnapshot(3, 3)],
        [],
      ),
    ).toContainEqual({ kind: 'partition', source: 'crm', id: 'c-1.1', inactiveSince: day(9) });
  });

  it('is what a dead or held cycle never published, since it ended', () => {
    expect(inactiveData([aPartition('crm', 2)], [aSnapshot(1, 1)], [anEnd(2, day(3))])).toEqual([
      { kind: 'partition', source: 'crm', id: 'c-2.1', inactiveSince: day(3) },
    ]);
  });

  it('is not what a running cycle is building, nor what belongs to no known cycle', () => {
    expect(inactiveData([aPartition('crm', 2)], [aSnapshot(1, 1)], [anEnd(2)])).toEqual([]);
    expect(inactiveData([aPartition('crm', 2)], [aSnapshot(1, 1)], [])).toEqual([]);
  });

  it('tells partitions of one cycle apart by their source', () => {
    const [only, ...others] = inactiveData(
      [aPartition('crm', 1), aPartition('web', 1)],
      [aSnapshot(1, 1)],
      [anEnd(1, day(1))],
    );
    expect(only).toMatchObject({ kind: 'partition', source: 'web' });
    expect(others).toEqual([]);
  });
});

/** Cycles one after the other: each refreshes some sources, and publishes or dies. */
const aHistory = fc
  .array(
    fc.record({
      refreshed: fc.subarray(['crm', 'web', 'loyalty']),
      attempts: fc.integer({ min: 1, max: 3 }),
      ends: fc.constantFrom('publishes', 'publishes', 'dies', 'runs'),
    }),
    { minLength: 1, maxLength: 15 },
  )
  .map((cycles) => {
    const partitions: ReturnType<typeof aPartition>[] = [];
    const snapshots: {
      snapshotId: SnapshotId;
      partitions: Record<string, PartitionId>;
      supersededAt?: string;
    }[] = [];
    const ends = cycles.map(({ refreshed, attempts, ends: how }, i) => {
      const running = how === 'runs' && i === cycles.length - 1;
      const made = refreshed.flatMap((source) =>
        Array.from({ length: attempts }, (_, attempt) => aPartition(source, i, attempt + 1)),
      );
      partitions.push(...made);
      const active = snapshots.at(-1);
      if (how === 'publishes') {
        if (active) active.supersededAt = day(i);
        const latest = Object.fromEntries(made.map((one) => [one.source, one.partitionId]));
        snapshots.push({
          snapshotId: SnapshotId.parse(`c-${i}`),
          partitions: { ...active?.partitions, ...latest },
        });
      }
      return running ? anEnd(i) : anEnd(i, day(i));
    });
    return { partitions, snapshots, ends };
  });

describe('in any history of cycles', () => {
  it('the list never holds what the active snapshot names, nor that snapshot', () =>
    fc.assert(
      fc.property(aHistory, ({ partitions, snapshots, ends }) => {
        const active = snapshots.at(-1);
        for (const { kind, source, id } of inactiveData(partitions, snapshots, ends))
          if (kind === 'snapshot') expect(id).not.toBe(active?.snapshotId);
          else expect(active?.partitions[source ?? '']).not.toBe(id);
      }),
    ));

  it('the list never holds what the running cycle builds, and holds all else', () =>
    fc.assert(
      fc.property(aHistory, ({ partitions, snapshots, ends }) => {
        const running = ends.find(({ endedAt }) => endedAt === undefined)?.cycleId;
        const active = snapshots.at(-1);
        const expected = partitions.filter(
          ({ source, partitionId, cycleId }) =>
            cycleId !== running && active?.partitions[source] !== partitionId,
        );
        const listed = inactiveData(partitions, snapshots, ends);
        const ids = (ofKind: string) =>
          listed.flatMap(({ kind, source, id }) => (kind === ofKind ? [`${source}/${id}`] : []));
        expect(ids('partition').sort()).toEqual(
          expected.map(({ source, partitionId }) => `${source}/${partitionId}`).sort(),
        );
        expect(ids('snapshot')).toHaveLength(Math.max(0, snapshots.length - 1));
      }),
    ));

  it('nothing is inactive before the cycle that made it', () =>
    fc.assert(
      fc.property(aHistory, ({ partitions, snapshots, ends }) => {
        for (const { id, inactiveSince } of inactiveData(partitions, snapshots, ends))
          expect(inactiveSince >= day(Number(/^c-(\d+)/.exec(id)?.[1]))).toBe(true);
      }),
    ));
});

describe('the day by which inactive data is deleted', () => {
  const of30 = (since: string, zone: string) => deletedBy(since, 30, zone);

  it('is the day after thirty whole ones', () => {
    expect(of30('2026-01-01T12:00:00Z', 'UTC')).toBe('2026-02-01');
  });

  it('turns at midnight of the platform’s time zone', () => {
    expect(of30('2026-01-01T22:59:59.999Z', 'Europe/Berlin')).toBe('2026-02-01');
    expect(of30('2026-01-01T23:00:00.000Z', 'Europe/Berlin')).toBe('2026-02-02');
    expect(of30('2026-01-01T23:00:00.000Z', 'Pacific/Honolulu')).toBe('2026-02-01');
    expect(of30('2026-01-01T09:59:59.999Z', 'Pacific/Kiritimati')).toBe('2026-02-01');
    expect(of30('2026-01-01T10:00:00.000Z', 'Pacific/Kiritimati')).toBe('2026-02-02');
  });

  it('counts periods of 24 hours when the clocks change', () => {
    expect(of30('2026-03-01T22:30:00Z', 'Europe/Berlin')).toBe('2026-04-02');
  });

  it('is never before the data has been inactive for that long', () =>
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu'),
        (since, days, zone) => {
          const due = new Date(since.getTime() + days * 86_400_000);
          const dueDay = due.toLocaleDateString('sv-SE', { timeZone: zone });
          expect(deletedBy(since.toISOString(), days, zone) > dueDay).toBe(true);
        },
      ),
    ));
});
