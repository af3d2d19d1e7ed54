import './methods.ts';

export { argmax, argmin } from './argmax.ts';
export * from './arrayApi.ts';
export { astype } from './astype.ts';
export {
  bitwiseAnd,
  bitwiseInvert,
  bitwiseLeftShift,
  bitwiseOr,
  bitwiseRightShift,
  bitwiseXor,
} from './bitwise.ts';
export { equal, greater, greaterEqual, less, lessEqual, notEqual } from './comparison.ts';
export { concat, stack } from './concat.ts';
export {
  avgPool2d,
  type ConvolutionOptions,
  conv2d,
  maxPool2d,
  type PoolOptions,
} from './convolution.ts';
export {
  arange,
  type CreateOptions,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from './create.ts';
export { type CumulativeOptions, cumulativeProd, cumulativeSum, diff } from './cumulative.ts';
export { checkpoint, customGrad } from './customGrad.ts';
export type { Data, DType } from './dtype.ts';
export * from './dtypeInfo.ts';
export {
  elementwise,
  type Formula,
  type Formulas,
  fuse,
} from './elementwise.ts';
export {
  ArithmeticError,
  CheckpointFormatError,
  DisposedError,
  DTypeError,
  GradientError,
  LinalgError,
  ShapeError,
  TransformError,
} from './errors.ts';
export * as fft from './frequencies.ts';
export { fftfreq, fftshift, ifftshift, rfftfreq } from './frequencies.ts';
export * from './functions.ts';
export { take, takeAlongAxis } from './gather.ts';
export { Generator, type GeneratorState } from './generator.ts';
export { grad, valueAndGrad, vjp } from './grad.ts';
export { addAt, at, type Index, newaxis, setAt } from './indexing.ts';
export { hessian, type JacobianOptions, jacobian } from './jacobian.ts';
export { hvp, jvp } from './jvp.ts';
export {
  type AttentionOptions,
  attention,
  type BatchNormOptions,
  batchNorm,
  dropout,
  embedding,
  layerNorm,
} from './layers.ts';
export { cholesky } from './linalg/cholesky.ts';
export { det, slogdet } from './linalg/determinant.ts';
export { type Eigen, eigh, eigvalsh } from './linalg/eigh.ts';
export { einsum } from './linalg/einsum.ts';
export { type MatrixNorm, matrixNorm, matrixRank, type NormOptions, vectorNorm } from './linalg/norms.ts';
export { pinv } from './linalg/pinv.ts';
export { cross, matrixPower, outer, tensordot, trace, vecdot } from './linalg/products.ts';
export { qr } from './linalg/qr.ts';
export { inverse, solve } from './linalg/solve.ts';
export { type SingularValueDecomposition, svd, svdvals } from './linalg/svd.ts';
export * as linalg from './linalg.ts';
export { linear } from './linear.ts';
export { logicalAnd, logicalNot, logicalOr, logicalXor } from './logic.ts';
export {
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
  huber,
  klDivergence,
  type Labels,
  type LossOptions,
  mse,
  nll,
  oneHot,
} from './loss.ts';
export {
  broadcastArrays,
  diagonal,
  expandDims,
  flip,
  meshgrid,
  moveaxis,
  pad,
  repeat,
  roll,
  squeeze,
  swapaxes,
  tile,
  unstack,
} from './manipulation.ts';
export { matmul } from './matmul.ts';
export { BatchNorm, Conv2d, Embedding, LayerNorm, Linear, Module, SelfAttention } from './modules.ts';
export { broadcastTo, permuteDims, reshape, transpose } from './movement.ts';
export { decodeNpy, decodeNpz, encodeNpy, encodeNpz } from './npy.ts';
export {
  clip,
  conj,
  copysign,
  floorDivide,
  imag,
  isfinite,
  isinf,
  isnan,
  nextafter,
  positive,
  real,
  remainder,
  round,
  signbit,
  trunc,
} from './numeric.ts';
export { encodeOnnx, type OnnxOptions } from './onnx.ts';
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
export { type Assignment, lentGrad, reassign } from './reassign.ts';
export { noGrad } from './record.ts';
export { max, mean, min, prod, sum } from './reduction.ts';
export { decodeSafetensors, encodeSafetensors, type Safetensors } from './safetensors.ts';
export {
  nonzero,
  searchsorted,
  type Unique,
  uniqueAll,
  uniqueCounts,
  uniqueInverse,
  uniqueValues,
} from './search.ts';
export type { Axes, Shape } from './shape.ts';
export { slice } from './slice.ts';
export { logSoftmax, logSumExp, softmax } from './softmax.ts';
export { argsort, type SortOptions, sort } from './sort.ts';
export { all, any, countNonzero, std, type VarianceOptions, variance } from './statistics.ts';
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
export { tril, triu } from './triangle.ts';
export { type VmapOptions, vmap } from './vmap.ts';
export { where } from './where.ts';
