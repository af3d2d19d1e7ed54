export { argmax } from './argmax.ts';
export { type Backend, type BackendName, backend, setBackend } from './backend.ts';
export type { FloatArray, FloatName, TypedArray } from './dtype.ts';
export type { Epilogue } from './epilogue.ts';
export { KernelError } from './errors.ts';
export { allocate, isLive, liveBytes, release } from './heap.ts';
export {
  compileMap,
  type Formula,
  type MapCall,
  type MapInput,
  type MapKernel,
  type MapOptions,
} from './map.ts';
export { type MatmulSizes, matmul } from './matmul.ts';
export { type PhiloxKey, philox } from './philox.ts';
export { type ReduceSizes, reduce } from './reduce.ts';
export type { Reduction } from './reductions.ts';
export { relaxed, setRelaxed } from './relaxed.ts';
export { evaluate } from './rounded.ts';
export { compileRows, type RowFormula, type RowKernel, type RowOptions, type RowSizes } from './rows.ts';
export { compileFunction, type ScalarFunction } from './scalar.ts';
export { copyStrided, type Strided } from './strided.ts';
export { setThreads, threads } from './threads.ts';
export type { RowCarrier } from './trace.ts';
