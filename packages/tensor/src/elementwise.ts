// All elementwise operations are one mechanism: a formula over the carrier runs as one fused kernel, and its gradient
// is the same formula over dual numbers, run as another, so that derivatives of every order are formulas too.

import { compileMap, evaluate, type FloatArray, type MapInput, type MapKernel } from '@leibniz/kernels';
import {
  type BinaryName,
  type Carrier,
  type Dual,
  dual,
  NotDifferentiableError,
  ops,
  type UnaryName,
} from '@leibniz/ops';
import { allocate, type Data, expectFloat, type FloatDType, promote } from './dtype.ts';
import { ranked } from './movement.ts';
import { apply, define } from './op.ts';
import { result } from './record.ts';
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf } from './shape.ts';
import { roomFor } from './storage.ts';
import { internals, type Operand, Tensor } from './tensor.ts';

/** A formula with one result. */
export type Formula = <T, C>($: Carrier<T, C>, ...x: T[]) => T;

/** A formula with several results. */
export type Formulas = <T, C>($: Carrier<T, C>, ...x: T[]) => readonly T[];

export const isTensor = (x: Operand): x is Tensor => typeof x !== 'number';

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
  return applied('elementwise', commonFloat('elementwise', numeric), formula, operands, tangents(formula));
}

/** A choice by a condition of type bool, of floats. */
export const choice = (condition: Tensor, a: Operand, b: Operand): Tensor => {
  const formula: Formula = ($, c, a, b) => $.where($.equal(c, $.int(0)), b, a);
  return applied('where', commonFloat('where', [a, b]), formula, [condition, a, b], tangents(formula));
};

export function commonFloat(op: string, operands: readonly Operand[]): FloatDType {
  const types = operands.filter(isTensor).map((x) => x.dtype);
  return expectFloat(op, types.length === 0 ? 'float32' : promote(op, types));
}

/** The formula for the gradient by one operand, of the gradient, the operands and the result. */
type GradientFormula = (index: number) => Formula;

/** J'g = Jg for a map of single elements, so the gradient by an operand is the tangent along g. */
function tangents(formula: Formula): GradientFormula {
  return (index) => {
    const known = knownTangents.get(formula) ?? [];
    knownTangents.set(formula, known);
    known[index] ??= ($, g, ...rest) => {
      const x = rest.slice(0, -1);
      const moved = x.map((value, at) => (at === index ? { value, tangent: g } : { value }));
      return formula(dualsOver($), ...moved).tangent ?? $.int(0);
    };
    return known[index];
  };
}

const knownTangents = new WeakMap<Formula, Formula[]>();

/** The kernel of a formula; one that comes again is known by itself, and need not be looked through. */
export function kernelOf(
  dtype: FloatDType,
  operands: readonly Operand[],
  formula: Formulas | Formula,
): MapKernel {
  let known = knownKernels.get(formula);
  if (known === undefined) {
    known = { float32: new Map(), float64: new Map() };
    knownKernels.set(formula, known);
  }
  let kinds = '';
  for (const x of operands) kinds += kindOf(x) === 'array' ? 'a' : 's';
  let found = known[dtype].get(kinds);
  if (found === undefined) {
    found = compileMap({ dtype, inputs: operands.map(kindOf) }, formula);
    known[dtype].set(kinds, found);
  }
  return found;
}

/** The kernels of a formula, by which of its operands are arrays. */
const knownKernels = new WeakMap<Formulas | Formula, Record<FloatDType, Map<string, MapKernel>>>();

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
  const part =
    (at: number): Formula =>
    ($, ...x) =>
      formula($, ...x)[at]!;
  const shape = broadcast('fuse', operands);
  const kernel = kernelOf(dtype, operands, formula);
  const indices = Array.from({ length: kernel.results }, (_, at) => at);
  if (operands.some((x) => isTensor(x) && internals.trace(x) !== undefined)) {
    return indices.map((at) => applied('fuse', dtype, part(at), operands, tangents(part(at)), shape));
  }
  const outs = indices.map(() => roomFor(dtype, sizeOf(shape)) as FloatArray);
  kernel(outs, ...operands.map((x) => kernelInput(x, shape)));
  return outs.map((data, at) => {
    const gradient = tangents(part(at));
    const { inputs, options } = split('fuse', dtype, part(at), operands, gradient, shape, kernel);
    const y = new Tensor(shape, dtype, data);
    return result('fuse', inputs, y, (g, saved) => formulaOp.vjp(g, saved, y, options));
  });
}

export interface FormulaOptions {
  readonly name: string;
  readonly dtype: FloatDType;
  readonly formula: Formula;
  readonly gradient: GradientFormula;
  /** Numbers, tensors that the formula does not look at, and null for each input. */
  readonly operands: readonly (Operand | null)[];
  readonly shape: Shape;
  readonly kernel: MapKernel;
}

const filled = ({ operands }: FormulaOptions, inputs: readonly Tensor[]): Operand[] => {
  let at = 0;
  return operands.map((x) => x ?? inputs[at++]!);
};

