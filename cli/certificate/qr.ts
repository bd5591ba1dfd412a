import { encode } from 'uqr';

/** A QR code as one SVG path of squares, one unit each, without the quiet zone around it. */
export interface QrCode {
  /** Squares in a row. */
  size: number;
  path: string;
}

/** @param text is restored when up to 15 % of the code cannot be read */
export function qrCode(text: string): QrCode {
  const { data, size } = encode(text, { ecc: 'M', border: 0 });
  const runs = data.flatMap((row, y) => darkRuns(row).map(([x, width]) => square(x, y, width)));
  return { size, path: runs.join('') };
}

const square = (x: number, y: number, width: number) => `M${x} ${y}h${width}v1h-${width}z`;

function darkRuns(row: boolean[]): [x: number, width: number][] {
  const runs: [number, number][] = [];
  for (const [x, dark] of row.entries()) {
    const run = row[x - 1] ? runs.at(-1) : undefined;
    if (dark && run) run[1] += 1;
    else if (dark) runs.push([x, 1]);
  }
  return runs;
}
