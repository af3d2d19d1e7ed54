import { KernelError } from './errors.ts';

export type FloatArray = Float32Array | Float64Array;
export type TypedArray =
  | FloatArray
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/** What the code generators know about the two floating-point types. */
export const floats = {
  float32: {
    name: 'float32',
    array: Float32Array,
    bytes: 4,
    lanes: 4,
    lane: 'f32',
    vector: 'f32x4',
    splatLoad: 'v128.load32_splat',
  },
  float64: {
    name: 'float64',
    array: Float64Array,
    bytes: 8,
    lanes: 2,
    lane: 'f64',
    vector: 'f64x2',
    splatLoad: 'v128.load64_splat',
  },
} as const;

export type FloatName = keyof typeof floats;
export type Float = (typeof floats)[FloatName];

/** The one type that all arrays share, or an error that names the odd one out. */
export function floatOf(what: string, ...arrays: readonly FloatArray[]): Float {
  const float = arrays[0] instanceof Float64Array ? floats.float64 : floats.float32;
  const odd = arrays.find((array) => !(array instanceof float.array));
  if (odd === undefined) return float;
  throw new KernelError(
    'dtype',
    `Cannot run ${what} on ${arrays[0]?.constructor.name} and ${odd.constructor.name}: all arrays must be of one type`,
  );
}

export function expectLength(what: string, array: ArrayLike<number>, length: number): void {
  if (array.length === length) return;
  throw new KernelError('length', `Cannot run ${what}: expected ${length} elements, got ${array.length}`);
}