/** What each input is among the operands. */
const placesOf = ({ operands }: FormulaOptions): number[] =>
  operands.flatMap((x, at) => (x === null ? [at] : []));

/** The primitive of all elementwise operations of floats. */
export const formulaOp = define<FormulaOptions>({
  name: 'elementwise',
  doc: 'A formula of elements, broadcast.',
  shape: (_, { shape }) => shape,
  dtype: (_, { dtype }) => dtype,
  kernel: (inputs, shape, dtype, options) => {
    const { kernel } = options;
    const operands = filled(options, inputs);
    const passed = operands[kernel.passes ?? -1];
    if (passed !== undefined && isTensor(passed) && passed.dtype === dtype && sameShape(passed.shape, shape))
      return internals.elements(passed);
    if (inputs.some((x) => internals.pending(x))) {
      const made = atEndOfProduct(options, operands, shape, dtype as FloatDType);
      if (made) return made;
    }
    const values = operands.map((x, at) => (kernel.reads[at] ? kernelInput(x, shape) : null));
    if (sizeOf(shape) === 1) {
      const numbers = values.map((value) => (typeof value === 'number' ? value : 0));
      return allocate(dtype, 1).fill(evaluate(dtype as FloatDType, options.formula, ...numbers));
    }
    const compute = (to: Data, from: readonly (MapInput | null)[]) =>
      kernel(to as FloatArray, ...from.map((value, at) => value ?? unread(operands[at]!, to as FloatArray)));
    const out = roomFor(dtype, sizeOf(shape), () => ({
      sources: values.map((value, at) =>
        typeof value === 'object' && value !== null ? internals.source(operands[at] as Tensor) : undefined,
      ),
      compute: (to, sources) =>
        compute(
          to,
          values.map((value, at) => within(value, sources[at])),
        ),
    }));
    return compute(out, values);
  },
  vjp: (g, inputs, y, options) => {
    const values = filled(options, inputs);
    return placesOf(options).map((index) => () => {
      const rule = options.gradient(index);
      return applied(`gradient of ${options.name}`, options.dtype, rule, [g, ...values, y], tangents(rule));
    });
  },
  // The same formula over dual numbers.
  jvp: (moving, inputs, y, options) => {
    const { name, dtype, formula, shape } = options;
    const values = filled(options, inputs);
    const places = placesOf(options).filter((_, at) => moving[at] !== undefined);
    const rule: Formula = ($, ...x) => {
      const duals = values.map((_, at) => {
        const direction = places.indexOf(at);
        return direction < 0 ? { value: x[at]! } : { value: x[at]!, tangent: x[values.length + direction]! };
      });
      return formula(dualsOver($), ...duals).tangent ?? $.int(0);
    };
    const tangent = moving.filter((x) => x !== undefined);
    return applied(
      `tangent of ${name}`,
      dtype,
      rule,
      [...values, ...tangent],
      tangents(rule),
      y.shape ?? shape,
    );
  },
  batch: (inputs, isBatched, options, size) => {
    const { name, dtype, formula, gradient, shape } = options;
    const aligned = inputs.map((x, at) => (isBatched[at] ? ranked(x, shape.length + 1) : x));
    const operands = filled(options, aligned).map((x, at) =>
      options.operands[at] === null ? x : numberOf(x),
    );
    return applied(name, dtype, formula, operands, gradient, [size, ...shape]);
  },
  samples: () => [
    sample(($, x) => $.log($.add($.int(1), $.exp(x))), [3]),
    sample(($, x) => $.sin(x), []),
    sample(($, a, b) => $.mul(a, b), [2, 3], [3]),
    sample(($, a, b) => $.div(a, $.add($.int(3), b)), [3], [2, 1]),
    sample(($, a, b) => $.sub($.exp(a), $.square(b)), [], [2]),
    sample(($, a, b) => $.hypot(a, b), [2, 1, 3], [2, 1]),
    sample(($, a, b, c) => $.mul($.sin(a), $.add(b, $.mul(a, c))), [2, 1], [3], []),
    sample(($, a, b) => $.mul(a, b), [0, 2], [1, 2]),
    sample((_, __, b) => b, [2, 2], [2]),
  ],
});

/** The formula at the end of a product that one of its operands waits for, if the other operands lie like it. */
function atEndOfProduct(
  { formula, kernel }: FormulaOptions,
  operands: readonly Operand[],
  shape: Shape,
  dtype: FloatDType,
): Data | undefined {
  const at = operands.findIndex((x) => isTensor(x) && internals.pending(x));
  const product = operands[at] as Tensor;
  if (!sameShape(product.shape, shape) || product.dtype !== dtype) return undefined;
  const isFurther = (_: Operand, index: number) => index !== at && kernel.reads[index]!;
  const further = operands.filter(isFurther);
  const isWhole = (x: Operand) =>
    !isTensor(x) || x.size === 1 || (sameShape(x.shape, shape) && x.dtype === dtype);
  if (!further.every(isWhole)) return undefined;
  const inputs = further.map((x) => kernelInput(x, shape));
  if (inputs.some((input) => typeof input !== 'number' && !ArrayBuffer.isView(input))) return undefined;
  const rest = ending(formula, at, kernel.reads);
  // It waits no more if it is among the other operands, too.
  return internals.pending(product)?.compute({ formula: rest, inputs: inputs as (FloatArray | number)[] });
}

