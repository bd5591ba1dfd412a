import type { BoxKind } from './flow-chart.ts';
import { type Layout, LINE_HEIGHT, labelOf, type PlacedArrow, type PlacedBox } from './lay-out.ts';

const LEGEND: [kind: BoxKind, words: string][] = [
  ['step', 'a step'],
  ['wait', 'a wait'],
  ['choice', 'a choice'],
  ['many', 'for each of many'],
  ['succeeded', 'a good end'],
  ['failed', 'a failure'],
];
const LEGEND_HEIGHT = 44;

const STYLE = `
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
  .small { font-size: 11.5px; }
  .page { fill: #ffffff; stroke: #d0d7de; }
  .way { fill: none; stroke: #6e7781; stroke-width: 1.4; }
  .head, .start { fill: #6e7781; }
  .words { fill: #57606a; stroke: #ffffff; stroke-width: 4; paint-order: stroke; }
  .step { fill: #e7f0fe; stroke: #4a7bd0; } .in-step { fill: #12305e; }
  .wait { fill: #fff2d3; stroke: #c98a04; } .in-wait { fill: #523800; }
  .choice { fill: #f0eafb; stroke: #8466c7; } .in-choice { fill: #3a2470; }
  .many { fill: #f6f8fa; stroke: #afb8c1; } .in-many { fill: #24292f; }
  .succeeded { fill: #ddf4e1; stroke: #2f9e4d; } .in-succeeded { fill: #0f4420; }
  .failed { fill: #fde2e0; stroke: #d1453b; } .in-failed { fill: #5d1310; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #0d1117; stroke: #30363d; }
    .way { stroke: #8b949e; } .head, .start { fill: #8b949e; }
    .words { fill: #b1bac4; stroke: #0d1117; }
    .step { fill: #14284b; stroke: #5b8def; } .in-step { fill: #d6e4ff; }
    .wait { fill: #3a2c07; stroke: #d9a520; } .in-wait { fill: #ffe9b3; }
    .choice { fill: #2a2047; stroke: #a08be0; } .in-choice { fill: #e6defc; }
    .many { fill: #161b22; stroke: #484f58; } .in-many { fill: #e6edf3; }
    .succeeded { fill: #10331b; stroke: #3fb950; } .in-succeeded { fill: #c8f2d2; }
    .failed { fill: #431a18; stroke: #f2645a; } .in-failed { fill: #ffd9d6; }
  }`;

