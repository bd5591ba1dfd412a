import * as z from 'zod';
import { sourceRow } from '../adapters/catalog.ts';
import { lakeStorage } from '../adapters/lake/lake-storage.ts';
import { CycleId, Name } from '../domain/ids.ts';
import { sourceWarningMail } from '../domain/mails.ts';
import { buildModelTable, buildSegmentTable, carryOver, recreate } from '../steps/building.ts';
import { endOfCycle } from '../steps/cycle-ends.ts';
import { closeDoor } from '../steps/door.ts';
import { ensureCycle } from '../steps/lines.ts';
import { proveTable } from '../steps/proving.ts';
import { publishCycle } from '../steps/publishing.ts';
import { refreshOne } from '../steps/refreshing.ts';
import { releasePage } from '../steps/releasing.ts';
import { scanInactive } from '../steps/residue.ts';
import { endTurn } from '../steps/turns.ts';
import { warnSupport } from '../steps/warning-support.ts';
import { step } from './step.ts';

const OfCycle = z.object({ cycleId: CycleId });
const OfSource = OfCycle.extend({ source: Name });
const OfModel = OfCycle.extend({ model: Name });
const OfSegment = OfCycle.extend({ segment: Name });

export const closeTheDoor = step('closeTheDoor', OfCycle, ({ cycleId }) => closeDoor(cycleId));

export const refreshSource = step(
  'refreshSource',
  OfSource.extend({ attempt: z.number().int().positive() }),
  ({ cycleId, source, attempt }) => refreshOne(cycleId, source, attempt),
);

export const warnSupportContact = step(
  'warnSupportContact',
  OfSource,
  async ({ cycleId, source }) => {
    const row = await sourceRow(source);
    const { status = 'failedPermanent', cause = 'no cause was given' } = row ?? {};
    const mail = sourceWarningMail(source, cycleId, status, cause);
    const facts = { kind: 'sourceFailed', source, status };
    return { outcome: await warnSupport(cycleId, mail, facts) };
  },
);

export const buildModel = step('buildModel', OfModel, ({ cycleId, model }) =>
  buildModelTable(cycleId, model),
);

export const buildSegment = step('buildSegment', OfSegment, ({ cycleId, segment }) =>
  buildSegmentTable(cycleId, segment),
);

export const recreateSegment = step('recreateSegment', OfSegment, ({ cycleId, segment }) =>
  recreate(cycleId, segment),
);

export const carryOverSegment = step('carryOverSegment', OfSegment, ({ cycleId, segment }) =>
  carryOver(cycleId, segment),
);

export const publishSnapshot = step('publishSnapshot', OfCycle, ({ cycleId }) =>
  publishCycle(cycleId),
);

export const proveAbsence = step(
  'proveAbsence',
  OfCycle.extend({ table: z.string() }),
  ({ cycleId, table }) => proveTable(cycleId, table),
);

export const findResidue = step('findResidue', OfCycle, ({ cycleId }) => scanInactive(cycleId));

export const releaseMembers = step('releaseMembers', OfCycle, ({ cycleId }) =>
  releasePage(cycleId),
);

export const endCycle = step('endCycle', OfCycle, async ({ cycleId }) => {
  await lakeStorage().erase(`work/${cycleId}/`);
  await endOfCycle(cycleId);
  await endTurn('CYCLE', cycleId);
  const next = await ensureCycle();
  return { outcome: 'ended' as const, next };
});
