// Blocks of the kernels' memory: arrays that stay, and scratch. A block is as large as its class, of which there are
// four for each doubling, so at most a quarter is wasted; a block given back waits for the next of its class.

import { type FloatArray, type FloatName, floats, type TypedArray } from './dtype.ts';
import { KernelError } from './errors.ts';
import { isShared, memory, reach } from './memory.ts';

/** Blocks are multiples of a cache line. */
const LINE = 64;

const free = new Map<number, number[]>();
let top = 0;

function classOf(bytes: number): number {
  const lines = Math.max(1, Math.ceil(bytes / LINE));
  const step = 2 ** Math.max(0, 29 - Math.clz32(lines));
  return Math.ceil(lines / step) * step * LINE;
}

/** The address of a block of so many bytes. */
export function take(bytes: number): number {
  const size = classOf(bytes);
  const known = free.get(size)?.pop();
  if (known !== undefined) return known;
  reach(top + size);
  top += size;
  return top - size;
}

function give(address: number, bytes: number): void {
  const size = classOf(bytes);
  const waiting = free.get(size);
  if (waiting) waiting.push(address);
  else free.set(size, [address]);
}

/** Lets a field be put on an object that another constructor made. */
class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the object to put the field on
    return object;
  }
}

/**
 * What is known of an array that `allocate` handed out: its address, 0 where arrays cannot live in the memory. It is a
 * private field of the array itself: a WeakMap would cost more than many a kernel, and the collector after it.
 */
class Block extends Given {
  readonly #address: number;
  #isLive = true;

  constructor(array: FloatArray, address: number) {
    super(array);
    this.#address = address;
  }

  static isLive = (array: object): boolean | undefined => (#isLive in array ? array.#isLive : undefined);

  /** Ends the life of an array, and gives its address; undefined if it did not live. */
  static end(array: object): number | undefined {
    if (!(#isLive in array) || !array.#isLive) return undefined;
    array.#isLive = false;
    return array.#address;
  }
}

let live = 0;

type ArrayOf<Name extends FloatName> = InstanceType<(typeof floats)[Name]['array']>;

/**
 * An array that lives in the memory of the kernels, which compute on it in place, without copying, and with several
 * threads. Like NumPy's `empty`, it holds whatever was there before. It occupies its place until it is released,
 * whether anything refers to it or not.
 *
 * In a browser without cross-origin isolation, where memory cannot be shared, it is an ordinary array.
 *
 * @throws KernelError with the code `ERR_KERNEL_MEMORY` if the memory is full, which is at 4 GiB.
 * @example
 * import { allocate, compileMap, release } from '@leibniz/kernels';
 * const x = allocate('float64', 4).fill(3);
 * const square = compileMap({ dtype: 'float64', inputs: 1 }, ($, x) => $.mul(x, x));
 * square(x, x); // => Float64Array(4) [ 9, 9, 9, 9 ]
 * release(x);
 * square(x, x); // throws KernelError: Cannot use an array of 4 elements that was released
 */
export function allocate<Name extends FloatName>(dtype: Name, length: number): ArrayOf<Name> {
  const { array, bytes } = floats[dtype];
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new KernelError('length', `Cannot allocate ${length} elements: a length is a whole number`);
  }
  const address = isShared() ? take(length * bytes) : 0;
  const made = isShared() ? new array(memory().buffer, address, length) : ordinary(dtype, length);
  if (isShared()) residence.add(made.buffer);
  new Block(made, address);
  live += made.byteLength;
  return made as ArrayOf<Name>;
}

function ordinary(dtype: FloatName, length: number): FloatArray {
  try {
    return new floats[dtype].array(length);
  } catch {
    throw new KernelError(
      'memory',
      `Cannot allocate ${length} elements of ${dtype}: there is no memory for them`,
    );
  }
}

/**
 * Gives the place of an allocated array back, for arrays to come. Neither the array nor views of it may be used after.
 *
 * @throws KernelError with the code `ERR_KERNEL_RELEASED` if the array was released before, or never allocated.
 * @example
 * import { allocate, isLive, release } from '@leibniz/kernels';
 * const x = allocate('float32', 100);
 * release(x);
 * isLive(x); // => false
 */
export function release(array: FloatArray): void {
  const address = Block.end(array);
  if (address === undefined) {
    const why = Block.isLive(array) === false ? 'it was released before' : 'it does not come from allocate';
    throw new KernelError('released', `Cannot release an array of ${array.length} elements: ${why}`);
  }
  live -= array.byteLength;
  if (isShared()) give(address, array.byteLength);
}

/** Whether the array was handed out by `allocate` and not released. */
export const isLive = (array: FloatArray): boolean => Block.isLive(array) === true;

/** The bytes of all arrays that were allocated and not released. */
export const liveBytes = (): number => live;

/** The buffers of allocated arrays; growing the memory makes a new one, and earlier ones stay valid. */
const residence = new Set<ArrayBufferLike>();

/** The address of an array, or of a view of one, that lives in the memory. */
export function addressOf(array: TypedArray): number | undefined {
  if (Block.isLive(array) === false) {
    throw new KernelError('released', `Cannot use an array of ${array.length} elements that was released`);
  }
  return isShared() && residence.has(array.buffer) ? array.byteOffset : undefined;
}

let scratch = { address: 0, bytes: 0 };

/** The addresses of scratch buffers of these sizes in bytes, each a multiple of 64; valid until the next `layout`. */
export function layout(...sizes: readonly number[]): number[] {
  let end = 0;
  const offsets = sizes.map((size) => {
    const offset = end;
    end += Math.ceil(size / LINE) * LINE;
    return offset;
  });
  if (end > scratch.bytes) {
    if (scratch.bytes > 0) give(scratch.address, scratch.bytes);
    scratch = { address: 0, bytes: 0 };
    scratch = { address: take(end), bytes: classOf(end) };
  }
  return offsets.map((offset) => scratch.address + offset);
}

/** A view of the memory. */
export function view<A extends FloatArray>(like: A, address: number, length: number): A {
  const array = like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => A;
  return new array(memory().buffer, address, length);
}
