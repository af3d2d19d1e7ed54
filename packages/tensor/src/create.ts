import { type Data, type DType, dtypes, encoded, isFloat } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { expectShape, type Shape, show, sizeOf } from './shape.ts';
import type { Literal } from './shapeTypes.ts';
import { roomForLeaf } from './storage.ts';
import { type Nested, Tensor } from './tensor.ts';

export interface CreateOptions {
  /** float32 by default. */
  readonly dtype?: DType | undefined;
  /** Whether gradients by the tensor are wanted. */
  readonly requiresGrad?: boolean | undefined;
}

export interface TensorOptions extends CreateOptions {
  readonly shape?: Shape | undefined;
}

/** A leaf with its own elements. */
export function leaf(shape: Shape, dtype: DType, data: Data, requiresGrad = false): Tensor {
  if (requiresGrad && !isFloat(dtype)) {
    throw new DTypeError(
      `Cannot require a gradient by a tensor of ${dtype}: only float32 and float64 have gradients`,
    );
  }
  return new Tensor(shape, dtype, data, requiresGrad);
}

/**
 * A tensor of the given elements, which are copied: a number, nested arrays, or a typed array with a shape. The type
 * is that of the typed array, bool for booleans, else float32, unless it is named.
 *
 * @example
 * import { tensor } from '@leibniz/tensor';
 * tensor([[1, 2], [3, 4]]).shape; // => [ 2, 2 ]
 * tensor(Uint8Array.of(1, 2, 3, 4), { shape: [2, 2] }).dtype; // => uint8
 */
export function tensor(values: Nested | Data, { shape, dtype, requiresGrad }: TensorOptions = {}): Tensor {
  const { elements, found, natural } = ArrayBuffer.isView(values) ? ofTypedArray(values) : ofNested(values);
  const wanted = expectShape(shape ?? found);
  if (sizeOf(wanted) !== elements.length) {
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot make a tensor of shape ${show(wanted)} of ${elements.length} elements: it takes ${sizeOf(wanted)}`,
    );
  }
  const type = dtype ?? natural;
  const { array, holds } = dtypes[type];
  if (elements.constructor === array && type === natural) {
    const copy = roomForLeaf(type, elements.length);
    copy.set(elements);
    return leaf(wanted, type, copy, requiresGrad);
  }
  const wrong = Array.prototype.find.call(elements, (x) => !holds(x));
  if (wrong === undefined) {
    const stored = roomForLeaf(type, elements.length);
    for (let i = 0; i < stored.length; i++) stored[i] = encoded(elements[i]!, type);
    return leaf(wanted, type, stored, requiresGrad);
  }
  throw new DTypeError(`Cannot hold ${wrong} in a tensor of ${type}: name another dtype`);
}

interface Elements {
  readonly elements: readonly number[] | Data;
  readonly found: Shape;
  readonly natural: DType;
}

function ofTypedArray(values: Data): Elements {
  const natural = (Object.keys(dtypes) as DType[]).find(
    (name) => values.constructor === dtypes[name].array && dtypes[name].kind !== 'half',
  );
  if (natural !== undefined) return { elements: values, found: [values.length], natural };
  throw new DTypeError(
    `Cannot make a tensor of ${(values as object).constructor.name}: use Float32Array, Float64Array, Int32Array or Uint8Array`,
  );
}

/** Nested arrays, one level after the other; all arrays of a level must be of one length. */
function ofNested(values: Nested): Elements {
  const found: number[] = [];
  let level: readonly Nested[] = [values];
  while (Array.isArray(level[0])) {
    const { length } = level[0];
    const odd = level.find((row) => !Array.isArray(row) || row.length !== length);
    if (odd !== undefined) {
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot make a tensor of ragged rows: at axis ${found.length} one has length ${length}, another ${Array.isArray(odd) ? odd.length : 'none'}`,
      );
    }
    found.push(length);
    level = (level as readonly Nested[][]).flat();
  }
  const natural = level.length > 0 && level.every((x) => typeof x === 'boolean') ? 'bool' : 'float32';
  const odd = level.find((x) => typeof x !== 'number' && typeof x !== 'boolean');
  if (odd !== undefined)
    throw new DTypeError(`Cannot make a tensor of ${typeof odd}: elements are numbers or booleans`);
  return { elements: level.map(Number), found, natural };
}

/** What an element of the type stores for a number. */
function stored(x: number, dtype: DType): number {
  if (dtypes[dtype].holds(x)) return encoded(x, dtype);
  throw new DTypeError(`Cannot hold ${x} in a tensor of ${dtype}: name another dtype`);
}

