// Threads over the shared memory. A job is one kernel and a table of arguments, a row for each part; whoever is free
// takes the next part, the caller among them, so a thread that starts late or never costs nothing. Parts write to
// different places and compute what they would alone: results are the same for every number of threads.

import { KernelError } from './errors.ts';
import { take } from './heap.ts';
import { forRows, isShared, type Kernel, memory, type RowsKernel } from './memory.ts';

/** Places in the area of a pool: words, and the byte where the rows start; after them comes the module. */
const slots = {
  /** Odd while a job is being written. */
  sequence: 0,
  next: 16,
  sleepers: 32,
  done: 48,
  failed: 49,
  ready: 50,
  base: 64,
  end: 65,
  columns: 66,
  module: 67,
  index: 68,
  size: 69,
  rows: 320,
} as const;

/** Bytes of the area of a pool. */
const AREA = 1 << 18;

/** What a thread is told when it starts. */
export interface Start {
  readonly memory: WebAssembly.Memory;
  readonly address: number;
  readonly slots: typeof slots;
}

interface Thread {
  postMessage(start: Start): void;
  terminate(): unknown;
}

interface Pool {
  readonly threads: Thread[];
  readonly address: number;
  readonly words: Int32Array;
}

let wanted: number | undefined;
let pool: Pool | undefined;

/** Set when threads cannot be started here, or stop by themselves. */
let isAlone = false;

/** The number of threads that large kernels run on, the caller's among them. */
export function threads(): number {
  wanted ??= expectCount('LEIBNIZ_THREADS', environment() ?? processors());
  return canFork() ? wanted : 1;
}

/**
 * Sets the number of threads for large kernels, the caller's included; at first it is that of the environment variable
 * `LEIBNIZ_THREADS`, or else that of the processors. Results do not depend on it, bit for bit. Threads start when they
 * are first of use, in the background, and do not keep the process from ending. The main thread of a page must not wait
 * for others, so there, and where memory cannot be shared, kernels run on the caller alone.
 *
 * @throws KernelError with the code `ERR_KERNEL_THREAD` unless the number is a whole one from 1 to 64.
 * @example
 * import { setThreads, threads } from '@leibniz/kernels';
 * setThreads(1);
 * threads(); // => 1
 */
export function setThreads(count: number): void {
  wanted = expectCount('setThreads', count);
  // One thread leaves the others asleep.
  if (count > 1 && pool && pool.threads.length !== count - 1) dismiss();
  isAlone = false;
}

function expectCount(what: string, count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= 64) return count;
  throw new KernelError(
    'thread',
    `Cannot run on ${count} threads (${what}): give a whole number from 1 to 64`,
  );
}

function environment(): number | undefined {
  const text = globalThis.process?.env?.LEIBNIZ_THREADS;
  return text === undefined || text === '' ? undefined : Number(text);
}

/** More threads than this share one memory bus to little avail. */
const ENOUGH = 16;

function processors(): number {
  const os = globalThis.process?.getBuiltinModule?.('node:os');
  const count = os ? os.availableParallelism() : globalThis.navigator?.hardwareConcurrency;
  return Math.max(1, Math.min(count ?? 1, ENOUGH));
}

const canFork = () => !isAlone && isShared() && typeof document === 'undefined';

/** Nanoseconds of work below which a part is not worth handing out, to a thread that must be woken or one that waits. */
const PART = { asleep: 25_000, awake: 8_000 };

/**
 * Cuts a length into parts for `fork`, at multiples of the unit: one part if the work, in nanoseconds on one thread, is
 * too little to share, and none that is shorter than the least length asked for.
 */
export function parts(
  length: number,
  unit: number,
  work: number,
  least = unit,
): (readonly [from: number, to: number])[] {
  const part = work < MANY * PART.asleep && isAwake() ? PART.awake : PART.asleep;
  if (work < MANY * part) return length > 0 ? [[0, length]] : [];
  const units = Math.ceil(length / unit);
  const worthwhile = Math.min(Math.floor(length / least), Math.floor(work / part));
  const most = Math.min(units, worthwhile, threads() === 1 ? 1 : 4 * threads());
  const size = Math.ceil(units / Math.max(most, 1)) * unit;
  return Array.from({ length: Math.ceil(length / size) }, (_, at) => [
    at * size,
    Math.min(length, (at + 1) * size),
  ]);
}

/** Fewer parts than this are left to the caller. */
const MANY = 4;

/** Runs the kernel once for each row of arguments, in any order and at the same time. */
export function fork(kernel: Kernel, rows: readonly (readonly number[])[]): void {
  const ready = rows.length > 1 ? readyPool() : undefined;
  const each = ready && forRows(kernel);
  if (ready && each && publish(ready, each, rows)) join(ready, each);
  else inTurn(kernel, rows);
}

/** Bytes for the rows of one call. */
const TABLE = 1 << 14;

let table: number | undefined;

/** Runs the kernel for one row of arguments after the other. */
export function inTurn(kernel: Kernel, rows: readonly (readonly number[])[]): void {
  if (rows.length < 2) {
    for (const row of rows) kernel(...row);
    return;
  }
  table ??= take(TABLE);
  const columns = rows[0]!.length;
  const most = Math.floor(TABLE / (8 * columns));
  for (let first = 0; first < rows.length; first += most) {
    const some = rows.slice(first, first + most);
    write(table, some);
    forRows(kernel).run(table, some.length);
  }
}

