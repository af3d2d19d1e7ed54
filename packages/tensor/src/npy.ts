// NumPy's format of an array, .npy, and of several, .npz, which is a ZIP file of these.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Nothing of what a file claims is trusted: all
// of it is checked against the bytes in hand before anything is allocated.

import { bytesOf, elementsOf, swapped } from './bytes.ts';
import { type DType, dtypes } from './dtype.ts';
import { CheckpointFormatError, DTypeError } from './errors.ts';
import { permuteDims } from './movement.ts';
import { type Shape, sizeOf } from './shape.ts';
import { internals, Tensor } from './tensor.ts';
import { unzipped, zipped } from './zip.ts';

/** NumPy's names of the types; bfloat16 has none. */
const DESCRIPTIONS = {
  float32: 'f4',
  float64: 'f8',
  int32: 'i4',
  uint8: 'u1',
  bool: 'b1',
  float16: 'f2',
} as const satisfies Partial<Record<DType, string>>;

const MAGIC = '\x93NUMPY';
/** Headers are padded so that the elements begin at a multiple of this. */
const ALIGNMENT = 64;

const latin = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const refuse = (why: string): never => {
  throw new CheckpointFormatError(`Cannot read .npy: ${why}`);
};

/**
 * The bytes of a .npy file that holds a tensor, as `numpy.save` writes them.
 *
 * @example
 * import { decodeNpy, encodeNpy, tensor } from '@leibniz/tensor';
 * decodeNpy(encodeNpy(tensor([[1, 2], [3, 4]]))).toArray(); // => [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function encodeNpy(x: Tensor): Uint8Array {
  if (!(x.dtype in DESCRIPTIONS))
    throw new DTypeError(
      `Cannot save ${x.dtype} as .npy: NumPy has no such type; convert with .astype('float32')`,
    );
  const data = bytesOf(internals.data(x));
  const shape = x.ndim === 1 ? `${x.shape[0]},` : x.shape.join(', ');
  const type = DESCRIPTIONS[x.dtype as keyof typeof DESCRIPTIONS];
  const order = dtypes[x.dtype].array.BYTES_PER_ELEMENT === 1 ? '|' : '<';
  const header = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': (${shape}), }`;
  const prefix = MAGIC.length + 4;
  const length = Math.ceil((prefix + header.length + 1) / ALIGNMENT) * ALIGNMENT - prefix;
  const bytes = new Uint8Array(prefix + length + data.length);
  const text = `${MAGIC}\x01\x00${String.fromCharCode(length % 256, length >> 8)}${header.padEnd(length - 1)}\n`;
  bytes.set(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  bytes.set(data, prefix + length);
  return bytes;
}

/** The tensor of a .npy file. Types that there are not here, such as int64, are refused. */
export function decodeNpy(bytes: Uint8Array): Tensor {
  if (latin(bytes.subarray(0, MAGIC.length)) !== MAGIC) refuse('it does not begin as such a file does');
  const [major] = bytes.subarray(MAGIC.length);
  if (major !== 1 && major !== 2 && major !== 3) refuse(`its version is ${major}, and 1 to 3 are known`);
  const prefix = MAGIC.length + (major === 1 ? 4 : 6);
  if (bytes.length < prefix) refuse(`${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(prefix - 2, true) : view.getUint32(prefix - 4, true);
  if (prefix + length > bytes.length)
    refuse(`its header claims ${length} bytes, but ${bytes.length - prefix} follow`);
  const { dtype, isBigEndian, isFortran, shape } = headerOf(bytes.subarray(prefix, prefix + length));
  const width = dtypes[dtype].array.BYTES_PER_ELEMENT;
  const body = bytes.slice(prefix + length);
  if (sizeOf(shape) * width !== body.length)
    refuse(
      `${body.length} bytes follow its header, and [${shape}] of ${dtype} takes ${sizeOf(shape) * width}`,
    );
  if (dtype === 'bool' && body.some((byte) => byte > 1)) refuse('it holds booleans other than 0 and 1');
  const data = elementsOf(dtype, isBigEndian ? swapped(body, width) : body);
  return isFortran
    ? permuteDims(new Tensor(shape.toReversed(), dtype, data))
    : new Tensor(shape, dtype, data);
}

const HEADER =
  /^\{'descr': '([<>|=][a-zA-Z]\d+)', 'fortran_order': (True|False), 'shape': \(((?:\d+, )*(?:\d+,?)?)\), \} *\n$/;

function headerOf(bytes: Uint8Array): {
  dtype: DType;
  isBigEndian: boolean;
  isFortran: boolean;
  shape: Shape;
} {
  const found = HEADER.exec(latin(bytes));
  if (found === null) return refuse('its header is not that of an array of numbers');
  const [, description, order, lengths] = found as unknown as [string, string, string, string];
  const dtype = (Object.keys(DESCRIPTIONS) as (keyof typeof DESCRIPTIONS)[]).find(
    (type) => DESCRIPTIONS[type] === description.slice(1),
  );
  if (dtype === undefined)
    return refuse(`its type is ${description}; save it as float32, float64, int32, uint8 or bool`);
  const shape = lengths.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  if (!Number.isSafeInteger(sizeOf(shape))) return refuse(`its shape is [${shape}]`);
  return { dtype, isBigEndian: description[0] === '>', isFortran: order === 'True', shape };
}

/**
 * The bytes of a .npz file that holds tensors by name, as `numpy.savez` writes them.
 *
 * @example
 * import { decodeNpz, encodeNpz, tensor } from '@leibniz/tensor';
 * decodeNpz(encodeNpz({ w: tensor([1, 2]) })).get('w').toArray(); // => [ 1, 2 ]
 */
export const encodeNpz = (
  tensors: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
): Uint8Array =>
  zipped(
    [...(tensors instanceof Map ? tensors : Object.entries(tensors))].map(
      ([name, x]) => [`${name}.npy`, encodeNpy(x as Tensor)] as const,
    ),
  );

/** The tensors of a .npz file by name; one that is compressed is refused. */
export const decodeNpz = (bytes: Uint8Array): Map<string, Tensor> =>
  new Map([...unzipped(bytes)].map(([name, file]) => [name.replace(/\.npy$/, ''), decodeNpy(file)]));
