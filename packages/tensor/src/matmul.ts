import { type Epilogue, type FloatArray, matmul as matmulKernel } from '@leibniz/kernels';
import { converted } from './astype.ts';
import { allocate, type Data, type DType, type FloatDType, isFloat } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { ranked, reshape } from './movement.ts';
import { apply, define, numeric } from './op.ts';
import { mayWait, Pending } from './pending.ts';
import {
  broadcastShapes,
  broadcastStrides,
  isRowMajor,
  positionsOf,
  type Shape,
  show,
  sizeOf,
} from './shape.ts';
import type { FitsProduct, Product } from './shapeTypes.ts';
import { roomFor } from './storage.ts';
import { internals, type MatmulOptions, type Tensor } from './tensor.ts';

/** The matrices of two operands of rank at least 2, and the shape that their batches broadcast to. */
export function matrices(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions) {
  const [m, k] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
  const [inner, n] = transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2);
  if (k !== inner) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot multiply matrices of shape ${show(a.shape)}${transposeA ? ' (transposed)' : ''} and ${show(b.shape)}${transposeB ? ' (transposed)' : ''}: inner sizes ${k} and ${inner} must agree; transpose one with .T, or reshape it`,
    );
  }
  const batch = broadcastShapes('matmul', a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { batch, sizes: { m: m!, n: n!, k: k!, transposeA, transposeB } };
}

/** The number of the matrix of an operand that belongs to each matrix of the result. */
const batchPositions = (x: Tensor, batch: Shape): Int32Array =>
  positionsOf(batch, broadcastStrides(x.shape.slice(0, -2), batch), 0);

/** Matrices row by row, or, if they lie column by column, the transposed ones row by row, without a copy. */
export function laid(
  x: Tensor,
  dtype: FloatDType,
  isTransposed: boolean,
): { data: FloatArray; isTransposed: boolean } {
  if (x.dtype !== dtype) return { data: converted(x, dtype) as FloatArray, isTransposed };
  const { data, shape, strides, offset } = internals.placed(x);
  const isPlain = isRowMajor(shape, strides);
  if (!isPlain && !isRowMajor(swapped(shape), swapped(strides)))
    return { data: internals.data(x) as FloatArray, isTransposed };
  const isWhole = offset === 0 && data.length === x.size;
  return {
    data: (isWhole ? data : data.subarray(offset, offset + x.size)) as FloatArray,
    isTransposed: isPlain ? isTransposed : !isTransposed,
  };
}

const swapped = <T>(axes: readonly T[]): T[] => [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];

/** Products of matrices of integers, which wrap around. */
function integerProducts(a: Tensor, b: Tensor, shape: Shape, dtype: DType, options: MatmulOptions): Data {
  const { batch, sizes } = matrices(a, b, options);
  const { m, n, k } = sizes;
  const out = allocate(dtype, sizeOf(shape));
  const [left, right] = [internals.data(a), internals.data(b)];
  const [inA, inB] = [batchPositions(a, batch), batchPositions(b, batch)];
  const [rowA, stepA] = sizes.transposeA ? [1, m] : [k, 1];
  const [stepB, columnB] = sizes.transposeB ? [1, k] : [n, 1];
  for (let at = 0; at < out.length; at++) {
    const matrix = Math.floor(at / (m * n));
    let fromA = inA[matrix]! * m * k + Math.floor((at % (m * n)) / n) * rowA;
    let fromB = inB[matrix]! * k * n + (at % n) * columnB;
    let sum = 0;
    for (let i = 0; i < k; i++) {
      sum = (sum + Math.imul(left[fromA]!, right[fromB]!)) | 0;
      fromA += stepA;
      fromB += stepB;
    }
    out[at] = sum;
  }
  return out;
}

interface ProductOptions extends MatmulOptions {
  /** Whether the product may be computed later, when its elements are asked for. */
  readonly waits?: boolean;
}

/** A product of two matrices of floats that waits, and keeps what it is made of meanwhile. */
function pendingProduct(a: Tensor, b: Tensor, dtype: FloatDType, options: MatmulOptions): Pending {
  const [left, right] = [internals.detached(a), internals.detached(b)];
  return new Pending(
    (epilogue) => floatProduct(left, right, dtype, options, epilogue),
    () => {
      left.dispose();
      right.dispose();
    },
  );
}

/** The product of two matrices of floats. */
export function floatProduct(
  a: Tensor,
  b: Tensor,
  dtype: FloatDType,
  { transposeA = false, transposeB = false }: MatmulOptions,
  epilogue?: Epilogue,
): Data {
  const { sizes } = matrices(a, b, { transposeA, transposeB });
  const out = roomFor(dtype, sizes.m * sizes.n) as FloatArray;
  const [left, right] = [laid(a, dtype, transposeA), laid(b, dtype, transposeB)];
  const transposes = { transposeA: left.isTransposed, transposeB: right.isTransposed };
  const wanted = { ...sizes, ...transposes, ...(epilogue && { epilogue }) };
  return matmulKernel(out, left.data, right.data, wanted);
}

export const matmulOp = define<ProductOptions>({
  name: 'matmul',
  doc: 'Matrix product of the last two axes; the axes before them broadcast.',
  shape: ([a, b], options) => {
    const { batch, sizes } = matrices(a!, b!, options);
    return [...batch, sizes.m, sizes.n];
  },
  dtype: numeric('matmul'),
  kernel: ([a, b], shape, dtype, options) => {
    if (!isFloat(dtype)) return integerProducts(a!, b!, shape, dtype, options);
    if (shape.length === 2) return (options.waits ? pendingProduct : floatProduct)(a!, b!, dtype, options);
    const { batch, sizes } = matrices(a!, b!, options);
    const { m, n, k, transposeA, transposeB } = sizes;
    const out = roomFor(dtype, sizeOf(shape)) as FloatArray;
    const [left, right] = [laid(a!, dtype, transposeA), laid(b!, dtype, transposeB)];
    const [inA, inB] = [batchPositions(a!, batch), batchPositions(b!, batch)];
    for (let i = 0; i < inA.length; i++) {
      const matrix = (x: FloatArray, at: number, size: number) =>
        x.length === size ? x : x.subarray(at * size, (at + 1) * size);
      matmulKernel(
        matrix(out, i, m * n),
        matrix(left.data, inA[i]!, m * k),
        matrix(right.data, inB[i]!, k * n),
        { m, n, k, transposeA: left.isTransposed, transposeB: right.isTransposed },
      );
    }
    return out;
  },
  // C = AB: dA = G Bᵀ and dB = Aᵀ G; an operand given transposed gets the transpose of that.
  vjp: (g, [a, b], _, { transposeA = false, transposeB = false }) => [
    () =>
      transposeA
        ? gradientProduct(b!, g, { transposeA: transposeB, transposeB: true })
        : gradientProduct(g, b!, { transposeB: !transposeB }),
    () =>
      transposeB
        ? gradientProduct(g, a!, { transposeA: true, transposeB: transposeA })
        : gradientProduct(a!, g, { transposeA: !transposeA }),
  ],
  jvp: 'multilinear',
  batch: ([a, b], [hasA, hasB], options) => {
    const rank = Math.max(a!.ndim - Number(hasA), b!.ndim - Number(hasB)) + 1;
    return product(hasA ? ranked(a!, rank) : a!, hasB ? ranked(b!, rank) : b!, options);
  },
  samples: () => [
    sample([2, 3], [3, 4]),
    sample([3, 2], [3, 4], { transposeA: true }),
    sample([2, 3], [4, 3], { transposeB: true }),
    sample([3, 2], [4, 3], { transposeA: true, transposeB: true }),
    sample([2, 1, 2, 3], [3, 3, 1]),
    sample([2, 2], [2, 2, 2], { transposeA: true }),
    sample([2, 0], [0, 3]),
    sample([0, 2], [2, 3]),
    sample([2, 2], [2, 2]),
  ],
});

const sample = (a: Shape, b: Shape, options: MatmulOptions = {}) => ({ shapes: [a, b], options });

/** A product that is a gradient: it waits, if that is allowed, for what is done to it next. */
export function gradientProduct(a: Tensor, b: Tensor, options: MatmulOptions): Tensor {
  const waits = mayWait() && internals.trace(a) === undefined && internals.trace(b) === undefined;
  return apply(matmulOp, [a, b], waits ? { ...options, waits } : options);
}

export const product = (a: Tensor, b: Tensor, options: MatmulOptions): Tensor =>
  apply(matmulOp, [a, b], options);

/**
 * The matrix product; a vector is a row on the left, a column on the right, and its axis is dropped from the result.
 * Further axes in front are batches, which broadcast.
 *
 * @example
 * import { matmul, tensor } from '@leibniz/tensor';
 * const a = tensor([[1, 2], [3, 4]]);
 * matmul(a, a).toArray(); // => [ [ 7, 10 ], [ 15, 22 ] ]
 * matmul(a, tensor([1, 1]), { transposeA: true }).toArray(); // => [ 4, 6 ]
 */
export function matmul<A extends Shape, B extends Shape>(
  a: Tensor<A>,
  b: Tensor<B> & FitsProduct<A, B>,
): Tensor<Product<A, B>>;
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions): Tensor;
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot multiply matrices of shape ${show(a.shape)} and ${show(b.shape)}: use mul for scalars`,
    );
  }
  const row = a.ndim === 1 ? reshape(a, options.transposeA ? [a.size, 1] : [1, a.size]) : a;
  const column = b.ndim === 1 ? reshape(b, options.transposeB ? [1, b.size] : [b.size, 1]) : b;
  const y = product(row, column, options);
  const shape = y.shape.slice(0, -2);
  if (a.ndim > 1) shape.push(y.shape.at(-2)!);
  if (b.ndim > 1) shape.push(y.shape.at(-1)!);
  return shape.length === y.ndim ? y : reshape(y, shape);
}
