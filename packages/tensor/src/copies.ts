// Copies of ordinary arrays where the kernels compute. What is read often, as a batch that a product, its gradient and the
// next epoch read, need not be copied each time; a copy can be dropped whenever the room is needed.

import { type FloatArray, allocate as place, release } from '@leibniz/kernels';
import { Given } from './given.ts';
import { hasRoom } from './room.ts';

/** Copies beyond this are dropped, oldest first. */
const MOST_BYTES = 128 * 2 ** 20;

interface Copy {
  readonly array: FloatArray;
  isLive: boolean;
}

/** An array and its copy: a private field of the array, as in `storage.ts`. */
class Copied extends Given {
  #copy: Copy;

  private constructor(data: object, copy: Copy) {
    super(data);
    this.#copy = copy;
  }

  static of = (data: object): Copy | undefined =>
    #copy in data && data.#copy.isLive ? data.#copy : undefined;

  static set(data: object, copy: Copy): void {
    if (#copy in data) data.#copy = copy;
    else new Copied(data, copy);
  }
}

let copies: Copy[] = [];
let bytes = 0;

const collected = /* @__PURE__ */ new FinalizationRegistry<Copy>(drop);

/** The same elements where the kernels compute, until the next `dropCopies` at least. */
export function copyOf(data: FloatArray): FloatArray {
  if (data.byteLength > MOST_BYTES || !hasRoom(data.length)) return data;
  const known = Copied.of(data);
  if (known) return known.array;
  const copy = {
    array: place(data instanceof Float64Array ? 'float64' : 'float32', data.length) as FloatArray,
    isLive: true,
  };
  copy.array.set(data);
  Copied.set(data, copy);
  copies.push(copy);
  bytes += copy.array.byteLength;
  collected.register(data, copy);
  return copy.array;
}

/** The elements may be written over from outside: a copy of them is none any more. */
export function forgetCopy(data: object): void {
  const copy = Copied.of(data);
  if (copy) drop(copy);
}

function drop(copy: Copy): void {
  if (!copy.isLive) return;
  copy.isLive = false;
  bytes -= copy.array.byteLength;
  release(copy.array);
}

/** Drops the oldest copies if there are too many. Called where no operation is at work. */
export function dropCopies(): void {
  if (bytes <= MOST_BYTES) return;
  for (const copy of copies) {
    if (bytes <= MOST_BYTES / 2) break;
    drop(copy);
  }
  copies = copies.filter((copy) => copy.isLive);
}
