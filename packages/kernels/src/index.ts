export { argmax } from './argmax.ts';
export type { FloatArray, FloatName, TypedArray } from './dtype.ts';
export { KernelError } from './errors.ts';
export { compileMap, type Formula, type MapInput, type MapKernel, type MapOptions } from './map.ts';
export { type MatmulSizes, matmul } from './matmul.ts';
export { type ReduceSizes, type Reduction, reduce } from './reduce.ts';
export { compileFunction, type ScalarFunction } from './scalar.ts';
export { copyStrided, type Strided } from './strided.ts';
