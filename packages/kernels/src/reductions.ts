// Reductions along one axis. Sums are made in a fixed tree: blocks of consecutive elements to one value each, then
// blocks of these, until one is left, so that rounding errors grow with the logarithm of the length and the bits
// depend on the shape alone.

import {
  type Allocate,
  type Code,
  lane as extract,
  type FunctionSpec,
  increase,
  type Local,
  load,
  loop,
  loopWhile,
  minimum,
  type Operand,
  op,
  select,
  set,
  shuffle,
  store,
  vector128,
  when,
} from './assembler.ts';
import type { Float } from './dtype.ts';
import { instantiate, type Kernel } from './memory.ts';

/**
 * What combines two values, and the value that changes none: -0 + x is x even for x = -0. What is exact is the same in
 * every order, so it needs no blocks.
 */
export const reductions = {
  sum: { combine: 'add', identity: -0, empty: 0, isExact: false },
  prod: { combine: 'mul', identity: 1, empty: 1, isExact: false },
  max: { combine: 'max', identity: -Infinity, empty: undefined, isExact: true },
  min: { combine: 'min', identity: Infinity, empty: undefined, isExact: true },
} as const;

export type Reduction = keyof typeof reductions;

/**
 * Elements of a block. Along the last axis a block is dealt out to the lanes of four vectors in turn, which are then
 * combined by adding the upper half to the lower until one lane is left; along another axis it is added up in order.
 */
export const blockOf = (inner: number): number => (inner === 1 ? 256 : 32);
export const VECTORS = 4;

const compiled = new Map<string, Kernel>();

