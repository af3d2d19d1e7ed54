// IDX: two zero bytes, the element type, the rank, each dimension as a big-endian uint32, then the elements,
// big-endian, the last dimension fastest. http://yann.lecun.com/exdb/mnist/ describes it at its end.
import { IdxFormatError } from './errors.ts';

/** The element types of IDX: the byte that stands for each, and the array that holds it. */
const TYPES = {
  uint8: { code: 0x08, array: Uint8Array },
  int8: { code: 0x09, array: Int8Array },
  int16: { code: 0x0b, array: Int16Array },
  int32: { code: 0x0c, array: Int32Array },
  float32: { code: 0x0d, array: Float32Array },
  float64: { code: 0x0e, array: Float64Array },
} as const;

type Types = typeof TYPES;

export type IdxType = keyof Types;

interface IdxOf<T extends IdxType> {
  readonly type: T;
  readonly shape: readonly number[];
  readonly data: InstanceType<Types[T]['array']>;
}

/** An array as an IDX file holds it: `data` has the product of `shape` elements, the last dimension fastest. */
export type Idx = { [T in IdxType]: IdxOf<T> }[IdxType];

/** Magic, type and rank: what comes before the dimensions. */
const HEADER = 4;
const MAX_RANK = 255;
const MAX_DIMENSION = 2 ** 32 - 1;

/**
 * The array in the bytes of an IDX file, bit for bit. The bytes must be exactly one file: nothing is read of one that
 * is cut short, followed by anything, or whose header promises more than is there, and nothing is allocated for it.
 *
 * @example
 * import { readIdx } from '@leibniz/mnist-data';
 *
 * readIdx(Uint8Array.of(0, 0, 0x0b, 1, 0, 0, 0, 2, 0x01, 0x00, 0xff, 0xff));
 * // => { type: 'int16', shape: [ 2 ], data: Int16Array(2) [ 256, -1 ] }
 *
 * readIdx(Uint8Array.of(0, 0, 0x08, 1, 0, 0, 0, 2, 7));
 * // throws IdxFormatError: Cannot read IDX: its data must be 2 bytes (2 of uint8), not 1 bytes
 */
export function readIdx(bytes: Uint8Array): Idx {
  const refuse = (...[field, expected, actual]: Complaint) =>
    new IdxFormatError('read', field, expected, actual);
  const [zero, alsoZero, code, rank] = bytes;
  if (zero !== 0 || alsoZero !== 0) throw refuse('magic', 'two zero bytes', hex(bytes.subarray(0, 2)));
  const type = IDX_TYPES.find((name) => TYPES[name].code === code);
  if (type === undefined) throw refuse('type', KNOWN_TYPES, hex(bytes.subarray(2, 3)));
  if (rank === undefined || rank === 0) throw refuse('rank', `1 to ${MAX_RANK}`, hex(bytes.subarray(3, 4)));
  const start = HEADER + 4 * rank;
  if (bytes.length < start) throw refuse('shape', `${4 * rank} bytes`, `${bytes.length - HEADER} bytes`);

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(HEADER + 4 * i));
  const { array } = TYPES[type];
  const size = elements(shape) * BigInt(array.BYTES_PER_ELEMENT);
  const rest = bytes.subarray(start);
  if (size !== BigInt(rest.length)) {
    throw refuse('data', `${size} bytes (${shape.join(' x ')} of ${type})`, `${rest.length} bytes`);
  }
  const data = new array(bigEndian(rest, array.BYTES_PER_ELEMENT).buffer);
  return { type, shape, data } as Idx;
}

/**
 * The bytes of the IDX file of an array.
 *
 * @example
 * import { readIdx, writeIdx } from '@leibniz/mnist-data';
 *
 * const bytes = writeIdx({ type: 'uint8', shape: [1, 3], data: Uint8Array.of(7, 8, 9) });
 * bytes; // => Uint8Array(15) [ 0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 3, 7, 8, 9 ]
 * readIdx(bytes).shape; // => [ 1, 3 ]
 */
export function writeIdx({ type, shape, data }: Idx): Uint8Array<ArrayBuffer> {
  const refuse = (...[field, expected, actual]: Complaint) =>
    new IdxFormatError('write', field, expected, actual);
  if (!Object.hasOwn(TYPES, type)) throw refuse('type', IDX_TYPES.join(', '), type);
  const { code, array } = TYPES[type];
  if (!(data instanceof array)) throw refuse('data', `a ${array.name} for ${type}`, kindOf(data));
  if (shape.length < 1 || shape.length > MAX_RANK)
    throw refuse('rank', `1 to ${MAX_RANK}`, `${shape.length}`);
  const dimension = shape.find((n) => !Number.isInteger(n) || n < 0 || n > MAX_DIMENSION);
  if (dimension !== undefined) throw refuse('shape', `whole numbers up to ${MAX_DIMENSION}`, `${dimension}`);
  if (elements(shape) !== BigInt(data.length)) {
    throw refuse('data', `${elements(shape)} elements (${shape.join(' x ')})`, `${data.length} elements`);
  }
  const start = HEADER + 4 * shape.length;
  const bytes = new Uint8Array(start + data.byteLength);
  bytes.set([0, 0, code, shape.length]);
  const view = new DataView(bytes.buffer);
  for (const [i, n] of shape.entries()) view.setUint32(HEADER + 4 * i, n);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  bytes.set(bigEndian(raw, array.BYTES_PER_ELEMENT), start);
  return bytes;
}

type Complaint = [field: IdxFormatError['field'], expected: string, actual: string];

const IDX_TYPES = Object.keys(TYPES) as IdxType[];
const KNOWN_TYPES = IDX_TYPES.map((name) => `${hex([TYPES[name].code])} (${name})`).join(', ');

/** In BigInt: the product of a hostile header may pass 2^53, where numbers would round. */
const elements = (shape: readonly number[]) => shape.reduce((product, n) => product * BigInt(n), 1n);

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A copy of `bytes` with each element turned between this machine's order and big-endian: its own inverse. */
function bigEndian(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  if (!LITTLE_ENDIAN || size === 1) return new Uint8Array(bytes);
  const copy = new Uint8Array(bytes.length);
  for (let i = 0; i < copy.length; i += size) {
    for (let j = 0; j < size; j++) copy[i + j] = bytes[i + size - 1 - j]!;
  }
  return copy;
}

function hex(bytes: ArrayLike<number>): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  return digits.length === 0 ? 'the end of the file' : `0x${digits.join('')}`;
}

const kindOf = (value: unknown) => Object.prototype.toString.call(value).slice('[object '.length, -1);
