import { type Data, type DType, expectFloat, promote } from './dtype.ts';
import { result } from './record.ts';
import type { Shape } from './shape.ts';
import type { Tensor } from './tensor.ts';

/** A gradient by one input, made when asked for. */
export type Thunk = () => Tensor;

/**
 * An operation on the structure of tensors. Its gradient rule is written with the operations that users call;
 * broadcasting is undone by the engine, so no rule speaks of it.
 */
export interface StructuralOp<O> {
  readonly name: string;
  readonly doc: string;
  /** The shape of the result, or an error that says what does not fit. */
  readonly shape: (inputs: readonly Tensor[], options: O) => Shape;
  /** The type of the result; absent: the widest of the inputs'. */
  readonly dtype?: (inputs: readonly Tensor[], options: O) => DType;
  /** The elements of the result. */
  readonly kernel: (inputs: readonly Tensor[], shape: Shape, dtype: DType, options: O) => Data;
  /** The gradients by the inputs, from the gradient by the result, the inputs and the result. */
  readonly vjp: (g: Tensor, inputs: readonly Tensor[], y: Tensor, options: O) => readonly Thunk[];
  /** What the tests try: shapes of the inputs, and options. */
  readonly samples: readonly { readonly shapes: readonly Shape[]; readonly options: O }[];
}

/** Lets the compiler check an operation against its options. */
export const define = <O>(op: StructuralOp<O>): StructuralOp<O> => op;

/** Applies an operation, recording it where a gradient may be asked for. */
export function apply<O>(op: StructuralOp<O>, inputs: readonly Tensor[], options: O): Tensor {
  const dtype =
    op.dtype?.(inputs, options) ??
    promote(
      op.name,
      inputs.map((x) => x.dtype),
    );
  const shape = op.shape(inputs, options);
  const data = op.kernel(inputs, shape, dtype, options);
  return result(op.name, inputs, { shape, dtype, data }, (g, saved, y) => op.vjp(g, saved, y, options));
}

/** The type rule of operations that are defined for float32 and float64 alone. */
export const floating = (name: string) => (inputs: readonly Tensor[]) =>
  expectFloat(
    name,
    promote(
      name,
      inputs.map((x) => x.dtype),
    ),
  );
