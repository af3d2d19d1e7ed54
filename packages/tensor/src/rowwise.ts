// Formulas over the last axis: reductions and what is done with their results, as one kernel, and their gradients as
// another, as elementwise formulas are. Softmax, normalisation and losses are made of this.

import { compileRows, copyStrided, type FloatArray, type RowKernel } from '@leibniz/kernels';
import { dualRow, gradientFormula, type Row, type RowFormula } from './adjoint.ts';
import { expectFloat, type FloatDType, promote } from './dtype.ts';
import { broadcastTo, ranked } from './movement.ts';
import { apply, define } from './op.ts';
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf } from './shape.ts';
import { roomFor } from './storage.ts';
import { internals, type Operand, type Tensor } from './tensor.ts';

export type { RowFormula };

export interface RowwiseOptions {
  readonly name: string;
  readonly dtype: FloatDType;
  readonly formula: RowFormula;
  /** Numbers, and null for each input. */
  readonly operands: readonly (number | null)[];
  /** What all operands broadcast to. */
  readonly shape: Shape;
}

/** What an operand has one value for: each element, each column, each row, or all together. */
type Kind = 'matrix' | 'row' | 'column' | 'scalar';

function kindOf(x: Operand, shape: Shape): Kind {
  if (typeof x === 'number') return 'scalar';
  if (sameShape(x.shape, shape)) return 'matrix';
  if (x.size === 1) return 'scalar';
  const n = shape.at(-1)!;
  if (x.size === n && x.shape.at(-1) === n) return 'row';
  return x.shape.at(-1) === 1 && x.size === sizeOf(shape) / n ? 'column' : 'matrix';
}

const isLong = (kind: Kind) => kind === 'matrix' || kind === 'row';

/** Formulas of kernels, which have no derivatives. */
const plain =
  (formula: RowFormula) =>
  <T, C>($: Omit<Row<T, C>, 'stop'>, ...x: T[]): T =>
    formula({ ...$, stop: (x: T) => x } as Row<T, C>, ...x);

const knownKernels = new WeakMap<RowFormula, Map<string, RowKernel>>();

function kernelOf({ dtype, formula }: RowwiseOptions, kinds: readonly Kind[]): RowKernel {
  const known = knownKernels.get(formula) ?? new Map<string, RowKernel>();
  knownKernels.set(formula, known);
  const key = `${dtype} ${kinds}`;
  const found = known.get(key) ?? compileRows({ dtype, inputs: kinds }, plain(formula));
  known.set(key, found);
  return found;
}

const knownGradients = new WeakMap<RowFormula, Map<string, RowFormula>>();

/** The same formula each time, so that its kernel is known. */
function gradientOf(formula: RowFormula, areLong: readonly boolean[], by: number): RowFormula {
  const known = knownGradients.get(formula) ?? new Map<string, RowFormula>();
  knownGradients.set(formula, known);
  const key = `${areLong} ${by}`;
  const found = known.get(key) ?? gradientFormula(formula, areLong, by);
  known.set(key, found);
  return found;
}

const filled = ({ operands }: RowwiseOptions, inputs: readonly Tensor[]): Operand[] => {
  let at = 0;
  return operands.map((x) => x ?? inputs[at++]!);
};

/** What each input is among the operands. */
const placesOf = ({ operands }: RowwiseOptions): number[] =>
  operands.flatMap((x, at) => (x === null ? [at] : []));

const kindsOf = (options: RowwiseOptions, inputs: readonly Tensor[]): Kind[] =>
  filled(options, inputs).map((x) => kindOf(x, options.shape));

/** The elements of an operand as a kernel takes them. */
function kernelInput(x: Operand, kind: Kind, shape: Shape, dtype: FloatDType): FloatArray | number {
  if (typeof x === 'number') return x;
  if (kind === 'scalar') return (internals.data(x) as FloatArray)[0]!;
  const isSpread = kind === 'matrix' && !sameShape(x.shape, shape);
  if (!isSpread) return internals.data(x) as FloatArray;
  const { data, strides, offset } = internals.strided(x);
  const out = roomFor(dtype, sizeOf(shape));
  return copyStrided(out, data, shape, broadcastStrides(x.shape, shape, strides), offset) as FloatArray;
}

