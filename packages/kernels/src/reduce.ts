// Reductions along one axis. Sums are made in a fixed tree: blocks of consecutive elements to one value each, then
// blocks of these, until one is left, so that rounding errors grow with the logarithm of the length and the bits
// depend on the shape alone.

import {
  type Code,
  lane as extract,
  type FunctionSpec,
  increase,
  type Local,
  load,
  loop,
  loopWhile,
  type Operand,
  op,
  select,
  set,
  shuffle,
  store,
  vector128,
} from './assembler.ts';
import { expectLength, type Float, type FloatArray, floatOf } from './dtype.ts';
import { KernelError } from './errors.ts';
import { layout, view } from './heap.ts';
import { instantiate } from './memory.ts';
import { expectApart } from './overlap.ts';

/** What combines two values, and the value that changes none: -0 + x is x even for x = -0. */
export const reductions = {
  sum: { combine: 'add', identity: -0, empty: 0 },
  prod: { combine: 'mul', identity: 1, empty: 1 },
  max: { combine: 'max', identity: -Infinity, empty: undefined },
  min: { combine: 'min', identity: Infinity, empty: undefined },
} as const;

export type Reduction = keyof typeof reductions;

/** An array of outer × n × inner elements; n is the length of the axis that is reduced. */
export interface ReduceSizes {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/**
 * Elements of a block. Along the last axis a block is dealt out to the lanes of four vectors in turn, which are then
 * combined by adding the upper half to the lower until one lane is left; along another axis it is added up in order.
 */
export const blockOf = (inner: number): number => (inner === 1 ? 256 : 32);
export const VECTORS = 4;

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
  const block = blockOf(inner);
  const kernel = kernelOf(name, float, inner);
  let level: FloatArray = x;
  for (let length = n; length > 1; length = Math.ceil(length / block)) {
    const next: FloatArray =
      length <= block ? out : new float.array(outer * Math.ceil(length / block) * inner);
    pass(kernel, next, level, { outer, n: length, inner }, block);
    level = next;
  }
  if (n === 0) out.fill(emptyValue(name, out));
  if (n === 1) out.set(x);
  return out;
}

function emptyValue(name: Reduction, out: FloatArray): number {
  const { empty } = reductions[name];
  if (empty !== undefined || out.length === 0) return empty ?? 0;
  throw new KernelError('empty', `Cannot take the ${name} of no elements: it has no value`);
}

type BlockKernel = (to: number, from: number, outer: number, n: number, inner: number) => void;

/** Replaces each block along the axis by one value; as many are done at a time as fit a chunk. */
function pass<A extends FloatArray>(
  run: BlockKernel,
  to: A,
  from: A,
  sizes: ReduceSizes,
  block: number,
): void {
  const { outer, n, inner } = sizes;
  const blocks = Math.ceil(n / block);
  const groups = Math.max(1, Math.floor(CHUNK / (n * inner)));
  const span = groups > 1 ? n : block * Math.max(1, Math.floor(CHUNK / (block * inner)));
  const bytes = Math.min(groups * span, outer * n) * inner * from.BYTES_PER_ELEMENT;
  const [source, target] = layout(bytes, bytes) as [number, number];
  for (let group = 0; group < outer; group += groups) {
    for (let start = 0; start < n; start += span) {
      const count = Math.min(groups, outer - group);
      const length = Math.min(span, n - start);
      const first = (group * n + start) * inner;
      const results = count * Math.ceil(length / block) * inner;
      view(from, source, count * length * inner).set(from.subarray(first, first + count * length * inner));
      run(target, source, count, length, inner);
      to.set(view(to, target, results), (group * blocks + start / block) * inner);
    }
  }
}

const compiled = new Map<string, BlockKernel>();

