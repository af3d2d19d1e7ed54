// All elementwise operations are one mechanism: a formula over the carrier runs as one fused kernel, and its gradient
// is the same formula over dual numbers, run as another, so that derivatives of every order are formulas too.

import { compileMap, type FloatArray, type MapInput } from '@leibniz/kernels';
import {
  type BinaryName,
  type Carrier,
  type Dual,
  dual,
  NotDifferentiableError,
  ops,
  type UnaryName,
} from '@leibniz/ops';
import { allocate, type Data, type DType, expectFloat, type FloatDType, promote } from './dtype.ts';
import { DTypeError } from './errors.ts';
import { type Pullback, result } from './record.ts';
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf } from './shape.ts';
import { internals, Tensor } from './tensor.ts';

/** A formula with one result. */
export type Formula = <T, C>($: Carrier<T, C>, ...x: T[]) => T;

/** A formula with several results. */
export type Formulas = <T, C>($: Carrier<T, C>, ...x: T[]) => readonly T[];

/** A number adopts the type of the tensors beside it. */
export type Operand = Tensor | number;

const isTensor = (x: Operand): x is Tensor => typeof x !== 'number';

/**
 * Applies a formula to each element, as one kernel, with broadcasting; gradients of every order follow from the
 * formula. Tensors of type bool enter as 1 and 0.
 *
 * @example
 * import { elementwise, tensor } from '@leibniz/tensor';
 * const x = tensor([0, 1, 2], { requiresGrad: true });
 * const y = elementwise(($, x) => $.div(x, $.add($.int(1), $.mul(x, x))), x);
 * y.sum().backward();
 * y.toArray(); // => [ 0, 0.5, 0.4000000059604645 ]
 * x.grad?.toArray(); // => [ 1, 0, -0.11999998986721039 ]
 */
export function elementwise(formula: Formula, ...operands: Operand[]): Tensor {
  const numeric = operands.filter(isTensor).filter((x) => x.dtype !== 'bool');
  return apply('elementwise', commonFloat('elementwise', numeric), formula, operands, tangents(formula));
}

function commonFloat(op: string, operands: readonly Operand[]): FloatDType {
  const types = operands.filter(isTensor).map((x) => x.dtype);
  return expectFloat(op, types.length === 0 ? 'float32' : promote(op, types));
}

/** The formula for the gradient by one operand, of the gradient, the operands and the result. */
type GradientFormula = (index: number) => Formula;

/** J'g = Jg for a map of single elements, so the gradient by an operand is the tangent along g. */
const tangents =
  (formula: Formula): GradientFormula =>
  (index) =>
  ($, g, ...rest) => {
    const x = rest.slice(0, -1);
    const moved = x.map((value, at) => (at === index ? { value, tangent: g } : { value }));
    return formula(dualsOver($), ...moved).tangent ?? $.int(0);
  };

const knownDuals = new WeakMap<object, unknown>();

function dualsOver<T, C>($: Carrier<T, C>): Carrier<Dual<T>, C> {
  if (!knownDuals.has($)) knownDuals.set($, dual($));
  return knownDuals.get($) as Carrier<Dual<T>, C>;
}

/**
 * Applies a formula with several results to each element, as one kernel; otherwise as `elementwise`.
 *
 * @example
 * import { fuse, tensor } from '@leibniz/tensor';
 * const polar = fuse(($, x, y) => [$.hypot(x, y), $.atan2(y, x)], tensor([3, 0]), tensor([4, 1]));
 * polar.map((x) => x.toArray()); // => [ [ 5, 1 ], [ 0.9272952079772949, 1.5707963705062866 ] ]
 */
export function fuse(formula: Formulas, ...operands: Operand[]): Tensor[] {
  const dtype = commonFloat(
    'fuse',
    operands.filter(isTensor).filter((x) => x.dtype !== 'bool'),
  );
  const shape = broadcast('fuse', operands);
  const kernel = compileMap({ dtype, inputs: operands.map(kindOf) }, formula);
  const outs = Array.from({ length: kernel.results }, () => allocate(dtype, sizeOf(shape)) as FloatArray);
  kernel(outs, ...operands.map((x) => kernelInput(x, shape)));
  return outs.map((data, at) => {
    const gradient = tangents(($, ...x) => formula($, ...x)[at]!);
    return recorded('fuse', { shape, dtype, data }, operands, kernel.reads, gradient);
  });
}

function apply(
  op: string,
  dtype: FloatDType,
  formula: Formula,
  operands: readonly Operand[],
  gradient: GradientFormula,
): Tensor {
  const shape = broadcast(op, operands);
  const { data, reads } = run(dtype, shape, formula, operands);
  return recorded(op, { shape, dtype, data }, operands, reads, gradient);
}

