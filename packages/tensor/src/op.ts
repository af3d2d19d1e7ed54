// The one place through which every primitive is applied: its shape and type are found, its kernel runs, or, inside
// vmap and jvp, the transformation takes it; then it is recorded where a gradient may be asked for.

import type { Strided } from '@leibniz/kernels';
import { type Data, type DType, dtypes, expectFloat, promote } from './dtype.ts';
import { DTypeError, TransformError } from './errors.ts';
import type { Pending } from './pending.ts';
import { result } from './record.ts';
import type { Shape } from './shape.ts';
import { internals, type Level, Tensor } from './tensor.ts';

/** A gradient by one input, made when asked for. */
export type Thunk = () => Tensor;

/** The derivative of a result along a direction: the inputs' tangents, undefined for those that do not move. */
type ForwardRule<O> = (
  tangents: readonly (Tensor | undefined)[],
  inputs: readonly Tensor[],
  y: Tensor,
  options: O,
) => Tensor;

/** What the tests try. */
export interface Sample<O> {
  readonly shapes: readonly Shape[];
  /** The type of the inputs; absent: float64. */
  readonly dtype?: 'int32' | 'bool';
  /** Index inputs, which follow these. */
  readonly indices?: readonly { readonly shape: Shape; readonly of: readonly number[] }[];
  readonly options: O;
  /** Makes the inputs proper ones, as symmetric; absent: they may be any. */
  readonly from?: (...x: Tensor[]) => Tensor[];
}

/**
 * A primitive operation. Its rules are written with the operations that users call; broadcasting is undone by the
 * engine, so no gradient rule speaks of it.
 */
export interface Op<O> {
  readonly name: string;
  readonly doc: string;
  /** The shape of the result, or an error that says what does not fit. */
  readonly shape: (inputs: readonly Tensor[], options: O) => Shape;
  /** The type of the result, or an error. */
  readonly dtype: (inputs: readonly Tensor[], options: O) => DType;
  /** The elements of the result: new ones, or where they lie among the inputs', or a product that waits. */
  readonly kernel: (
    inputs: readonly Tensor[],
    shape: Shape,
    dtype: DType,
    options: O,
  ) => Data | Strided | Pending;
  /** Reverse mode: the gradients by the inputs, from that by the result; undefined where there is none. */
  readonly vjp: (
    g: Tensor,
    inputs: readonly Tensor[],
    y: Tensor,
    options: O,
  ) => readonly (Thunk | undefined)[];
  /** Forward mode. Linear operations are their own derivative: in all inputs together, or in each by itself. */
  readonly jvp: 'linear' | 'multilinear' | ForwardRule<O>;
  /** vmap: the result for a whole batch, which is the first axis of the inputs that have one, and of the result. */
  readonly batch: (
    inputs: readonly Tensor[],
    isBatched: readonly boolean[],
    options: O,
    size: number,
  ) => Tensor;
  readonly samples: () => readonly Sample<O>[];
}

/** Lets the compiler check an operation against its options. */
export const define = <O>(op: Op<O>): Op<O> => op;

/** A function that gives its value together with its gradient. */
export type Custom = (...x: Tensor[]) => {
  readonly value: Tensor;
  /** From the gradient by the value to those by the arguments. */
  readonly gradient: (g: Tensor) => Tensor | readonly Tensor[];
};

/** How a transformation that is at work applies to what it traces. */
export interface Interpreter {
  apply<O>(op: Op<O>, inputs: readonly Tensor[], options: O): Tensor;
  custom(f: Custom, inputs: readonly Tensor[]): Tensor;
}

const interpreters: Interpreter[] = [];

/** Runs a function one level further in. */
export function transformed<R>(
  transform: Level['transform'],
  interpreterAt: (level: Level) => Interpreter,
  run: (level: Level) => R,
): R {
  const level = { transform, depth: interpreters.length + 1, isOver: false };
  interpreters.push(interpreterAt(level));
  try {
    return run(level);
  } finally {
    interpreters.pop();
    level.isOver = true;
  }
}

/** Applies an operation; errors and the record know it by its name, or by that of the operation that it stands for. */
export function apply<O>(op: Op<O>, inputs: readonly Tensor[], options: O, name = op.name): Tensor {
  const dtype = op.dtype(inputs, options);
  const shape = op.shape(inputs, options);
  const interpreter = interpreterFor(inputs);
  const y =
    interpreter === undefined
      ? new Tensor(shape, dtype, op.kernel(inputs, shape, dtype, options))
      : interpreter.apply(op, inputs, options);
  return result(name, inputs, y, (g, saved) => op.vjp(g, saved, y, options));
}

/** The innermost transformation that traces one of the inputs, if any does. */
export function interpreterFor(inputs: readonly Tensor[]): Interpreter | undefined {
  let depth = 0;
  for (const x of inputs) {
    const level = internals.trace(x)?.level;
    if (level === undefined) continue;
    if (level.isOver) {
      throw new TransformError(
        'ERR_TRANSFORM_ESCAPED',
        `Cannot use a tensor from inside ${level.transform} after its end: return it from the function instead`,
      );
    }
    depth = Math.max(depth, level.depth);
  }
  return interpreters[depth - 1];
}

/** The type rule of operations whose result has the widest of the inputs' types. */
export const promoted = (name: string) => (inputs: readonly Tensor[]) =>
  promote(
    name,
    inputs.map((x) => x.dtype),
  );

/** The type rule of operations that are defined for float32 and float64 alone. */
export const floating = (name: string) => (inputs: readonly Tensor[]) =>
  expectFloat(name, promoted(name)(inputs));

/** The type rule of operations on numbers of any kind. */
export const numeric = (name: string) => (inputs: readonly Tensor[]) => {
  const dtype = promoted(name)(inputs);
  const { kind } = dtypes[dtype];
  if (kind === 'float' || kind === 'integer') return dtype;
  const remedy = kind === 'bool' ? 'int32' : 'float32';
  throw new DTypeError(
    `Cannot apply ${name} to ${dtype}: it is defined for floats and integers; convert with .astype('${remedy}')`,
  );
};
