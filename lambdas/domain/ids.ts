import * as z from 'zod';

/** Names in platform.yaml: what may stand in an S3 prefix, a SQL identifier and a state name alike. */
export const Name = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]{0,39}$/,
    'must start with a lower-case letter and hold only a-z, 0-9 and _ (at most 40 characters)',
  );

export const RequestId = z.ulid().brand<'RequestId'>();
export type RequestId = z.infer<typeof RequestId>;

/** `c-<n>`: the cycle and its execution have one name, so that a lock's holder can be looked up. */
export const CycleId = z
  .string()
  .regex(/^c-\d+$/)
  .brand<'CycleId'>();
export type CycleId = z.infer<typeof CycleId>;

/** `v-<n>`: one execution of verify-sources. */
export const PassId = z
  .string()
  .regex(/^v-\d+$/)
  .brand<'PassId'>();
export type PassId = z.infer<typeof PassId>;

/** `g-<n>`: one execution of gather-exports. */
export const GatheringId = z
  .string()
  .regex(/^g-\d+$/)
  .brand<'GatheringId'>();
export type GatheringId = z.infer<typeof GatheringId>;

/** `<cycleId>.<attempt>`: only its catalog row makes a partition real. */
export const PartitionId = z
  .string()
  .regex(/^c-\d+\.\d+$/)
  .brand<'PartitionId'>();
export type PartitionId = z.infer<typeof PartitionId>;

/** A snapshot carries the id of the cycle that built it. */
export const SnapshotId = z
  .string()
  .regex(/^c-\d+$/)
  .brand<'SnapshotId'>();
export type SnapshotId = z.infer<typeof SnapshotId>;

/** `run-2026-11-25T04` by the schedule, `run-<ULID>` by hand: one execution of clean-up-inactive-data. */
export const RunId = z
  .string()
  .regex(/^run-[0-9A-Z-]{10,40}$/)
  .brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;
