import { ulid } from 'ulid';
import { platformDefinition } from '../adapters/configuration.ts';
import { transact } from '../adapters/dynamo.ts';
import { getGathering, neededNoLonger } from '../adapters/gatherings.ts';
import { withLake } from '../adapters/lake/lake-context.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import type { StoredPackage } from '../adapters/package/write-package.ts';
import { registeredAdmin } from '../adapters/registered-admin.ts';
import { getRequest, type RequestRow } from '../adapters/requests.ts';
import { findResult, once, resultsOf } from '../adapters/results.ts';
import { withRecipients } from '../domain/disclosure.ts';
import type { ExportSubject } from '../domain/export/manifest.ts';
import { packageName } from '../domain/export/package-name.ts';
import type { RequestId } from '../domain/ids.ts';
import { exportKindOf } from './gathering.ts';
import type { GatheredResult } from './gathering-ends.ts';
import { type PackableTable, packTables } from './packing.ts';
import { customerTables } from './packing-customers.ts';
import { userTables } from './packing-users.ts';

/** What the row of the step's result says, for whoever hands the package out. */
export interface PackageMade extends StoredPackage {
  outcome: 'packaged';
  tables: number;
  rows: number;
}

interface Packaging {
  /** `outdated`: gathered from another snapshot than the one for which it is known who is meant. */
  outcome: 'packaged' | 'closing' | 'outdated';
  tables: number;
  rows: number;
}

/** Below which every package of a request lies. */
const packagesOf = (requestId: string): string => `packages/${requestId}/`;

/**
 * Makes the package of an export, one ZIP: once a round. Each try writes under a name of its own, so
 * that what was hashed and recorded is what lies there, however late another packer ends whose
 * execution was stopped: nobody is handed its package, and it is deleted with the others. What was
 * gathered from another snapshot than the one for which the person was resolved is packed for nobody:
 * an address may be somebody else's there. A new round resolves and gathers anew.
 */
export async function packageExport(requestId: RequestId, round: number): Promise<Packaging> {
  const request = await getRequest(requestId);
  if (request.closing) return { outcome: 'closing', tables: 0, rows: 0 };
  const gathered = await findResult<GatheredResult>(requestId, 'gathered', round);
  const { outcome, tables, rows } = await once<PackageMade | Packaging>(
    requestId,
    'packageExport',
    round,
    async () => {
      if (gathered && !(await isOfItsSnapshot(request, gathered)))
        return {
          result: { outcome: 'outdated' as const, tables: 0, rows: 0 },
          changes: { round: round + 1 },
          writes: [neededNoLonger(gathered.gatheringId, requestId)],
        };
      const result = await pack(request, round, gathered);
      return {
        result,
        facts: {
          tables: result.tables,
          rows: result.rows,
          bytes: result.bytes,
          sha256: result.sha256,
          encrypted: result.encryptedFor !== undefined,
        },
        changes: result.rows > 0 ? { held: true } : {},
        writes: gathered ? [neededNoLonger(gathered.gatheringId, requestId)] : [],
      };
    },
  );
  return { outcome, tables, rows };
}

const isOfItsSnapshot = async (
  { resolvedFor }: RequestRow,
  { gatheringId }: GatheredResult,
): Promise<boolean> => (await getGathering(gatheringId)).snapshotId === resolvedFor;

async function pack(
  request: RequestRow,
  round: number,
  gathered: GatheredResult | undefined,
): Promise<PackageMade> {
  const { requestId, subjectKind } = request;
  const subject = await subjectOf(request, gathered);
  const { packageKey: encryptFor } = await registeredAdmin();
  const name = packageName(`${round}-${ulid()}`, encryptFor);
  const key = `${packagesOf(requestId)}${name}`;
  const place = { bucket: lakeStorage().bucket, key, encryptFor };
  const write = async (tables: PackableTable[]): Promise<PackageMade> => ({
    outcome: 'packaged',
    ...(await packTables(place, subject, tables)),
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  });
  if (subjectKind === 'user') return write(await userTables(requestId, subject.kind));
  if (!gathered) throw new Error(`Nothing was gathered for ${requestId} in round ${round}.`);
  return withLake(async (lake) =>
    write(await customerTables(lake, gathered.gatheringId, requestId, subject.kind)),
  );
}

async function subjectOf(
  request: RequestRow,
  gathered: GatheredResult | undefined,
): Promise<ExportSubject> {
  const { platform, hash } = platformDefinition();
  const { requestId, receivedAt, subjectKind = 'customer' } = request;
  const gathering = gathered && (await getGathering(gathered.gatheringId));
  return {
    requestId,
    kind: exportKindOf(request),
    subjectKind,
    receivedAt,
    platform: platform.platform,
    platformHash: hash,
    timeZone: platform.timeZone,
    ...(gathering && {
      snapshot: { snapshotId: gathering.snapshotId, publishedAt: gathering.publishedAt },
    }),
    generatedAt: new Date().toISOString(),
    disclosure:
      subjectKind === 'user'
        ? platform.disclosure
        : withRecipients(platform.disclosure, platform.recipients),
  };
}

/**
 * Deletes every version of every package of a request, and lets go of what was gathered for it.
 * Absent is done.
 * @returns how many versions were deleted
 * @throws Error when any is left
 */
export async function deletePackages(requestId: RequestId): Promise<number> {
  for await (const { step, result } of resultsOf(requestId))
    if (step === 'gathered')
      await transact([
        neededNoLonger((result as unknown as GatheredResult).gatheringId, requestId),
      ]);
  const prefix = packagesOf(requestId);
  const lake = lakeStorage();
  let deleted = 0;
  for await (const versions of lake.versions(prefix)) {
    const { refused } = await lake.deleteVersions(versions);
    if (refused.length > 0)
      throw new Error(
        `${refused.length} versions below ${prefix} were not deleted: ${refused[0]}.`,
      );
    deleted += versions.length;
  }
  for await (const left of lake.versions(prefix))
    throw new Error(`${left.length} versions are left below ${prefix}.`);
  return deleted;
}