/** A tensor whose element number i is f(i). */
function generated(
  shape: Shape,
  { dtype = 'float32', requiresGrad }: CreateOptions,
  f: (i: number) => number,
): Tensor {
  const elements = roomForLeaf(dtype, sizeOf(expectShape(shape)));
  for (let i = 0; i < elements.length; i++) elements[i] = stored(f(i), dtype);
  return leaf(shape, dtype, elements, requiresGrad);
}

/**
 * A tensor of one number.
 *
 * @example
 * import { full } from '@leibniz/tensor';
 * full([2, 2], 0.5).toArray(); // => [ [ 0.5, 0.5 ], [ 0.5, 0.5 ] ]
 */
export function full<const S extends Shape>(
  shape: S,
  value: number,
  { dtype = 'float32', requiresGrad }: CreateOptions = {},
): Tensor<Literal<S>> {
  const [size, element] = [sizeOf(expectShape(shape)), stored(value, dtype)];
  return leaf(shape, dtype, roomForLeaf(dtype, size).fill(element), requiresGrad) as Tensor<Literal<S>>;
}
/** A tensor of one number, of the shape and type of another tensor. */
export const fullLike = <S extends Shape>(x: Tensor<S>, value: number, options?: CreateOptions): Tensor<S> =>
  full(x.shape, value, { dtype: x.dtype, ...options }) as Tensor<S>;
/** A tensor of zeros. */
export const zeros = <const S extends Shape>(shape: S, options?: CreateOptions): Tensor<Literal<S>> =>
  full(shape, 0, options);
/** A tensor of ones. */
export const ones = <const S extends Shape>(shape: S, options?: CreateOptions): Tensor<Literal<S>> =>
  full(shape, 1, options);
/** Zeros of the shape and type of another tensor. */
export const zerosLike = <S extends Shape>(x: Tensor<S>, options?: CreateOptions): Tensor<S> =>
  fullLike(x, 0, options);
/** Ones of the shape and type of another tensor. */
export const onesLike = <S extends Shape>(x: Tensor<S>, options?: CreateOptions): Tensor<S> =>
  fullLike(x, 1, options);

/**
 * The numbers from `start` in steps of `step` that lie before `stop`; with one argument, from 0.
 *
 * @example
 * import { arange } from '@leibniz/tensor';
 * arange(4).toArray(); // => [ 0, 1, 2, 3 ]
 * arange(1, 2, 0.25).toArray(); // => [ 1, 1.25, 1.5, 1.75 ]
 */
export function arange(stop: number, options?: CreateOptions): Tensor;
export function arange(start: number, stop: number, step?: number, options?: CreateOptions): Tensor;
export function arange(
  first: number,
  second?: number | CreateOptions,
  step = 1,
  options: CreateOptions = {},
): Tensor {
  if (typeof second !== 'number') return arange(0, first, 1, second);
  const count = Math.max(0, Math.ceil((second - first) / step));
  if (Number.isFinite(count)) return generated([count], options, (i) => first + i * step);
  throw new ShapeError(
    'ERR_SHAPE_INVALID',
    `Cannot count from ${first} to ${second} in steps of ${step}: they must be finite, and the step not 0`,
  );
}

/**
 * `count` numbers from `start` to `stop`, evenly spaced, both included, or without the last if `endpoint` is false.
 *
 * @example
 * import { linspace } from '@leibniz/tensor';
 * linspace(0, 1, 5).toArray(); // => [ 0, 0.25, 0.5, 0.75, 1 ]
 */
export function linspace(
  start: number,
  stop: number,
  count: number,
  { endpoint = true, ...options }: CreateOptions & { readonly endpoint?: boolean } = {},
): Tensor {
  const steps = endpoint ? count - 1 : count;
  return generated([count], options, (i) =>
    i === steps && i > 0 ? stop : start + (i * (stop - start)) / Math.max(steps, 1),
  );
}

/**
 * The n × m matrix with ones on a diagonal, the k-th to the right of the main one.
 *
 * @example
 * import { eye } from '@leibniz/tensor';
 * eye(2).toArray(); // => [ [ 1, 0 ], [ 0, 1 ] ]
 */
export const eye = (
  n: number,
  m = n,
  { k = 0, ...options }: CreateOptions & { readonly k?: number } = {},
): Tensor => generated([n, m], options, (i) => ((i % m) - Math.floor(i / m) === k ? 1 : 0));
