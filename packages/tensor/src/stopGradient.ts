import type { Shape } from './shape.ts';
import { internals, Tensor } from './tensor.ts';

/**
 * The same elements as a constant: no gradient passes through, in no mode and at no level of transformations.
 *
 * @example
 * import { grad, stopGradient, tensor } from '@leibniz/tensor';
 * grad((x) => x.mul(stopGradient(x)))(tensor(3)).item(); // => 3
 */
export function stopGradient<S extends Shape>(x: Tensor<S>): Tensor<S> {
  const trace = internals.trace(x as Tensor);
  if (trace === undefined) return internals.detached(x as Tensor) as Tensor<S>;
  return new Tensor(x.shape, x.dtype, { ...trace, inner: stopGradient(trace.inner), tangent: undefined });
}
