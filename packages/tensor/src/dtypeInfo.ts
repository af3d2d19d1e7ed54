// What there is to know of the element types.

import { type DType, dtypes, isFloat, type Kind, promote } from './dtype.ts';
import { DTypeError } from './errors.ts';
import { type HalfName, halves } from './half.ts';
import { Tensor } from './tensor.ts';

type Kinds =
  | 'bool'
  | 'signed integer'
  | 'unsigned integer'
  | 'integral'
  | 'real floating'
  | 'complex floating'
  | 'numeric';

const KINDS: Readonly<Record<Kinds, (dtype: DType, kind: Kind) => boolean>> = {
  bool: (_, kind) => kind === 'bool',
  'signed integer': (dtype) => dtype === 'int32',
  'unsigned integer': (dtype) => dtype === 'uint8',
  integral: (_, kind) => kind === 'integer',
  'real floating': (_, kind) => kind === 'float' || kind === 'half',
  'complex floating': () => false,
  numeric: (_, kind) => kind === 'float' || kind === 'integer',
};

/**
 * Whether a type is one of those named: types, or kinds of the array API.
 *
 * @example
 * import { isdtype } from '@leibniz/tensor';
 * isdtype('float32', 'real floating'); // => true
 * isdtype('uint8', ['bool', 'signed integer']); // => false
 */
export function isdtype(dtype: DType, kind: DType | Kinds | readonly (DType | Kinds)[]): boolean {
  return [kind].flat().some((each) => {
    if (each === dtype) return true;
    return each in KINDS && KINDS[each as Kinds](dtype, dtypes[dtype].kind);
  });
}

const dtypeOf = (x: DType | Tensor): DType => (x instanceof Tensor ? x.dtype : x);

/** The type of a result of tensors or types; kinds that do not mix are an error. */
export const resultType = (...operands: readonly (DType | Tensor)[]): DType => {
  if (operands.length > 0) return promote('resultType', operands.map(dtypeOf));
  throw new DTypeError('Cannot find the type of no operands in resultType: give at least one');
};

/** Whether promotion turns a type into another. */
export function canCast(from: DType | Tensor, to: DType): boolean {
  try {
    return promote('canCast', [dtypeOf(from), to]) === to;
  } catch {
    return false;
  }
}

export interface FloatInfo {
  readonly bits: number;
  /** The distance from 1 to the next number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  readonly smallestNormal: number;
  readonly dtype: DType;
}

/**
 * The limits of a floating-point type.
 *
 * @example
 * import { finfo } from '@leibniz/tensor';
 * finfo('float32').eps; // => 1.1920928955078125e-7
 */
export function finfo(type: DType | Tensor): FloatInfo {
  const dtype = dtypeOf(type);
  if (dtype in halves) {
    const { fractionBits, leastExponent, greatestExponent } = halves[dtype as HalfName];
    const max = (2 - 2 ** -fractionBits) * 2 ** greatestExponent;
    return { bits: 16, eps: 2 ** -fractionBits, max, min: -max, smallestNormal: 2 ** leastExponent, dtype };
  }
  if (!isFloat(dtype))
    throw new DTypeError(`Cannot tell the limits of ${dtype} by finfo: use iinfo for integers`);
  if (dtype === 'float64') {
    const max = Number.MAX_VALUE;
    return { bits: 64, eps: Number.EPSILON, max, min: -max, smallestNormal: 2 ** -1022, dtype };
  }
  const max = (2 - 2 ** -23) * 2 ** 127;
  return { bits: 32, eps: 2 ** -23, max, min: -max, smallestNormal: 2 ** -126, dtype };
}

export interface IntegerInfo {
  readonly bits: number;
  readonly max: number;
  readonly min: number;
  readonly dtype: DType;
}

/** The limits of an integer type. */
export function iinfo(type: DType | Tensor): IntegerInfo {
  const dtype = dtypeOf(type);
  if (dtype === 'int32') return { bits: 32, max: 2 ** 31 - 1, min: -(2 ** 31), dtype };
  if (dtype === 'uint8') return { bits: 8, max: 255, min: 0, dtype };
  throw new DTypeError(`Cannot tell the limits of ${dtype} by iinfo: use finfo for floats`);
}

/** What this library can do, in the array API's terms. */
export const capabilities = () =>
  ({ 'boolean indexing': true, 'data-dependent shapes': true, 'max dimensions': null }) as const;
export const defaultDevice = (): 'cpu' => 'cpu';
export const devices = (): readonly 'cpu'[] => ['cpu'];
export const defaultDtypes = () =>
  ({ 'real floating': 'float32', integral: 'int32', indexing: 'int32' }) as const;

export const bool = 'bool' satisfies DType;
export const float32 = 'float32' satisfies DType;
export const float64 = 'float64' satisfies DType;
export const int32 = 'int32' satisfies DType;
export const uint8 = 'uint8' satisfies DType;

export const e: number = Math.E;
export const pi: number = Math.PI;
export const inf: number = Number.POSITIVE_INFINITY;
export const nan: number = Number.NaN;
