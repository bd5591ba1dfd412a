import { writeFileSync } from 'node:fs';
import { FLOWS } from '../constructs/flow-arns.ts';
import { drawFlow, drawingFile } from './drawing.ts';

// Draws every flow anew: npm run draw.
for (const flow of FLOWS) {
  writeFileSync(drawingFile(flow), await drawFlow(flow));
  console.log(drawingFile(flow));
}
