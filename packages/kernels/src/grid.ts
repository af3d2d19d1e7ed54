// How inputs lie beside a result: as rows that are alike, as columns that are, or element by element.

import type { TypedArray } from './dtype.ts';
import type { RowArray } from './rowRun.ts';
import { merged, type Strided } from './strided.ts';

export interface Grid {
  readonly m: number;
  readonly n: number;
  readonly arrays: readonly (RowArray | Strided)[];
}

/** The one grid of rows and columns on which all inputs of a map are rows, columns or matrices; else one row. */
export function gridOf(length: number, inputs: readonly (TypedArray | Strided)[]): Grid {
  const sources = inputs.map((input) =>
    ArrayBuffer.isView(input) ? { data: input, shape: [length], strides: [1], offset: 0 } : merged(input),
  );
  const [m, n] = sources.find(({ shape }) => shape.length === 2)?.shape ?? [1, length];
  const arrays = sources.map((source) => byRows(source, m!, n!));
  if (arrays.every((array) => array !== undefined)) return { m: m!, n: n!, arrays };
  return { m: 1, n: length, arrays: sources.map((source) => byRows(source, 1, length) ?? source) };
}

/** A merged array by rows, if it is of that shape and its rows are contiguous or of one value each. */
function byRows({ data, shape, strides, offset }: Strided, m: number, n: number): RowArray | undefined {
  const step = strides.at(-1)!;
  if (step !== 0 && step !== 1) return undefined;
  if (shape.length === 1) return { data, offset, stride: step * n, step };
  return shape.length === 2 && shape[0] === m && shape[1] === n
    ? { data, offset, stride: strides[0]!, step }
    : undefined;
}
