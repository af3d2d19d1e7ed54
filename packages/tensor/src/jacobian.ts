import { eye } from './create.ts';
import { DTypeError } from './errors.ts';
import { grad, vjp } from './grad.ts';
import { jvp } from './jvp.ts';
import { permuteDims, reshape } from './movement.ts';
import { Tensor } from './tensor.ts';
import { vmap } from './vmap.ts';

export interface JacobianOptions {
  /** The position of the argument by which derivatives are taken; 0 by default. */
  readonly argument?: number;
  /** By rows, for few results, or by columns, for few arguments. */
  readonly mode?: 'reverse' | 'forward';
}

/** All directions of a tensor, along the first axis. */
const basis = ({ shape, dtype, size }: Tensor): Tensor =>
  reshape(eye(size, size, { dtype }), [size, ...shape]);

/**
 * The derivatives of all elements of a function's value by all elements of an argument: of shape [...value, ...argument].
 *
 * @example
 * import { jacobian, tensor } from '@leibniz/tensor';
 * const f = (x) => x.square().mul(tensor([1, 10]));
 * jacobian(f)(tensor([1, 2])).toArray(); // => [ [ 2, 0 ], [ 0, 40 ] ]
 * jacobian(f, { mode: 'forward' })(tensor([1, 2])).toArray(); // => [ [ 2, 0 ], [ 0, 40 ] ]
 */
export function jacobian<A extends readonly Tensor[]>(
  f: (...x: A) => Tensor,
  { argument = 0, mode = 'reverse' }: JacobianOptions = {},
): (...x: A) => Tensor {
  return (...x) => {
    const at = x[argument];
    if (!(at instanceof Tensor))
      throw new DTypeError(`Cannot differentiate by argument ${argument}: it is not a tensor`);
    const ofOne = (each: Tensor) => f(...(x.with(argument, each) as unknown as A));
    if (mode === 'reverse') {
      const [value, pullback] = vjp(ofOne, at);
      const rows = vmap((g: Tensor) => pullback(g)[0]!)(basis(value));
      return reshape(rows, [...value.shape, ...at.shape]);
    }
    const columns = vmap((t: Tensor) => jvp(ofOne, [at], [t])[1])(basis(at));
    const value = columns.shape.slice(1);
    const last = permuteDims(columns, [...value.map((_, axis) => axis + 1), 0]);
    return reshape(last, [...value, ...at.shape]);
  };
}

/**
 * The second derivatives of a function with one number as its value: of shape [...argument, ...argument]; forward over
 * reverse mode.
 *
 * @example
 * import { hessian, tensor } from '@leibniz/tensor';
 * hessian((x) => x.prod())(tensor([1, 2, 3])).toArray(); // => [ [ 0, 3, 2 ], [ 3, 0, 1 ], [ 2, 1, 0 ] ]
 */
export const hessian = (f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) =>
  jacobian(grad(f), { mode: 'forward' });
