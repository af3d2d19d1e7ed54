import { detached } from './record.ts';
import type { Tensor } from './tensor.ts';

/** The same elements as a constant: no gradient passes through. */
export const stopGradient = (x: Tensor): Tensor => detached(x);