function kernelOf(name: Reduction, float: Float, inner: number): BlockKernel {
  const key = `${name} ${float.name} ${inner === 1}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { run } = instantiate([inner === 1 ? alongRows(name, float) : alongColumns(name, float)]);
  compiled.set(key, run as BlockKernel);
  return run as BlockKernel;
}

/** The instructions that set a vector to its combination with another, and the vector that changes none. */
function parts(name: Reduction, float: Float) {
  const { combine, identity } = reductions[name];
  const lanes = new Int32Array(new float.array(float.lanes).fill(identity).buffer);
  return {
    combine: (sum: Local, other: Operand) => set(sum, op(`${float.vector}.${combine}`, sum, other)),
    neutral: vector128(...([...lanes] as Words)),
  };
}

type Words = [number, number, number, number];

/** run(to, from, outer, n): the axis is the last one, so blocks are contiguous. */
function alongRows(name: Reduction, float: Float) {
  const { combine, neutral } = parts(name, float);
  const { bytes, lanes, lane } = float;
  return {
    name: 'run',
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body: (local, [to, at, outer, n]) => {
      const [row, rowEnd, end, wholeEnd] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const sums = Array.from({ length: VECTORS }, () => local('v128'));
      const [sum] = sums as [Local];
      const offsets = sums.map((_, index) => 16 * index);
      const left = op('i32.sub', end, at!);
      /** Lanes at or after the end do not count: each is told by the offset of its bytes. */
      const masked = (offset: number): Code => {
        const positions = [0, 1, 2, 3].map(
          (word) => offset + bytes * Math.floor((word * 4) / bytes),
        ) as Words;
        const isInside = op('i32x4.lt_s', vector128(...positions), op('i32x4.splat', left));
        return op('v128.bitselect', load('v128.load', at!, offset), neutral, isInside);
      };
      const upperHalf = (count: number) =>
        shuffle(
          Array.from({ length: 16 }, (_, byte) => (byte + count * bytes) % 16),
          sum,
          sum,
        );
      const block: Code = [
        set(end, op('i32.add', at!, blockOf(1) * bytes)),
        set(end, select(op('i32.lt_u', end, rowEnd), end, rowEnd)),
        set(wholeEnd, op('i32.add', at!, op('i32.and', left, -16 * VECTORS))),
        sums.map((each) => set(each, neutral)),
        loopWhile(op('i32.lt_u', at!, wholeEnd), [
          sums.map((each, index) => combine(each, load('v128.load', at!, offsets[index]))),
          increase(at!, 16 * VECTORS),
        ]),
        sums.map((each, index) => combine(each, masked(offsets[index]!))),
        halves(VECTORS).flatMap((half) =>
          sums.slice(0, half).map((each, index) => combine(each, sums[index + half]!)),
        ),
        halves(lanes).map((half) => combine(sum, upperHalf(half))),
        store(`${lane}.store`, to!, extract(`${float.vector}.extract_lane`, 0, sum)),
        increase(to!, bytes),
        set(at!, end),
      ];
      return loop(row, 0, outer!, 1, [
        set(rowEnd, op('i32.add', at!, op('i32.mul', n!, bytes))),
        loopWhile(op('i32.lt_u', at!, rowEnd), block),
      ]);
    },
  } as const satisfies FunctionSpec;
}

/** 8, 4, 2, 1 for 16. */
const halves = (count: number): number[] =>
  Array.from({ length: Math.log2(count) }, (_, index) => count / 2 ** (index + 1));

/** run(to, from, outer, n, inner): rows of `inner` elements are combined; what a row writes past its end, the next overwrites. */
function alongColumns(name: Reduction, float: Float) {
  const { combine, neutral } = parts(name, float);
  return {
    name: 'run',
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body: (local, [to, from, outer, n, inner]) => {
      const [group, column, row, at] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const [rowBytes, rows, left] = [local('i32'), local('i32'), local('i32')];
      const sum = local('v128');
      const addColumn: Code = [
        set(sum, neutral),
        set(at, op('i32.add', from!, column)),
        loop(row, 0, rows, 1, [combine(sum, load('v128.load', at)), increase(at, rowBytes)]),
        store('v128.store', op('i32.add', to!, column), sum),
      ];
      const block: Code = [
        set(rows, select(op('i32.lt_u', left, blockOf(2)), left, blockOf(2))),
        loop(column, 0, rowBytes, 16, addColumn),
        increase(to!, rowBytes),
        increase(from!, op('i32.mul', rows, rowBytes)),
        set(left, op('i32.sub', left, rows)),
      ];
      return [
        set(rowBytes, op('i32.mul', inner!, float.bytes)),
        loop(group, 0, outer!, 1, [set(left, n!), loopWhile(op('i32.lt_u', 0, left), block)]),
      ];
    },
  } as const satisfies FunctionSpec;
}