/** The result of a formula, with the formulas of its gradients by the operands that it reads. */
function recorded(
  op: string,
  value: { readonly shape: Shape; readonly dtype: FloatDType; readonly data: Data },
  operands: readonly Operand[],
  reads: readonly boolean[],
  gradient: GradientFormula,
): Tensor {
  const read = operands.flatMap((x, index) => (isTensor(x) && reads[index] ? [{ x, index }] : []));
  const pullback: Pullback = (g, saved, y) => {
    const values = [...operands];
    for (const [at, { index }] of read.entries()) values[index] = saved[at]!;
    return read.map(({ index }) => () => {
      const rule = gradient(index);
      return apply(`gradient of ${op}`, value.dtype, rule, [g, ...values, y], tangents(rule));
    });
  };
  return result(
    op,
    read.map(({ x }) => x),
    value,
    pullback,
  );
}

const broadcast = (op: string, operands: readonly Operand[]): Shape =>
  operands.filter(isTensor).reduce<Shape>((shape, x) => broadcastShapes(op, shape, x.shape), []);

/** Runs the formula over elements broadcast to the shape; a formula that gives back one of them copies nothing. */
function run(dtype: FloatDType, shape: Shape, formula: Formula, operands: readonly Operand[]) {
  const kernel = compileMap({ dtype, inputs: operands.map(kindOf) }, formula);
  const passed = operands[kernel.passes ?? -1];
  if (passed !== undefined && isTensor(passed) && passed.dtype === dtype && sameShape(passed.shape, shape)) {
    return { data: internals.data(passed), reads: kernel.reads };
  }
  const out = allocate(dtype, sizeOf(shape)) as FloatArray;
  const data = kernel(out, ...operands.map((x) => kernelInput(x, shape)));
  return { data, reads: kernel.reads };
}

const kindOf = (x: Operand) => (isTensor(x) && x.size !== 1 ? 'array' : 'scalar');

function kernelInput(x: Operand, shape: Shape): MapInput {
  if (!isTensor(x)) return x;
  const data = internals.data(x);
  if (data.length === 1) return data[0]!;
  if (sameShape(x.shape, shape)) return data;
  return { data, shape, strides: broadcastStrides(x.shape, shape), offset: 0 };
}

/** The operation of the table by this name; its gradient is the rule of the table, which uses the saved result. */
export function unary(name: UnaryName): (x: Operand) => Tensor {
  const { partial } = ops.unary[name];
  const formula: Formula = ($, x) => $[name](x);
  const gradient: GradientFormula = () => ($, g, x, y) => $.mul(partial($, x, y), g);
  return (x) => apply(name, commonFloat(name, [x]), formula, [x], gradient);
}

export function binary(name: BinaryName): (a: Operand, b: Operand) => Tensor {
  const { partials } = ops.binary[name];
  const formula: Formula = ($, a, b) => $[name](a, b);
  const gradient: GradientFormula = (index) => {
    const partial = partials[index];
    if (!partial) throw new NotDifferentiableError(name, index);
    return ($, g, a, b, y) => $.mul(partial($, a, b, y), g);
  };
  return (a, b) => apply(name, commonFloat(name, [a, b]), formula, [a, b], gradient);
}

/**
 * `a` where the condition is true, `b` elsewhere; gradients reach the one that was taken.
 *
 * @example
 * import { greater, tensor, where } from '@leibniz/tensor';
 * const x = tensor([-2, 3]);
 * where(greater(x, 0), x, 0).toArray(); // => [ 0, 3 ]
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  if (condition.dtype !== 'bool') {
    throw new DTypeError(
      `Cannot choose by a condition of ${condition.dtype}: it must be bool; compare, or convert with .astype('bool')`,
    );
  }
  const formula: Formula = ($, c, a, b) => $.where($.equal(c, $.int(0)), b, a);
  return apply('where', commonFloat('where', [a, b]), formula, [condition, a, b], tangents(formula));
}

type Condition = <T, C>($: Carrier<T, C>, a: T, b: T) => C;

/** Integers and booleans are compared as doubles, which hold them exactly. */
function comparison(name: string, condition: Condition): (a: Operand, b: Operand) => Tensor {
  const formula: Formula = ($, a, b) => $.where(condition($, a, b), $.int(1), $.int(0));
  return (a, b) => {
    const operands = [a, b];
    const types = operands.filter(isTensor).map((x) => x.dtype);
    const common: DType = types.length === 0 ? 'float64' : promote(name, types);
    const shape = broadcast(name, operands);
    const { data } = run(common === 'float32' ? common : 'float64', shape, formula, operands);
    return new Tensor(shape, 'bool', Uint8Array.from(data));
  };
}

/**
 * Comparisons, as type bool; NaN is unequal to all.
 *
 * @example
 * import { less, tensor } from '@leibniz/tensor';
 * less(tensor([1, 2, 3]), 2).toArray(); // => [ true, false, false ]
 */
export const less = comparison('less', ($, a, b) => $.less(a, b));
export const lessEqual = comparison('lessEqual', ($, a, b) => $.lessEqual(a, b));
export const greater = comparison('greater', ($, a, b) => $.less(b, a));
export const greaterEqual = comparison('greaterEqual', ($, a, b) => $.lessEqual(b, a));
export const equal = comparison('equal', ($, a, b) => $.equal(a, b));
export const notEqual = comparison('notEqual', ($, a, b) => $.not($.equal(a, b)));