/** Writes rows as doubles, one after the other. */
function write(address: number, rows: readonly (readonly number[])[]): void {
  const columns = rows[0]!.length;
  const values = new Float64Array(memory().buffer, address, rows.length * columns);
  for (const [at, row] of rows.entries()) values.set(row, at * columns);
}

/** Starts the threads if need be, and tells whether one of them is up. */
export const isUp = (): boolean => readyPool() !== undefined;

/** Whether some thread waits for work without sleeping: just after other work, when sharing costs least. */
const isAwake = (): boolean =>
  pool !== undefined &&
  threads() > 1 &&
  Atomics.load(pool.words, slots.ready) > Atomics.load(pool.words, slots.sleepers);

/** The pool, if any of its threads is up; otherwise it is started, and of use to a later call. */
function readyPool(): Pool | undefined {
  if (threads() === 1) return undefined;
  pool ??= start(threads() - 1);
  return pool && Atomics.load(pool.words, slots.ready) > 0 ? pool : undefined;
}

function start(count: number): Pool | undefined {
  const address = take(AREA);
  const words = new Int32Array(memory().buffer, address, AREA / 4).fill(0);
  const made: Pool = { threads: [], address, words };
  try {
    for (let at = 0; at < count; at++) {
      const thread = launch(() => {
        // A thread that never came up will not the next time either; one that was lost is replaced.
        if (pool !== made) return;
        isAlone = Atomics.load(words, slots.ready) === 0;
        dismiss();
      });
      made.threads.push(thread);
      thread.postMessage({ memory: memory(), address, slots });
    }
    return made;
  } catch {
    isAlone = true;
    return undefined;
  }
}

function launch(lost: () => void): Thread {
  const here = import.meta.url;
  const url = here.endsWith('.ts')
    ? new URL(here.replace(/[^/]*$/, 'worker.ts'))
    : new URL(/* @vite-ignore */ './worker.js', import.meta.url); // bundlers take the file along
  const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
  if (node) {
    const worker = new node.Worker(url, { execArgv: [] });
    worker.unref();
    worker.on('error', lost);
    worker.on('exit', lost);
    return worker;
  }
  const worker = new Worker(url, { type: 'module' });
  worker.addEventListener('error', lost);
  return worker;
}

function dismiss(): void {
  for (const thread of pool?.threads ?? []) thread.terminate();
  pool = undefined;
}

/** Parts are numbered anew from here on: words are signed. */
const LAST_PART = 2 ** 30;

/** Writes the job to the memory and wakes those who sleep; false if it does not fit or cannot leave this thread. */
function publish(
  { words, address }: Pool,
  { origin }: RowsKernel,
  rows: readonly (readonly number[])[],
): boolean {
  const columns = rows[0]!.length;
  const start = slots.rows + rows.length * columns * 8;
  if (!origin || start + origin.bytes.length > AREA) return false;
  const sequence = Atomics.add(words, slots.sequence, 1) + 1;
  const { buffer } = words;
  write(address + slots.rows, rows);
  new Uint8Array(buffer, address + start, origin.bytes.length).set(origin.bytes);
  if (Atomics.load(words, slots.next) > LAST_PART) Atomics.store(words, slots.next, 0);
  const base = Atomics.load(words, slots.next);
  words[slots.base] = base;
  words[slots.end] = base + rows.length;
  words[slots.columns] = columns;
  words[slots.module] = origin.module;
  words[slots.index] = origin.index;
  words[slots.size] = origin.bytes.length;
  words[slots.done] = 0;
  words[slots.failed] = 0;
  Atomics.store(words, slots.sequence, sequence + 1);
  if (Atomics.load(words, slots.sleepers) > 0) Atomics.notify(words, slots.sequence);
  return true;
}

/** Leaves the processor to a thread that shares it; newer engines have this. */
const { pause } = Atomics as { readonly pause?: () => void };

/** How long the caller looks for the end of a job before it sleeps, in milliseconds. */
const PATIENCE = 0.2;

/** Milliseconds without progress after which a thread counts as lost, unless parts take long by themselves. */
const LOST = 1000;
const LOST_PARTS = 20;

/** Takes parts like any thread, then waits for those that others took. */
function join({ words, address }: Pool, { run }: RowsKernel): void {
  const [base, end] = [words[slots.base]!, words[slots.end]!];
  const bytes = 8 * words[slots.columns]!;
  let slowest = 0;
  let failure: unknown;
  for (let part = base; part < end; ) {
    const found = Atomics.compareExchange(words, slots.next, part, part + 1);
    if (found === part) {
      const start = performance.now();
      try {
        run(address + slots.rows + (part - base) * bytes, 1);
      } catch (error) {
        failure = error;
      }
      slowest = Math.max(slowest, performance.now() - start);
      Atomics.add(words, slots.done, 1);
    }
    part = Atomics.load(words, slots.next);
  }
  let progress = performance.now();
  for (let known = 0; known < end - base; ) {
    const done = Atomics.load(words, slots.done);
    if (done !== known) progress = performance.now();
    known = done;
    const waited = performance.now() - progress;
    if (waited > Math.max(LOST, LOST_PARTS * slowest)) {
      dismiss();
      throw new KernelError(
        'thread',
        `Cannot finish a kernel: a thread gave no sign for ${Math.round(waited)} ms`,
      );
    }
    if (waited > PATIENCE) Atomics.wait(words, slots.done, done, 50);
    else pause?.();
  }
  if (failure !== undefined) throw failure;
  if (words[slots.failed] === 1)
    throw new KernelError('thread', 'Cannot finish a kernel: it failed on a thread');
}
