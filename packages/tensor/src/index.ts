import './methods.ts';

export { argmax, argmin } from './argmax.ts';
export { astype } from './astype.ts';
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './comparison.ts';
export { concat, stack } from './concat.ts';
export {
  arange,
  type CreateOptions,
  eye,
  full,
  linspace,
  ones,
  onesLike,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './create.ts';
export { checkpoint, customGrad } from './customGrad.ts';
export type { Data, DType } from './dtype.ts';
export {
  elementwise,
  type Formula,
  type Formulas,
  fuse,
  where,
} from './elementwise.ts';
export {
  ArithmeticError,
  CheckpointFormatError,
  DisposedError,
  DTypeError,
  GradientError,
  ShapeError,
  TransformError,
} from './errors.ts';
export * from './functions.ts';
export { take, takeAlongAxis } from './gather.ts';
export { Generator, type GeneratorState } from './generator.ts';
export { grad, valueAndGrad, vjp } from './grad.ts';
export { hessian, type JacobianOptions, jacobian } from './jacobian.ts';
export { hvp, jvp } from './jvp.ts';
export { crossEntropy, type Labels, type LossOptions, mse, oneHot } from './loss.ts';
export { matmul } from './matmul.ts';
export { broadcastTo, permuteDims, reshape, transpose } from './movement.ts';
export {
  initHe,
  initXavier,
  manualSeed,
  permutation,
  type RandomOptions,
  rand,
  randint,
  randn,
} from './random.ts';
export { noGrad } from './record.ts';
export { max, mean, min, prod, sum } from './reduction.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export type { Axes, Shape } from './shape.ts';
export { slice } from './slice.ts';
export { logSoftmax, logSumExp, softmax } from './softmax.ts';
export { stopGradient } from './stopGradient.ts';
export {
  type BackwardOptions,
  type MatmulOptions,
  type Nested,
  type Operand,
  type Range,
  Tensor,
} from './tensor.ts';
export type { Tree } from './tree.ts';
export { type VmapOptions, vmap } from './vmap.ts';
