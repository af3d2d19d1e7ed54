import { expectLength, type Float, type FloatArray, floatOf } from './dtype.ts';
import { KernelError } from './errors.ts';
import { addressOf, layout, view } from './heap.ts';
import type { Kernel } from './memory.ts';
import { expectApart } from './overlap.ts';
import { blockOf, kernelOf, type Reduction, reductions } from './reductions.ts';
import { SMALL } from './rowRun.ts';
import { fork, inTurn, parts } from './threads.ts';

/** An array of outer × n × inner elements; n is the length of the axis that is reduced. */
export interface ReduceSizes {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/** Elements that are copied in at a time. */
const CHUNK = 1 << 16;

/**
 * Writes the outer × inner sums (products, maxima, minima) along the middle axis to `out`. A maximum or minimum
 * of values with a NaN is NaN.
 *
 * @example
 * import { reduce } from '@leibniz/kernels';
 * const x = Float32Array.of(1, 2, 3, 4, 5, 6); // 2 × 3
 * reduce('sum', new Float32Array(2), x, { outer: 2, n: 3, inner: 1 }); // => Float32Array(2) [ 6, 15 ]
 * reduce('max', new Float32Array(3), x, { outer: 1, n: 2, inner: 3 }); // => Float32Array(3) [ 4, 5, 6 ]
 */
export function reduce<A extends FloatArray>(name: Reduction, out: A, x: A, sizes: ReduceSizes): A {
  const { outer, n, inner } = sizes;
  const float = floatOf(name, out, x);
  expectLength(`${name} of [${outer}, ${n}, ${inner}]`, x, outer * n * inner);
  expectLength(`${name} into [${outer}, ${inner}]`, out, outer * inner);
  expectApart(name, out, x);
  if (n === 0) out.fill(emptyValue(name, out));
  else if (n === 1) out.set(x);
  else if (isSmall(sizes, float) && reduceInPlace(kernelOf(name, float, inner), out, x, sizes)) return out;
  else if (out.length > 0) reduceLevels(kernelOf(name, float, inner), float, out, x, sizes);
  return out;
}

const isSmall = ({ outer, n, inner }: ReduceSizes, { bytes }: Float) =>
  inner === 1 && outer > 0 && outer * n * STEP[bytes] < SMALL;

/** The same as below at less expense for few elements: one part a level, each level written over the one before. */
function reduceInPlace(kernel: Kernel, out: FloatArray, x: FloatArray, { outer, n }: ReduceSizes): boolean {
  const [from, to] = [addressOf(x), addressOf(out)];
  if (from === undefined || to === undefined) return false;
  const block = blockOf(1);
  const level = n > block ? layout(outer * Math.ceil(n / block) * x.BYTES_PER_ELEMENT)[0]! : to;
  for (let length = n, source = from; length > 1; source = level) {
    const isLast = length <= block;
    kernel(isLast ? to : level, source, outer, length, 1);
    length = Math.ceil(length / block);
  }
  return true;
}

/** Level by level until each axis is one block; all levels but the array itself are in scratch memory. */
function reduceLevels<A extends FloatArray>(
  kernel: Kernel,
  float: Float,
  out: A,
  x: A,
  sizes: ReduceSizes,
): void {
  const { outer, n, inner } = sizes;
  const block = blockOf(inner);
  const lengths = [Math.ceil(n / block)];
  while (lengths.at(-1)! > 1) lengths.push(Math.ceil(lengths.at(-1)! / block));
  const place = addressOf(x);
  const [copy, ...levels] = layout(
    place === undefined ? chunkOf(sizes, block).elements * float.bytes : 0,
    ...lengths.map((length) => outer * length * inner * float.bytes),
  ) as [number, number, ...number[]];
  const passes = lengths
    .slice(0, -1)
    .map((length, at) => pass(levels[at + 1]!, levels[at]!, { outer, n: length, inner }, float, block));
  if (place === undefined) passOfCopies(kernel, levels[0], copy, x, sizes, block);
  else passes.unshift(pass(levels[0], place, sizes, float, block));
  if (passes.every((rows) => rows.length === 1)) inTurn(kernel, passes.flat());
  else for (const rows of passes) fork(kernel, rows);
  out.set(view(out, levels.at(-1)!, out.length));
}

function emptyValue(name: Reduction, out: FloatArray): number {
  const { empty } = reductions[name];
  if (empty !== undefined || out.length === 0) return empty ?? 0;
  throw new KernelError('empty', `Cannot take the ${name} of no elements: it has no value`);
}

/** Nanoseconds for an element, roughly: what the memory takes. */
const STEP = { 4: 0.15, 8: 0.3 } as const;

/** Rows that are worth cutting as such; of fewer, each is cut. */
const MANY = 8;

/** The arguments that replace each block along the axis by one value, in parts. */
function pass(to: number, from: number, sizes: ReduceSizes, float: Float, block: number): number[][] {
  const { outer, n, inner } = sizes;
  const { bytes, lanes } = float;
  const blocks = Math.ceil(n / block);
  const work = outer * n * inner * STEP[bytes];
  const row = (group: number, groups: number, start: number, length: number) => [
    to + (group * blocks + start / block) * inner * bytes,
    from + (group * n + start) * inner * bytes,
    groups,
    length,
    inner,
  ];
  const whole = [row(0, outer, 0, n)];
  // Results narrower than a vector overlap with the next, which must be written after.
  if ((inner !== 1 && inner < lanes) || work === 0) return whole;
  if (outer >= MANY) return parts(outer, 1, work).map(([first, end]) => row(first, end - first, 0, n));
  const cuts = parts(n, block, work / outer);
  if (cuts.length === 1) return whole;
  const groups = Array.from({ length: outer }, (_, group) => group);
  return groups.flatMap((group) => cuts.map(([start, end]) => row(group, 1, start, end - start)));
}

/** How much is copied in at a time: whole groups, or else whole blocks of one. */
function chunkOf({ outer, n, inner }: ReduceSizes, block: number) {
  const groups = Math.min(outer, Math.max(1, Math.floor(CHUNK / (n * inner))));
  const span = groups > 1 ? n : Math.min(n, block * Math.max(1, Math.floor(CHUNK / (block * inner))));
  return { groups, span, elements: groups * span * inner };
}

/** The same for an ordinary array, of which some is copied in at a time. */
function passOfCopies<A extends FloatArray>(
  kernel: Kernel,
  to: number,
  copy: number,
  from: A,
  sizes: ReduceSizes,
  block: number,
): void {
  const { outer, n, inner } = sizes;
  const { groups, span } = chunkOf(sizes, block);
  const blocks = Math.ceil(n / block);
  for (let group = 0; group < outer; group += groups) {
    for (let start = 0; start < n; start += span) {
      const count = Math.min(groups, outer - group);
      const length = Math.min(span, n - start);
      const first = (group * n + start) * inner;
      view(from, copy, count * length * inner).set(from.subarray(first, first + count * length * inner));
      kernel(
        to + (group * blocks + start / block) * inner * from.BYTES_PER_ELEMENT,
        copy,
        count,
        length,
        inner,
      );
    }
  }
}
