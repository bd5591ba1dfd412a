import * as z from 'zod';
import { RunId } from '../domain/ids.ts';
import { completeCertificates as complete } from '../steps/cleaning/completing.ts';
import { deleteCopy as deleteOne } from '../steps/cleaning/deleting-copies.ts';
import { sweepLeftovers as sweep } from '../steps/cleaning/leftovers.ts';
import { listForRun } from '../steps/cleaning/listing.ts';
import { sumUp } from '../steps/cleaning/reporting-run.ts';
import { step } from './step.ts';

const OfRun = z.object({ runId: RunId });
const OfCopy = OfRun.extend({
  copy: z.string().min(1),
  /** Of a foreign name, its hash. */
  prefix: z.string().regex(/^(partitions\/|snapshots\/|unknown )./),
  why: z.enum(['superseded', 'neverPublished', 'unknownToCatalog']),
  inactiveSince: z.string(),
  bytes: z.number(),
  cycleId: z.string().optional(),
});

export const listWhatIsDue = step(
  'listWhatIsDue',
  OfRun.extend({ by: z.string() }),
  ({ runId, by }) => listForRun(runId, by, new Date()),
);

export const deleteCopy = step('deleteCopy', OfCopy, ({ runId, ...copy }) =>
  deleteOne(runId, copy),
);

export const completeCertificates = step('completeCertificates', OfRun, ({ runId }) =>
  complete(runId),
);

export const sweepLeftovers = step('sweepLeftovers', OfRun, ({ runId }) =>
  sweep(runId, new Date()),
);

export const storeReport = step('storeReport', OfRun, ({ runId }) => sumUp(runId));
