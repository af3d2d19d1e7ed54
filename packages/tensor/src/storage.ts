// Where the elements of tensors live. Large ones of floats live in the memory of the kernels, which compute on them in
// place. Nothing tells while a program runs on that a tensor is not used any more, since finalizers wait for its end; so
// what is known to be unused gives its place back at once, and everything else moves out, oldest first: what can be
// computed again from what is kept anyway is dropped until somebody asks for it, the rest is copied into ordinary arrays,
// which the collector looks after.

import { type FloatArray, allocate as place, release } from '@leibniz/kernels';
import { dropCopies } from './copies.ts';
import { allocate, type Data, type DType, dtypes, type FloatDType, isFloat } from './dtype.ts';
import { Given } from './given.ts';
import { hasRoom } from './room.ts';

/** What waits in the memory of the kernels, in bytes, before the oldest of it moves out. */
const NURSERY_BYTES = 8 * 2 ** 20;

/** Less is copied: computing it again is not worth the trouble. */
const LEAST_DROPPED = 1 << 14;

/** How many results may have to be computed again, one from the other, for the sake of the last. */
const MOST_STEPS = 4;

/** How elements were computed, and can be again. */
export interface Origin {
  /** What they were computed from, in the order of the operands; undefined in the place of numbers. */
  readonly sources: readonly (Storage | Data | undefined)[];
  readonly compute: (out: Data, sources: readonly (Data | undefined)[]) => void;
}

/** Marks ordinary arrays that results may be computed from again. */
class Source extends Given {
  readonly #isSource = true;

  static is = (data: object): boolean => #isSource in data && data.#isSource;
}

/** Whether results may be computed from the elements again, so that these must stay as they are. */
export const isSource = (held: Storage | Data): boolean =>
  held instanceof Storage ? held.isSource : Source.is(held);

/** Elements that several tensors may look at. */
export class Storage {
  /** Absent while they are dropped. */
  #data: Data | undefined;
  readonly #length: number;
  readonly #dtype: FloatDType;
  #origin: Origin | undefined;
  /** How often the sources had been written over when the elements were computed. */
  #versions: readonly number[] = [];
  /** How many results must be computed to have the elements. */
  #steps = 0;
  /** How often the elements were handed out to be written over. */
  #version = 0;
  /** How many tensors look at it, and how many dropped storages need it. */
  holders = 0;
  /** Whether it is the value of a variable, which stays until it is assigned another. */
  isVariable = false;
  isResident = true;
  isSource = false;

  constructor(data: FloatArray, origin?: Origin) {
    this.#data = data;
    this.#length = data.length;
    this.#dtype = data instanceof Float64Array ? 'float64' : 'float32';
    if (origin === undefined || bytesOf(origin) > data.byteLength) return; // it would keep more than it is
    this.#origin = origin;
    this.#versions = storagesOf(origin).map((source) => source.#version);
    for (const source of origin.sources)
      if (ArrayBuffer.isView(source) && !Source.is(source)) new Source(source);
  }

  get data(): Data {
    return this.#data ?? this.#computed();
  }

  get byteLength(): number {
    return this.#length * dtypes[this.#dtype].array.BYTES_PER_ELEMENT;
  }

  /** The elements, to be written over or read by who may write over them. */
  exposed(): Data {
    const { data } = this;
    this.#version++;
    this.stay();
    return data;
  }

  /** The elements are not dropped any more, and what they were computed from need not be there. */
  stay(): void {
    this.#origin = undefined;
  }

  /** Gives the place in the memory of the kernels back. */
  moveOut(): void {
    const resident = this.#data as FloatArray;
    const steps = this.#stepsToCompute();
    if (steps <= MOST_STEPS) {
      for (const source of storagesOf(this.#origin!)) {
        source.holders++;
        source.isSource = true;
      }
      this.#data = undefined;
      this.#steps = steps;
    } else {
      this.#data = allocate(this.#dtype, this.#length);
      this.#data.set(resident); // twice as fast as slice()
      this.stay();
    }
    this.isResident = false;
    waitingBytes -= this.byteLength;
    release(resident);
  }

  /** Nobody looks at it any more. */
  end(): void {
    if (this.#data === undefined) for (const source of storagesOf(this.#origin!)) drop(source);
    if (!this.isResident) return;
    this.isResident = false;
    if (!this.isVariable) waitingBytes -= this.byteLength;
    release(this.#data as FloatArray);
  }

  /** Infinitely many where the sources are gone or have changed. */
  #stepsToCompute(): number {
    if (this.#origin === undefined) return Infinity;
    let steps = 0;
    for (const [at, source] of storagesOf(this.#origin).entries()) {
      const isThere = source.holders > 0 && !source.isVariable && source.#version === this.#versions[at];
      if (!isThere) return Infinity;
      steps = Math.max(steps, source.#data === undefined ? source.#steps : 0);
    }
    return steps + 1;
  }

  /** Computes dropped elements again; when their turn to move out comes once more, they are copied. */
  #computed(): Data {
    const { sources, compute } = this.#origin!;
    const arrays = sources.map((source) => (source instanceof Storage ? source.data : source));
    const isResident = hasRoom(this.#length);
    const data = isResident ? place(this.#dtype, this.#length) : allocate(this.#dtype, this.#length);
    compute(data, arrays);
    for (const source of storagesOf(this.#origin!)) drop(source);
    this.stay();
    this.#data = data;
    if (isResident) settle(this, data);
    return data;
  }
}

const storagesOf = ({ sources }: Origin): Storage[] =>
  sources.filter((source): source is Storage => source instanceof Storage);

const bytesOf = ({ sources }: Origin): number => {
  let bytes = 0;
  for (const source of new Set(sources)) bytes += source?.byteLength ?? 0;
  return bytes;
};

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
export function roomFor(dtype: DType, size: number, origin?: () => Origin): Data {
  if (!isFloat(dtype) || !hasRoom(size)) return allocate(dtype, size);
  const data = place(dtype, size);
  settle(new Storage(data, data.byteLength < LEAST_DROPPED ? undefined : origin?.()), data);
  return data;
}

/** The storage has its elements in the memory of the kernels now, until its turn to move out comes. */
function settle(storage: Storage, data: Data): void {
  new Lent(data, { storage, offset: 0 });
  storage.isResident = true;
  wait(storage);
}

/** The same for elements from outside: many at once stay ordinary, since they would soon have to move out. */
export const roomForLeaf = (dtype: DType, size: number): Data =>
  size * 8 > NURSERY_BYTES / 2 ? allocate(dtype, size) : roomFor(dtype, size);

function wait(storage: Storage): void {
  waiting.push(storage);
  waitingBytes += storage.byteLength;
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
  if (storage.holders === 0) storage.end();
}

/** A variable takes the storage for its value. */
export function keep(storage: Storage): void {
  if (storage.isVariable || !storage.isResident) return;
  storage.isVariable = true;
  storage.stay();
  waitingBytes -= storage.byteLength;
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
    if (waits(storage)) storage.moveOut();
  }
  waiting = waiting.slice(at);
}
