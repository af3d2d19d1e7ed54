// Where the elements of tensors live. Large ones of floats live in the memory of the kernels, which compute on them in
// place. Nothing tells while a program runs on that a tensor is not used any more, since finalizers wait for its end; so
// what is known to be unused gives its place back at once, and everything else moves out, oldest first, into ordinary
// arrays, which the collector looks after.

import { type FloatArray, allocate as place, release } from '@leibniz/kernels';
import { dropCopies } from './copies.ts';
import { allocate, type Data, type DType, isFloat } from './dtype.ts';
import { Given } from './given.ts';
import { hasRoom } from './room.ts';

/** What waits in the memory of the kernels, in bytes, before the oldest of it moves out. */
const NURSERY_BYTES = 8 * 2 ** 20;

/** Elements that several tensors may look at. */
export class Storage {
  data: Data;
  /** How many tensors look at it. */
  holders = 0;
  /** Whether it is the value of a variable, which stays until it is assigned another. */
  isVariable = false;
  isResident = true;

  constructor(data: Data) {
    this.data = data;
  }
}

/** A part of a storage, as it was lent. */
export interface Part {
  readonly storage: Storage;
  readonly offset: number;
}

/** What part of a storage an array is: a private field of the array, because a WeakMap costs more than many an operation. */
class Lent extends Given {
  readonly #part: Part;

  constructor(data: Data, part: Part) {
    super(data);
    this.#part = part;
  }

  static part = (data: object): Part | undefined => (#part in data ? data.#part : undefined);
}

/** Oldest first; those that are variables or gave their place back are skipped when their turn comes. */
let waiting: Storage[] = [];
let waitingBytes = 0;
/** Entries of `waiting` before it is looked through for those that do not wait any more. */
let longest = 256;
let lent = 0;

/** An array for a result; it holds whatever was there before. */
export function roomFor(dtype: DType, size: number): Data {
  if (!isFloat(dtype) || !hasRoom(size)) return allocate(dtype, size);
  const data = place(dtype, size);
  const storage = new Storage(data);
  new Lent(data, { storage, offset: 0 });
  wait(storage);
  return data;
}

/** The same for elements from outside: many at once stay ordinary, since they would soon have to move out. */
export const roomForLeaf = (dtype: DType, size: number): Data =>
  size * 8 > NURSERY_BYTES / 2 ? allocate(dtype, size) : roomFor(dtype, size);

function wait(storage: Storage): void {
  waiting.push(storage);
  waitingBytes += storage.data.byteLength;
}

/** The storage that an array is, or is a part of. */
export const partOf = (data: Data): Part | undefined => Lent.part(data);

/** A part of a storage as an array. */
export function lend(storage: Storage, offset: number, size: number): Data {
  const part = storage.data.subarray(offset, offset + size) as Data;
  if (storage.isResident) new Lent(part, { storage, offset });
  return part;
}

/** One tensor less looks at it; after the last it gives its place back. */
export function drop(storage: Storage): void {
  storage.holders--;
  if (storage.holders > 0 || !storage.isResident) return;
  storage.isResident = false;
  if (!storage.isVariable) waitingBytes -= storage.data.byteLength;
  release(storage.data as FloatArray);
}

/** A variable takes the storage for its value. */
export function keep(storage: Storage): void {
  if (storage.isVariable || !storage.isResident) return;
  storage.isVariable = true;
  waitingBytes -= storage.data.byteLength;
}

/** A variable has another value now. */
export function letGo(storage: Storage): void {
  if (!storage.isVariable || !storage.isResident) return;
  storage.isVariable = false;
  wait(storage);
}

/** Runs a function that is lent elements: nothing moves meanwhile. */
export function lending<R>(run: () => R): R {
  lent++;
  try {
    return run();
  } finally {
    lent--;
  }
}

const waits = ({ isResident, isVariable }: Storage) => isResident && !isVariable;

/** Moves the oldest out, if much waits. Called where no operation is at work and no elements are lent. */
export function tidy(): void {
  if (waiting.length > longest) {
    waiting = waiting.filter(waits);
    longest = Math.max(256, 2 * waiting.length);
  }
  if (lent > 0) return;
  dropCopies();
  if (waitingBytes <= NURSERY_BYTES) return;
  let at = 0;
  for (; at < waiting.length && waitingBytes > NURSERY_BYTES / 2; at++) {
    const storage = waiting[at]!;
    if (!waits(storage)) continue;
    const resident = storage.data as FloatArray;
    storage.data = new (resident.constructor as new (length: number) => Data)(resident.length);
    storage.data.set(resident); // twice as fast as slice()
    storage.isResident = false;
    waitingBytes -= resident.byteLength;
    release(resident);
  }
  waiting = waiting.slice(at);
}
