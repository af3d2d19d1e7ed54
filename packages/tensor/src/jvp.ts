// Forward-mode differentiation: inside jvp a tensor is a value with its derivative along a direction, and each
// primitive is applied to both.

import { applyCustom } from './customGrad.ts';
import { allocate, isFloat } from './dtype.ts';
import { ShapeError, TransformError } from './errors.ts';
import { add, mul } from './functions.ts';
import { grad } from './grad.ts';
import { broadcastTo } from './movement.ts';
import { apply, type Interpreter, type Op, transformed } from './op.ts';
import { sum } from './reduction.ts';
import { sameShape, show } from './shape.ts';
import { internals, type Level, Tensor } from './tensor.ts';

const zerosLike = (x: Tensor): Tensor => new Tensor(x.shape, x.dtype, allocate(x.dtype, x.size));

interface Moving {
  readonly inner: Tensor;
  readonly tangent?: Tensor | undefined;
}

/** Value and tangent of a tensor; one of further out does not move. */
function movingAt(level: Level, x: Tensor): Moving {
  const trace = internals.trace(x);
  return trace?.level === level ? trace : { inner: x };
}

function traced(level: Level, { inner, tangent }: Moving): Tensor {
  if (tangent === undefined || sameShape(tangent.shape, inner.shape))
    return new Tensor(inner.shape, inner.dtype, { level, inner, tangent });
  return new Tensor(inner.shape, inner.dtype, { level, inner, tangent: broadcastTo(tangent, inner.shape) });
}

const interpreterAt = (level: Level): Interpreter => ({
  apply: (op, inputs, options) => {
    const moving = inputs.map((x) => movingAt(level, x));
    const values = moving.map(({ inner }) => inner);
    const tangents = moving.map(({ tangent }) => tangent);
    const y = apply(op, values, options);
    return traced(level, { inner: y, tangent: tangentOf(op, tangents, values, y, options) });
  },
  // The derivative along t of a function with gradient h is hᵀt, and h, being linear, is its own derivative:
  // hᵀt = d/dg Σ h(g)·t.
  custom: (f, inputs) => {
    const moving = inputs.map((x) => movingAt(level, x));
    const values = moving.map(({ inner }) => inner);
    const y = applyCustom(f, values);
    const against = (g: Tensor): Tensor =>
      [f(...values).gradient(g)]
        .flat()
        .flatMap((h, at) => {
          const { tangent } = moving[at]!;
          return tangent === undefined ? [] : [sum(mul(h, tangent)) as Tensor];
        })
        .reduce((total, term) => add(total, term));
    return traced(level, { inner: y, tangent: grad(against)(zerosLike(y)) });
  },
});

function tangentOf<O>(
  op: Op<O>,
  tangents: readonly (Tensor | undefined)[],
  inputs: readonly Tensor[],
  y: Tensor,
  options: O,
): Tensor | undefined {
  if (!isFloat(y.dtype) || tangents.every((t) => t === undefined)) return undefined;
  if (typeof op.jvp === 'function') return op.jvp(tangents, inputs, y, options);
  if (op.jvp === 'linear') {
    const directions = inputs.map((x, at) => (isFloat(x.dtype) ? (tangents[at] ?? zerosLike(x)) : x));
    return apply(op, directions, options);
  }
  const terms = tangents.flatMap((t, at) =>
    t === undefined ? [] : [apply(op, inputs.with(at, t), options)],
  );
  return terms.reduce((total, term) => add(total, term));
}

/**
 * The value of a function and its derivative along a direction, a tangent for each argument, computed together and
 * forward: J v without J.
 *
 * @example
 * import { jvp, tensor } from '@leibniz/tensor';
 * const [value, tangent] = jvp((x) => x.square(), [tensor([1, 2])], [tensor([10, 1])]);
 * value.toArray(); // => [ 1, 4 ]
 * tangent.toArray(); // => [ 20, 4 ]
 */
export function jvp(
  f: (...x: Tensor[]) => Tensor,
  primals: readonly Tensor[],
  tangents: readonly Tensor[],
): [value: Tensor, tangent: Tensor] {
  if (primals.length !== tangents.length) {
    throw new TransformError(
      'ERR_TRANSFORM_ARGUMENT',
      `Cannot move ${primals.length} arguments along ${tangents.length} tangents in jvp: each needs one`,
    );
  }
  for (const [at, x] of primals.entries()) {
    const t = tangents[at]!;
    if (sameShape(x.shape, t.shape) && x.dtype === t.dtype && isFloat(x.dtype)) continue;
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot move argument ${at}, ${x.dtype} ${show(x.shape)}, along ${t.dtype} ${show(t.shape)} in jvp: both must be floating-point tensors of one shape and type`,
    );
  }
  return transformed('jvp', interpreterAt, (level) => {
    const y = f(...primals.map((inner, at) => traced(level, { inner, tangent: tangents[at]! })));
    const { inner, tangent = zerosLike(inner) } = movingAt(level, y);
    return [inner, tangent];
  });
}

/**
 * The product of the Hessian of a function with one number as its value and a vector, without the Hessian: the
 * derivative of the gradient along the vector.
 *
 * @example
 * import { hvp, tensor } from '@leibniz/tensor';
 * hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 10])).toArray(); // => [ 6, 120 ]
 */
export const hvp = (f: (x: Tensor) => Tensor, x: Tensor, v: Tensor): Tensor => jvp(grad(f), [x], [v])[1];
