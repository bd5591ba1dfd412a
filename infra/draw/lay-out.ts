import ELK, { type ElkNode, type ElkPoint } from 'elkjs/lib/elk.bundled.js';
import type { Arrow, Box, FlowChart } from './flow-chart.ts';

/** In pixels, from the top left of the drawing. */
export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface PlacedBox extends Place {
  box: Box;
  lines: string[];
}
export interface PlacedArrow {
  arrow: Arrow;
  points: { x: number; y: number }[];
  /** Of the words, if there are any. */
  label?: Place;
}
export interface Layout {
  width: number;
  height: number;
  boxes: PlacedBox[];
  arrows: PlacedArrow[];
}

export const LINE_HEIGHT = 17;
const LETTER_WIDTH = 6.9;
const LETTERS_A_LINE = 24;

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  // As the file tells it: what leads back to an earlier state is drawn upwards.
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.considerModelOrder.strategy': 'PREFER_EDGES',
  'elk.layered.edgeLabels.centerLabelPlacementStrategy': 'TAIL_LAYER',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.nodePlacement.favorStraightEdges': 'true',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '18',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeLabel': '4',
};

/** Where everything goes: top down, arrows at right angles. */
export async function layOut(chart: FlowChart): Promise<Layout> {
  const root = await new ELK().layout(nodeOf('flow', chart, '[top=16,left=16,bottom=16,right=16]'));
  return { width: whole(root.width), height: whole(root.height), ...placed(root, chart, 0, 0) };
}

function nodeOf(id: string, { boxes, arrows }: FlowChart, padding: string): ElkNode {
  return {
    id,
    layoutOptions: { ...OPTIONS, 'elk.padding': padding },
    children: boxes.map((box) => (box.inside ? containerOf(box, box.inside) : leafOf(box))),
    edges: arrows.map((arrow) => ({
      id: `${arrow.from} → ${arrow.to}`,
      sources: [arrow.from],
      targets: [arrow.to],
      labels:
        arrow.words.length > 0
          ? [{ text: labelOf(arrow), width: widthOf([labelOf(arrow)]), height: LINE_HEIGHT }]
          : [],
    })),
  };
}

function leafOf(box: Box): ElkNode {
  return { id: box.name, ...sizeOf(box) };
}

function containerOf({ name }: Box, inside: FlowChart): ElkNode {
  const node = nodeOf(name, inside, '[top=52,left=16,bottom=16,right=16]');
  const minimum = `(${widthOf([name]) + 32}, 0)`;
  const layoutOptions = {
    ...node.layoutOptions,
    'elk.nodeSize.constraints': 'MINIMUM_SIZE',
    'elk.nodeSize.minimum': minimum,
  };
  return { ...node, layoutOptions };
}

export const labelOf = ({ words }: Arrow): string => words.join(', ');

function sizeOf(box: Box): { width: number; height: number } {
  if (box.kind === 'start') return { width: 14, height: 14 };
  const lines = linesOf(box);
  const pointed = box.kind === 'choice' ? 26 : 0;
  return { width: widthOf(lines) + 28 + pointed, height: lines.length * LINE_HEIGHT + 15 };
}

const widthOf = (lines: string[]): number =>
  Math.ceil(Math.max(...lines.map(({ length }) => length)) * LETTER_WIDTH);

/** A name in as few lines as it needs, of lengths as even as words allow. */
export function linesOf({ name }: Box): string[] {
  const lines = Math.ceil(name.length / LETTERS_A_LINE);
  const evenly = name.length / lines;
  const broken: string[] = [''];
  for (const word of name.split(' ')) {
    const line = broken.at(-1) ?? '';
    const grown = line ? `${line} ${word}` : word;
    const fits = grown.length <= evenly + word.length / 2 || broken.length === lines;
    if (fits) broken.splice(-1, 1, grown);
    else broken.push(word);
  }
  return broken;
}

function placed(
  node: ElkNode,
  { boxes, arrows }: FlowChart,
  left: number,
  top: number,
): Pick<Layout, 'boxes' | 'arrows'> {
  const at = ({ x = 0, y = 0, width = 0, height = 0 }: Partial<Place>): Place => ({
    x: whole(left + x),
    y: whole(top + y),
    width: whole(width),
    height: whole(height),
  });
  const point = ({ x, y }: ElkPoint) => ({ x: whole(left + x), y: whole(top + y) });
  const own: Layout['boxes'] = [];
  const ways: Layout['arrows'] = [];
  for (const [index, child] of (node.children ?? []).entries()) {
    const box = boxes[index];
    if (!box) continue;
    own.push({ ...at(child), box, lines: linesOf(box) });
    if (!box.inside) continue;
    const inner = placed(child, box.inside, left + (child.x ?? 0), top + (child.y ?? 0));
    own.push(...inner.boxes);
    ways.push(...inner.arrows);
  }
  for (const [index, edge] of (node.edges ?? []).entries()) {
    const arrow = arrows[index];
    const section = edge.sections?.[0];
    if (!arrow || !section) continue;
    const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
    const [label] = edge.labels ?? [];
    ways.push({ arrow, points: points.map(point), ...(label && { label: at(label) }) });
  }
  return { boxes: own, arrows: ways };
}

const whole = (pixels: number | undefined): number => Math.round(pixels ?? 0);
