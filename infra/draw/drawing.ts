import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FlowName } from '../constructs/flow-arns.ts';
import { type Asl, flowChart } from './flow-chart.ts';
import { layOut } from './lay-out.ts';
import { renderSvg } from './render-svg.ts';

const root = new URL('../../', import.meta.url);

/** Where the drawing of a flow lies. */
export const drawingFile = (flow: FlowName): string =>
  fileURLToPath(new URL(`docs/images/${flow}.svg`, root));

/** The SVG of `statemachines/<flow>.asl.json`; the same file gives the same drawing. */
export async function drawFlow(flow: FlowName): Promise<string> {
  const asl: Asl = JSON.parse(
    readFileSync(new URL(`statemachines/${flow}.asl.json`, root), 'utf8'),
  );
  return renderSvg(`The flow ${flow}`, await layOut(flowChart(asl)));
}
