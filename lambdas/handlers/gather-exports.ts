import * as z from 'zod';
import { GatheringId } from '../domain/ids.ts';
import { closeGatheringDoor } from '../steps/gathering-door.ts';
import { endGathering as end, releaseGathered as release } from '../steps/gathering-ends.ts';
import { gatherOneTable } from '../steps/gathering-tables.ts';
import { step } from './step.ts';

const OfGathering = z.object({ gatheringId: GatheringId });

export const closeTheDoor = step('closeTheDoor', OfGathering, ({ gatheringId }) =>
  closeGatheringDoor(gatheringId),
);

export const gatherTable = step(
  'gatherTable',
  OfGathering.extend({ table: z.string() }),
  ({ gatheringId, table }) => gatherOneTable(gatheringId, table),
);

export const releaseGathered = step('releaseGathered', OfGathering, ({ gatheringId }) =>
  release(gatheringId),
);

export const endGathering = step('endGathering', OfGathering, ({ gatheringId }) =>
  end(gatheringId),
);
