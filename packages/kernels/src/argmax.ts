import { expectLength, type TypedArray } from './dtype.ts';
import { KernelError } from './errors.ts';
import { expectApart } from './overlap.ts';
import type { ReduceSizes } from './reduce.ts';

/**
 * Writes the outer × inner positions of the largest elements along the middle axis to `out`: the first of equals; a
 * NaN counts as the largest.
 *
 * @example
 * import { argmax } from '@leibniz/kernels';
 * const x = Float32Array.of(1, 3, 3, 9, 5, 6); // 2 × 3
 * argmax(new Int32Array(2), x, { outer: 2, n: 3, inner: 1 }); // => Int32Array(2) [ 1, 0 ]
 */
export function argmax(out: Int32Array, x: TypedArray, { outer, n, inner }: ReduceSizes): Int32Array {
  expectLength(`argmax of [${outer}, ${n}, ${inner}]`, x, outer * n * inner);
  expectLength(`argmax into [${outer}, ${inner}]`, out, outer * inner);
  expectApart('argmax', out, x);
  if (n === 0 && out.length > 0) throw new KernelError('empty', 'Cannot take the argmax of no elements');
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < inner; j++) out[i * inner + j] = largestFrom(x, i * n * inner + j, inner, n);
  }
  return out;
}

/** The position of the largest of `n` elements that are `stride` apart. */
function largestFrom(x: TypedArray, start: number, stride: number, n: number): number {
  let best = 0;
  let largest = x[start]!;
  for (let k = 1; k < n && !Number.isNaN(largest); k++) {
    const value = x[start + k * stride]!;
    if (value > largest || Number.isNaN(value)) {
      best = k;
      largest = value;
    }
  }
  return best;
}