/** The formula as a function of one operand and then of the others that it looks at; the same one each time. */
function ending(formula: Formula, at: number, reads: readonly boolean[]): Formula {
  const known = knownEndings.get(formula) ?? [];
  knownEndings.set(formula, known);
  known[at] ??= ($, product, ...further) => {
    const rest = [...further];
    return formula(
      $,
      ...reads.map((isRead, index) => (index === at ? product! : isRead ? rest.shift()! : $.int(0))),
    );
  };
  return known[at];
}

const knownEndings = new WeakMap<Formula, Formula[]>();

/** Operands that are not looked at keep their shapes from broadcasting alone, so any number stands for them. */
const numberOf = (x: Operand): number => (isTensor(x) ? 0 : x);

function sample(formula: Formula, ...shapes: readonly Shape[]) {
  const operands = shapes.map((shape) => new Tensor(shape, 'float64', allocate('float64', sizeOf(shape))));
  const shape = broadcast('elementwise', operands);
  const kernel = compileMap({ dtype: 'float64', inputs: operands.map(kindOf) }, formula);
  const { inputs, options } = split(
    'elementwise',
    'float64',
    formula,
    operands,
    tangents(formula),
    shape,
    kernel,
  );
  return { shapes: inputs.map((x) => x.shape), options };
}

/** Operands as inputs, those that the formula looks at, and options. */
function split(
  name: string,
  dtype: FloatDType,
  formula: Formula,
  operands: readonly Operand[],
  gradient: GradientFormula,
  shape: Shape,
  kernel: MapKernel,
): { inputs: Tensor[]; options: FormulaOptions } {
  const isInput = (x: Operand, at: number): x is Tensor => isTensor(x) && kernel.reads[at]!;
  return {
    inputs: operands.filter(isInput),
    options: {
      name,
      dtype,
      formula,
      gradient,
      operands: operands.map((x, at) => (isInput(x, at) ? null : x)),
      shape,
      kernel,
    },
  };
}

function applied(
  name: string,
  dtype: FloatDType,
  formula: Formula,
  operands: readonly Operand[],
  gradient: GradientFormula,
  shape: Shape = broadcast(name, operands),
): Tensor {
  const kernel = kernelOf(dtype, operands, formula);
  const { inputs, options } = split(name, dtype, formula, operands, gradient, shape, kernel);
  return apply(formulaOp, inputs, options, name);
}

export function broadcast(op: string, operands: readonly Operand[]): Shape {
  let shape: Shape = [];
  for (const x of operands) if (isTensor(x)) shape = broadcastShapes(op, shape, x.shape);
  return shape;
}

const kindOf = (x: Operand) => (isTensor(x) && x.size !== 1 ? 'array' : 'scalar');

export function kernelInput(x: Operand, shape: Shape): MapInput {
  if (!isTensor(x)) return x;
  const value = internals.elements(x);
  const isPlain = ArrayBuffer.isView(value);
  if (x.size === 1) return isPlain ? value[0]! : value.data[value.offset]!;
  if (isPlain && sameShape(x.shape, shape)) return value;
  const { data, strides, offset } = isPlain ? internals.strided(x) : value;
  return { data, shape, strides: broadcastStrides(x.shape, shape, strides), offset };
}

/** The same input where its elements lie now. */
function within(input: MapInput | null, data: Data | undefined): MapInput | null {
  if (data === undefined || input === null || typeof input === 'number') return input;
  return ArrayBuffer.isView(input) ? data : { ...input, data };
}

/** Anything of the right kind in the place of an operand that is not looked at. */
const unread = (x: Operand, out: FloatArray): MapInput => (kindOf(x) === 'array' ? out : 0);

/** The operation of the table by this name; its gradient is the rule of the table, which uses the saved result. */
export function unary(name: UnaryName): (x: Operand) => Tensor {
  const { partial } = ops.unary[name];
  const formula: Formula = ($, x) => $[name](x);
  const rule: Formula = ($, g, x, y) => $.mul(partial($, x, y), g);
  const gradient: GradientFormula = () => rule;
  return (x) => applied(name, commonFloat(name, [x]), formula, [x], gradient);
}

export function binary(name: BinaryName): (a: Operand, b: Operand) => Tensor {
  const { partials } = ops.binary[name];
  const formula: Formula = ($, a, b) => $[name](a, b);
  const rules = partials.map(
    (partial): Formula | null => partial && (($, g, a, b, y) => $.mul(partial($, a, b, y), g)),
  );
  const gradient: GradientFormula = (index) => {
    const rule = rules[index];
    if (!rule) throw new NotDifferentiableError(name, index);
    return rule;
  };
  return (a, b) => applied(name, commonFloat(name, [a, b]), formula, [a, b], gradient);
}
