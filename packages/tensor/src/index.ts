import './methods.ts';

export { argmax } from './argmax.ts';
export { astype } from './astype.ts';
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
export type { Data, DType } from './dtype.ts';
export {
  elementwise,
  equal,
  type Formula,
  type Formulas,
  fuse,
  greater,
  greaterEqual,
  less,
  lessEqual,
  notEqual,
  type Operand,
  where,
} from './elementwise.ts';
export { CheckpointFormatError, DTypeError, GradientError, ShapeError } from './errors.ts';
export * from './functions.ts';
export { take, takeAlongAxis } from './gather.ts';
export { Generator, type GeneratorState } from './generator.ts';
export { grad, valueAndGrad } from './grad.ts';
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
export { type BackwardOptions, type MatmulOptions, type Nested, type Range, Tensor } from './tensor.ts';
