// What every kernel computes, in plain JavaScript: slow, obvious, and rounded at the same places, so that the kernels
// are compared with it bit for bit.

import type { FloatArray } from './dtype.ts';
import type { MatmulSizes } from './matmul.ts';

/** Rounds to the type of an array. */
export const roundingOf = (like: FloatArray): ((x: number) => number) =>
  like instanceof Float32Array ? Math.fround : (x) => x;

/** The product by its definition, each element summed over k in ascending order. */
export function matmul<A extends FloatArray>(out: A, a: A, b: A, sizes: MatmulSizes): A {
  const { m, n, k, transposeA, transposeB } = sizes;
  const round = roundingOf(out);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let step = 0; step < k; step++) {
        const left = a[transposeA ? step * m + i : i * k + step]!;
        const right = b[transposeB ? j * k + step : step * n + j]!;
        sum = round(sum + round(left * right));
      }
      out[i * n + j] = sum;
    }
  }
  return out;
}
