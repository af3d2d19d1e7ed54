// Files hold the low byte of an element first, and so must the machine: the kernels' arrays lie in WebAssembly's memory,
// which does.

import { type Data, type DType, dtypes } from './dtype.ts';

/** The bytes of the elements, low byte first, without a copy. */
export const bytesOf = (data: Data): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** The elements of bytes that the caller gives up. */
export const elementsOf = (dtype: DType, bytes: Uint8Array<ArrayBuffer>): Data =>
  new dtypes[dtype].array(bytes.buffer);

/** Groups of so many bytes in reverse order. */
export const swapped = (bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (_, at) => bytes[at - (at % width) + width - 1 - (at % width)]!);
