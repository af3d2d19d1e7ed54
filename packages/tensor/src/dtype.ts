import { DTypeError } from './errors.ts';
import { fromBits, type HalfName, halves, toBits } from './half.ts';

/** Elements as they are stored; those of float16 and bfloat16 are bits. */
export type Data = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

/** What can be done with elements: `half` are stored, moved and converted, no more. */
export type Kind = 'float' | 'integer' | 'bool' | 'half';

interface DTypeFacts {
  readonly array: new (length: number) => Data;
  readonly kind: Kind;
  /** Whether a number is a value of the type, apart from rounding. */
  readonly holds: (x: number) => boolean;
}

const isWithin = (from: number, to: number) => (x: number) => Number.isInteger(x) && x >= from && x <= to;

/** The element types. */
export const dtypes = {
  float32: { array: Float32Array, kind: 'float', holds: () => true },
  float64: { array: Float64Array, kind: 'float', holds: () => true },
  int32: { array: Int32Array, kind: 'integer', holds: isWithin(-(2 ** 31), 2 ** 31 - 1) },
  uint8: { array: Uint8Array, kind: 'integer', holds: isWithin(0, 255) },
  bool: { array: Uint8Array, kind: 'bool', holds: isWithin(0, 1) },
  float16: { array: Uint16Array, kind: 'half', holds: () => true },
  bfloat16: { array: Uint16Array, kind: 'half', holds: () => true },
} as const satisfies Record<string, DTypeFacts>;

export type DType = keyof typeof dtypes;
export type FloatDType = 'float32' | 'float64';

export const isFloat = (dtype: DType): dtype is FloatDType => dtypes[dtype].kind === 'float';

/** Types that are promoted together, from the narrowest to the widest: those of one kind. */
const LADDERS: readonly (readonly DType[])[] = [
  ['float32', 'float64'],
  ['uint8', 'int32'],
  ['bool'],
  ['float16'],
  ['bfloat16'],
];

/** The type of a result: the widest of its operands' types. As in the array API, kinds do not mix. */
export function promote(op: string, operands: readonly DType[]): DType {
  const [first] = operands;
  if (first !== undefined && operands.every((dtype) => dtype === first)) return first;
  const ladder = LADDERS.find((rungs) => operands.every((dtype) => rungs.includes(dtype)));
  if (ladder !== undefined) return ladder.findLast((dtype) => operands.includes(dtype))!;
  throw new DTypeError(
    `Cannot apply ${op} to ${operands.join(' and ')}: kinds do not mix; convert one with .astype('${operands[0]}')`,
  );
}

/** Refuses types other than float32 and float64. */
export function expectFloat(op: string, dtype: DType): FloatDType {
  if (isFloat(dtype)) return dtype;
  throw new DTypeError(
    `Cannot apply ${op} to ${dtype}: it is defined for float32 and float64; convert with .astype('float32')`,
  );
}

export const allocate = (dtype: DType, size: number): Data => new dtypes[dtype].array(size);

/** The numbers that stored elements stand for. */
export const decoded = (data: Data, dtype: DType): ArrayLike<number> =>
  dtype in halves ? Float64Array.from(data, (bits) => fromBits(bits, halves[dtype as HalfName])) : data;

/** The stored form of a number. */
export const encoded = (x: number, dtype: DType): number =>
  dtype in halves ? toBits(x, halves[dtype as HalfName]) : x;
