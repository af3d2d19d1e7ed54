export type { FloatArray } from './dtype.ts';
export { KernelError } from './errors.ts';
export { type MatmulSizes, matmul } from './matmul.ts';