export const rowOp = define<RowwiseOptions>({
  name: 'rowwise',
  doc: 'A formula over the last axis, with reductions along it.',
  shape: (inputs, options) => {
    const kinds = kindsOf(options, inputs);
    const { shape } = options;
    return kernelOf(options, kinds).isMatrix[0] ? shape : [...shape.slice(0, -1), 1];
  },
  dtype: (_, { dtype }) => dtype,
  kernel: (inputs, shape, dtype, options) => {
    const out = roomFor(dtype, sizeOf(shape)) as FloatArray;
    if (out.length === 0) return out;
    const kinds = kindsOf(options, inputs);
    const n = options.shape.at(-1)!;
    const values = filled(options, inputs).map((x, at) =>
      kernelInput(x, kinds[at]!, options.shape, options.dtype),
    );
    return kernelOf(options, kinds)(out, { m: sizeOf(options.shape.slice(0, -1)), n }, ...values);
  },
  vjp: (g, inputs, _, options) => {
    const values = filled(options, inputs);
    const areLong = kindsOf(options, inputs).map(isLong);
    return placesOf(options).map((index) => () => {
      const rule = gradientOf(options.formula, areLong, index);
      const { name, dtype, shape } = options;
      const made = applied(`gradient of ${name}`, dtype, rule, [g, ...values], shape);
      // The gradient of a sum is the same for all of its terms.
      return areLong[index] && !sameShape(made.shape, shape) ? broadcastTo(made, shape) : made;
    });
  },
  jvp: (moving, inputs, y, options) => {
    const values = filled(options, inputs);
    const places = placesOf(options).filter((_, at) => moving[at] !== undefined);
    const rule: RowFormula = ($, ...x) => {
      const duals = values.map((_, at) => {
        const direction = places.indexOf(at);
        return direction < 0 ? { value: x[at]! } : { value: x[at]!, tangent: x[values.length + direction]! };
      });
      return options.formula(dualRow($), ...duals).tangent ?? $.int(0);
    };
    const tangents = moving.filter((x) => x !== undefined);
    const { name, dtype, shape } = options;
    const made = applied(`tangent of ${name}`, dtype, rule, [...values, ...tangents], shape);
    return sameShape(made.shape, y.shape) ? made : broadcastTo(made, y.shape);
  },
  batch: (inputs, isBatched, options, size) => {
    const { name, dtype, formula, shape } = options;
    const aligned = inputs.map((x, at) => (isBatched[at] ? ranked(x, shape.length + 1) : x));
    return applied(name, dtype, formula, filled(options, aligned), [size, ...shape]);
  },
  samples: () => [
    sample(softmaxFormula, [3]),
    sample(softmaxFormula, [2, 4]),
    sample(($, x) => $.reduce('sum', $.square(x)), [2, 3]),
    sample(($, x) => $.mul(x, $.reduce('max', x)), [3, 2]),
    sample(($, x) => $.sub($.reduce('max', x), $.reduce('min', $.sin(x))), [4]),
    sample(
      ($, x, w) => $.mul($.div(x, $.sqrt($.add($.int(1), $.reduce('sum', $.square(x))))), w),
      [2, 3],
      [3],
    ),
    sample(($, x, c) => $.reduce('sum', $.mul($.sin(x), $.exp(c))), [2, 1, 3], [2, 1, 1]),
    sample(($, x, c, y) => $.add($.mul(c, y), $.mul(x, $.reduce('sum', $.mul(x, c)))), [2, 3], [2, 1], []),
    sample(($, x, y) => $.reduce('sum', $.mul(x, $.square(y))), [2, 2, 3], [2, 1, 3]),
    sample(($, x, c) => $.mul($.reduce('sum', c), $.div($.reduce('sum', x), $.columns)), [3, 2], [3, 1]),
    sample(($, x) => $.mul(x, $.stop($.columns)), [2, 1]),
    sample(softmaxFormula, [0, 3]),
  ],
});

function sample(formula: RowFormula, ...shapes: readonly Shape[]) {
  const shape = shapes.reduce((a, b) => broadcastShapes('rowwise', a, b));
  const options: RowwiseOptions = {
    name: 'rowwise',
    dtype: 'float64',
    formula,
    operands: shapes.map(() => null),
    shape,
  };
  return { shapes, options };
}

/** The largest value of the row as a constant, or 0 where it is not finite: no exponent less it is too large. */
export const largest = <T, C>($: Row<T, C>, x: T): T => {
  const top = $.reduce('max', $.stop(x));
  return $.where($.equal($.sub(top, top), $.int(0)), top, $.int(0));
};

export const softmaxFormula: RowFormula = ($, x) => {
  const powers = $.exp($.sub(x, largest($, x)));
  return $.mul(powers, $.inv($.reduce('sum', powers)));
};

function applied(
  name: string,
  dtype: FloatDType,
  formula: RowFormula,
  operands: readonly Operand[],
  shape: Shape,
): Tensor {
  const inputs = operands.filter((x): x is Tensor => typeof x !== 'number');
  const kept = operands.map((x) => (typeof x === 'number' ? x : null));
  return apply(rowOp, inputs, { name, dtype, formula, operands: kept, shape }, name);
}

/** Applies a formula to rows along the last axis: a result for each element, or, with that axis of length 1, for each row. */
export function rowwise(name: string, formula: RowFormula, ...operands: Operand[]): Tensor {
  const tensors = operands.filter((x): x is Tensor => typeof x !== 'number');
  const types = tensors.map((x) => x.dtype);
  const dtype = expectFloat(name, promote(name, types));
  const shape = tensors.reduce<Shape>((found, x) => broadcastShapes(name, found, x.shape), []);
  return applied(name, dtype, formula, operands, shape);
}
