import type { Position } from './marks.ts';

/** The points of one column of pixels that can be seen. */
interface Column {
  readonly pixel: number;
  readonly first: Position;
  low: Position;
  high: Position;
  isLowBeforeHigh: boolean;
  last: Position;
}

/**
 * A line as the runs between its gaps (positions that are NaN), thinned to what can be seen: of successive positions in
 * one column of pixels, the first, the lowest, the highest and the last, in the order in which they came.
 */
export function thinned(positions: Iterable<Position>): Position[][] {
  const runs: Position[][] = [[]];
  let column: Column | undefined;
  for (const point of positions) {
    const pixel = Math.floor(point.x + 0 * point.y);
    if (column && column.pixel === pixel) {
      take(column, point);
      continue;
    }
    runs.at(-1)!.push(...seen(column));
    column = { pixel, first: point, low: point, high: point, isLowBeforeHigh: true, last: point };
    if (Number.isNaN(pixel)) {
      column = undefined;
      runs.push([]);
    }
  }
  runs.at(-1)!.push(...seen(column));
  return runs.filter((run) => run.length > 0);
}

function take(column: Column, point: Position): void {
  if (point.y < column.low.y) Object.assign(column, { low: point, isLowBeforeHigh: false });
  if (point.y > column.high.y) Object.assign(column, { high: point, isLowBeforeHigh: true });
  column.last = point;
}

function seen(column: Column | undefined): Position[] {
  if (!column) return [];
  const { first, low, high, isLowBeforeHigh, last } = column;
  return [...new Set(isLowBeforeHigh ? [first, low, high, last] : [first, high, low, last])];
}