/** The kernel of a reduction along the last axis, where `inner` is 1, or along another. */
export function kernelOf(name: Reduction, float: Float, inner: number): Kernel {
  const key = `${name} ${float.name} ${inner === 1}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const { run } = instantiate([inner === 1 ? alongRows(name, float) : alongColumns(name, float)]);
  compiled.set(key, run);
  return run;
}

/** The instructions that set a vector to its combination with another, and the vector that changes none. */
export function combining(name: Reduction, float: Float) {
  const { combine, identity } = reductions[name];
  const lanes = new Int32Array(new float.array(float.lanes).fill(identity).buffer);
  return {
    combine: (sum: Local, other: Operand) => set(sum, op(`${float.vector}.${combine}`, sum, other)),
    neutral: vector128(...([...lanes] as Words)),
  };
}

type Words = [number, number, number, number];

/** Which lanes of a vector, so many bytes on, lie before the end, which is `left` bytes away. */
export function isInside({ bytes }: Float, offset: number, left: Operand): Code {
  const positions = [0, 1, 2, 3].map((word) => offset + bytes * Math.floor((word * 4) / bytes)) as Words;
  return op('i32x4.lt_s', vector128(...positions), op('i32x4.splat', left));
}

/** The vectors that a block is dealt out to. */
export interface Accumulators {
  readonly reset: Code;
  /** Combines the accumulator of this number with a vector. */
  readonly add: (index: number, value: Local) => Code;
  /** Combines all lanes, the upper half with the lower each time, in lane 0 of the result. */
  readonly fold: Code;
  readonly result: Local;
}

export function accumulators(name: Reduction, float: Float, local: Allocate): Accumulators {
  const { combine, neutral } = combining(name, float);
  const sums = Array.from({ length: VECTORS }, () => local('v128'));
  const [result] = sums as [Local];
  const upperHalf = (vector: Local, count: number) =>
    shuffle(
      Array.from({ length: 16 }, (_, byte) => (byte + count * float.bytes) % 16),
      vector,
      vector,
    );
  const reset = sums.map((each) => set(each, neutral));
  const fold = [
    halves(VECTORS).flatMap((half) =>
      sums.slice(0, half).map((each, index) => combine(each, sums[index + half]!)),
    ),
    halves(float.lanes).map((half) => combine(result, upperHalf(result, half))),
  ];
  if (!reductions[name].isExact)
    return { reset, add: (index, value) => combine(sums[index]!, value), fold, result };
  // An exact maximum is eight instructions, since it minds NaN and the sign of 0. These are told by two more vectors: a
  // maximum of 0 is -0 if all signs are set, and a minimum if any is.
  const { vector } = float;
  const [nan, signs] = [local('v128'), local('v128')];
  const isMax = name === 'max';
  const join = (other: Operand) => set(signs, op(isMax ? 'v128.and' : 'v128.or', signs, other));
  const zero = vector128(0, 0, 0, 0);
  const sign = op(`${vector}.neg`, zero);
  return {
    reset: [reset, set(nan, zero), set(signs, isMax ? op('v128.not', zero) : zero)],
    add: (index, value) => [
      set(sums[index]!, op(`${vector}.${isMax ? 'pmax' : 'pmin'}`, sums[index]!, value)),
      set(nan, op('v128.or', nan, op(`${vector}.ne`, value, value))),
      join(value),
    ],
    fold: [
      set(result, op('v128.or', result, nan)),
      fold,
      halves(float.lanes).map((half) => join(upperHalf(signs, half))),
      set(
        result,
        op('v128.bitselect', op('v128.and', signs, sign), result, op(`${vector}.eq`, result, zero)),
      ),
    ],
    result,
  };
}

/** run(to, from, outer, n): the axis is the last one, so blocks are contiguous. */
export function alongRows(name: Reduction, float: Float) {
  const { neutral } = combining(name, float);
  const { bytes, lane } = float;
  return {
    name: 'run',
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body: (local, [to, at, outer, n]) => {
      const [row, rowEnd, end, wholeEnd] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const { reset, add, fold, result } = accumulators(name, float, local);
      const value = local('v128');
      const taken = (code: (offset: number) => Code) =>
        Array.from({ length: VECTORS }, (_, index) => [set(value, code(16 * index)), add(index, value)]);
      const left = op('i32.sub', end, at!);
      const masked = (offset: number): Code =>
        op('v128.bitselect', load('v128.load', at!, offset), neutral, isInside(float, offset, left));
      const block: Code = [
        set(end, op('i32.add', at!, blockOf(1) * bytes)),
        set(end, select(op('i32.lt_u', end, rowEnd), end, rowEnd)),
        set(wholeEnd, op('i32.add', at!, op('i32.and', left, -16 * VECTORS))),
        reset,
        loopWhile(op('i32.lt_u', at!, wholeEnd), [
          taken((offset) => load('v128.load', at!, offset)),
          increase(at!, 16 * VECTORS),
        ]),
        when(op('i32.lt_u', at!, end), taken(masked)),
        fold,
        store(`${lane}.store`, to!, extract(`${float.vector}.extract_lane`, 0, result)),
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

/**
 * run(to, from, outer, n, inner): rows of `inner` elements are combined. The last vector of a row moves back to lie
 * inside; what rows narrower than a vector write past their end, the next overwrites.
 */
function alongColumns(name: Reduction, float: Float) {
  const { combine, neutral } = combining(name, float);
  return {
    name: 'run',
    params: ['i32', 'i32', 'i32', 'i32', 'i32'],
    body: (local, [to, from, outer, n, inner]) => {
      const [group, column, row, at] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const [rowBytes, rows, left] = [local('i32'), local('i32'), local('i32')];
      const [start, last] = [local('i32'), local('i32')];
      const sum = local('v128');
      const addColumn: Code = [
        set(sum, neutral),
        set(start, minimum(column, last)),
        set(at, op('i32.add', from!, start)),
        loop(row, 0, rows, 1, [combine(sum, load('v128.load', at)), increase(at, rowBytes)]),
        store('v128.store', op('i32.add', to!, start), sum),
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
        set(last, select(op('i32.lt_u', rowBytes, 16), 0, op('i32.sub', rowBytes, 16))),
        loop(group, 0, outer!, 1, [set(left, n!), loopWhile(op('i32.lt_u', 0, left), block)]),
      ];
    },
  } as const satisfies FunctionSpec;
}
