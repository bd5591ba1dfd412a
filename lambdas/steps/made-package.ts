import { findResult } from '../adapters/results.ts';
import type { RequestId } from '../domain/ids.ts';
import { ROUND } from './asking-by-code.ts';
import type { PackageMade } from './packaging.ts';

/** The package that is offered, or was. */
export async function findPackage(requestId: RequestId): Promise<PackageMade | undefined> {
  const offered = await findResult<{ packedIn: number }>(requestId, 'offerPackage', ROUND);
  return findResult<PackageMade>(requestId, 'packageExport', offered?.packedIn ?? ROUND);
}