/** The drawing as one SVG file, for light and dark pages; a state's comment shows on hovering. */
export function renderSvg(title: string, layout: Layout): string {
  const shown = new Set(layout.boxes.map(({ box }) => box.kind));
  const legend = LEGEND.filter(([kind]) => shown.has(kind));
  const width = Math.max(layout.width, legendWidth(legend) + 32);
  const height = layout.height + LEGEND_HEIGHT;
  const shift = Math.round((width - layout.width) / 2);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10"/>`,
    `<g transform="translate(${shift} 0)">`,
    ...layout.boxes.filter(({ box }) => box.kind === 'many').map(renderMany),
    ...layout.arrows.map(renderArrow),
    ...layout.boxes.filter(({ box }) => box.kind !== 'many').map(renderBox),
    ...layout.arrows.map(renderWords),
    '</g>',
    renderLegend(legend, layout.height + 6, Math.round((width - legendWidth(legend)) / 2)),
    '</svg>',
  ]
    .filter((line) => line !== '')
    .join('\n')}\n`;
}

function renderBox(placed: PlacedBox): string {
  const { box, lines, x, y, width, height } = placed;
  const middle = x + width / 2;
  if (box.kind === 'start') return `<circle class="start" cx="${middle}" cy="${y + 7}" r="7"/>`;
  const first = y + (height - lines.length * LINE_HEIGHT) / 2 + 13;
  const text = lines
    .map(
      (line, i) => `<tspan x="${middle}" y="${first + i * LINE_HEIGHT}">${escaped(line)}</tspan>`,
    )
    .join('');
  return `<g>${titleOf(placed)}${shapeOf(box.kind, placed)}<text class="in-${box.kind}" text-anchor="middle">${text}</text></g>`;
}

function renderMany(placed: PlacedBox): string {
  const { box, x, y } = placed;
  return (
    `<g>${titleOf(placed)}${shapeOf('many', placed)}` +
    `<text class="in-many" x="${x + 16}" y="${y + 22}">${escaped(box.name)}</text>` +
    `<text class="in-many small" x="${x + 16}" y="${y + 38}">${box.inside?.atOnce ?? ''}</text></g>`
  );
}

const titleOf = ({ box }: PlacedBox): string => `<title>${escaped(box.says || box.name)}</title>`;

type Rectangle = Pick<PlacedBox, 'x' | 'y' | 'width' | 'height'>;

function shapeOf(kind: BoxKind, { x, y, width, height }: Rectangle): string {
  if (kind === 'choice') {
    const [right, middle, bottom] = [x + width, y + height / 2, y + height];
    const corners = `${x},${middle} ${x + 13},${y} ${right - 13},${y} ${right},${middle} ${right - 13},${bottom} ${x + 13},${bottom}`;
    return `<polygon class="choice" points="${corners}"/>`;
  }
  const round = kind === 'succeeded' || kind === 'failed' ? height / 2 : 7;
  const dashes = kind === 'wait' ? ' stroke-dasharray="5 3"' : '';
  return `<rect class="${kind}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}"${dashes}/>`;
}

function renderArrow({ points }: PlacedArrow): string {
  const end = points.at(-1);
  if (!end) return '';
  const before = points.at(-2) ?? end;
  const [dx, dy] = [Math.sign(end.x - before.x), Math.sign(end.y - before.y)];
  const back = { x: end.x - 7 * dx, y: end.y - 7 * dy };
  const head = `${end.x},${end.y} ${back.x + 4 * dy},${back.y + 4 * dx} ${back.x - 4 * dy},${back.y - 4 * dx}`;
  return `<path class="way" d="${pathOf([...points.slice(0, -1), back])}"/><polygon class="head" points="${head}"/>`;
}

/** Right angles with their corners rounded off. */
function pathOf(points: { x: number; y: number }[]): string {
  const steps = points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before) return `M${point.x} ${point.y}`;
    if (!after) return `L${point.x} ${point.y}`;
    const [from, to] = [towards(point, before), towards(point, after)];
    return `L${from.x} ${from.y}Q${point.x} ${point.y} ${to.x} ${to.y}`;
  });
  return steps.join('');
}

function towards(from: { x: number; y: number }, to: { x: number; y: number }) {
  const distance = Math.abs(to.x - from.x) + Math.abs(to.y - from.y);
  const reach = Math.min(7, Math.floor(distance / 2));
  return {
    x: from.x + reach * Math.sign(to.x - from.x),
    y: from.y + reach * Math.sign(to.y - from.y),
  };
}

function renderWords({ arrow, label }: PlacedArrow): string {
  if (!label) return '';
  const middle = label.x + label.width / 2;
  return `<text class="words small" text-anchor="middle" x="${middle}" y="${label.y + 12}">${escaped(labelOf(arrow))}</text>`;
}

type Legend = typeof LEGEND;

const entryWidth = (words: string): number => 37 + words.length * 6 + 22;

const legendWidth = (legend: Legend): number =>
  legend.reduce((sum, [, words]) => sum + entryWidth(words), -22);

function renderLegend(legend: Legend, top: number, left: number): string {
  let x = left;
  const entries = legend.map(([kind, words]) => {
    const swatch = shapeOf(kind, { x, y: top + 8, width: 30, height: 16 });
    const entry = `${swatch}<text class="in-many small" x="${x + 37}" y="${top + 20}">${words}</text>`;
    x += entryWidth(words);
    return entry;
  });
  return entries.join('\n');
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
