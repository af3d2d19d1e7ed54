import type { TypedArray } from './dtype.ts';
import { KernelError } from './errors.ts';
import { addressOf } from './heap.ts';

/** Whether two arrays have a byte in common. Arrays in the kernels' memory may do so through different buffers. */
export function overlap(a: TypedArray, b: TypedArray): boolean {
  const isSameMemory = a.buffer === b.buffer || (addressOf(a) !== undefined && addressOf(b) !== undefined);
  if (!isSameMemory || a.length === 0 || b.length === 0) return false;
  return a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength;
}

/** Refuses a result that lies over an input, where parts of it are written before all of the input is read. */
export function expectApart(what: string, out: TypedArray, input: TypedArray): void {
  if (!overlap(out, input)) return;
  throw new KernelError('overlap', `Cannot run ${what} into a part of its own input: give it another array`);
}

/** The same, but an input may be replaced by a result: each element is read before it is written. */
export function expectApartOrEqual(what: string, out: TypedArray, input: TypedArray): void {
  if (input.constructor !== out.constructor || input.byteOffset !== out.byteOffset)
    expectApart(what, out, input);
}
