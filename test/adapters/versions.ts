import { all } from '../../lambdas/adapters/dynamo.ts';
import { lakeStorage } from '../../lambdas/adapters/lake/lake-storage.ts';

/** How many versions, and markers of deletion, are left in the lake below a prefix. */
export const versionsBelow = async (prefix: string): Promise<number> =>
  (await all(lakeStorage().versions(prefix))).flat().length;
