import type { TypedArray } from './dtype.ts';
import { KernelError } from './errors.ts';
import { expectApart } from './overlap.ts';

/**
 * An n-dimensional array inside a typed array: the element at index (i, j, …) is
 * `data[offset + i * strides[0] + j * strides[1] + …]`. A stride of 0 repeats, a negative one reverses.
 */
export interface Strided {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1);

/**
 * Copies a strided array to `out`, in row-major order: transposes, slices and broadcasts are such copies.
 *
 * @example
 * import { copyStrided } from '@leibniz/kernels';
 * const x = Float32Array.of(1, 2, 3, 4, 5, 6); // 2 × 3
 * copyStrided(new Float32Array(6), x, [3, 2], [1, 3]); // => Float32Array(6) [ 1, 4, 2, 5, 3, 6 ]
 */
export function copyStrided<A extends TypedArray>(
  out: A,
  data: TypedArray,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): A {
  const source = { data, shape, strides, offset };
  expectInside(source);
  if (out.length !== sizeOf(shape)) {
    throw new KernelError(
      'length',
      `Cannot copy [${shape}] into ${out.length} elements: expected ${sizeOf(shape)}`,
    );
  }
  expectApart('copyStrided', out, data);
  readStrided(out, merged(source), 0);
  return out;
}

/** Refuses an array that reaches outside of its data. */
export function expectInside({ data, shape, strides, offset }: Strided): void {
  if (shape.includes(0)) return;
  const reach = shape.map((n, axis) => (n - 1) * strides[axis]!);
  const first = reach.reduce((sum, step) => sum + Math.min(step, 0), offset);
  const last = reach.reduce((sum, step) => sum + Math.max(step, 0), offset);
  if (first >= 0 && last < data.length) return;
  throw new KernelError(
    'length',
    `Cannot read [${shape}] with strides [${strides}] from ${offset} on: it reaches from ${first} to ${last} in ${data.length} elements`,
  );
}

/** The same array with neighbouring axes joined wherever one step of the outer equals a row of the inner. */
export function merged({ data, shape, strides, offset }: Strided): Strided {
  const axes: { n: number; stride: number }[] = [];
  for (const [axis, n] of shape.entries()) {
    if (n === 1) continue;
    const stride = strides[axis]!;
    const outer = axes.at(-1);
    if (outer !== undefined && outer.stride === stride * n) Object.assign(outer, { n: outer.n * n, stride });
    else axes.push({ n, stride });
  }
  if (axes.length === 0) axes.push({ n: 1, stride: 1 });
  return { data, shape: axes.map(({ n }) => n), strides: axes.map(({ stride }) => stride), offset };
}

/** Fills `out` with the elements of a merged array from number `start` on. */
export function readStrided(out: TypedArray, { data, shape, strides, offset }: Strided, start: number): void {
  const last = shape.length - 1;
  const stride = strides[last]!;
  const index = indexOf(start, shape);
  let from = offset + index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0);
  for (let to = 0; to < out.length; ) {
    const run = Math.min(shape[last]! - index[last]!, out.length - to);
    copyRun(out, to, data, from, stride, run);
    to += run;
    from += run * stride;
    index[last]! += run;
    for (let axis = last; axis > 0 && index[axis] === shape[axis]; axis--) {
      from += strides[axis - 1]! - shape[axis]! * strides[axis]!;
      index[axis] = 0;
      index[axis - 1]!++;
    }
  }
}

/** The index of an element from its number in row-major order. */
function indexOf(number: number, shape: readonly number[]): number[] {
  let rest = number;
  return shape
    .toReversed()
    .map((n) => {
      const i = rest % n;
      rest = (rest - i) / n;
      return i;
    })
    .reverse();
}

/** Copies of fewer elements than this are faster as a plain loop. */
const BULK = 32;

function copyRun(
  out: TypedArray,
  to: number,
  data: TypedArray,
  from: number,
  stride: number,
  count: number,
): void {
  if (stride === 0) out.fill(data[from]!, to, to + count);
  else if (stride === 1 && count >= BULK) out.set(data.subarray(from, from + count), to);
  else for (let i = 0; i < count; i++) out[to + i] = data[from + i * stride]!;
}
