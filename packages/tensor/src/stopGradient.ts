import { detached } from './record.ts';
import type { Tensor } from './tensor.ts';

/**
 * The same elements as a constant: no gradient passes through.
 *
 * @example
 * import { grad, stopGradient, tensor } from '@leibniz/tensor';
 * grad((x) => x.mul(stopGradient(x)))(tensor(3)).item(); // => 3
 */
export const stopGradient = (x: Tensor): Tensor => detached(x);
