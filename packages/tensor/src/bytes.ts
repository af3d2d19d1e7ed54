import { type Data, type DType, dtypes } from './dtype.ts';

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The bytes of the elements, low byte first, in a copy where the machine has them otherwise. */
export function littleEndian(data: Data): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return isLittleEndian ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT);
}

/** The elements of bytes that the caller gives up. */
export function fromLittleEndian(dtype: DType, bytes: Uint8Array<ArrayBuffer>): Data {
  const { array } = dtypes[dtype];
  const native = isLittleEndian ? bytes : swapped(bytes, array.BYTES_PER_ELEMENT);
  return new array(native.buffer);
}

/** Groups of so many bytes in reverse order. */
export const swapped = (bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (_, at) => bytes[at - (at % width) + width - 1 - (at % width)]!);
