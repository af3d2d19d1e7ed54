// A thread of the pool. It sleeps on the memory until a job is published there, takes parts of it as long as there are
// any, and never returns: everything it needs, kernels included, it reads from the memory.

import type { Start } from './threads.ts';

/** Kernels that are kept at hand. */
const KEPT = 256;

/** How long a thread looks for the next job before it sleeps, in milliseconds. */
const PATIENCE = 0.5;

function serve({ memory, address, slots }: Start): never {
  const word = (slot: number) => address / 4 + slot;
  const [sequence, next, sleepers] = [word(slots.sequence), word(slots.next), word(slots.sleepers)];
  const [done, failed] = [word(slots.done), word(slots.failed)];
  const words = new Int32Array(memory.buffer);
  const math = Object.getOwnPropertyNames(Math).map((name) => [name, Math[name as keyof Math]]);
  const env = { ...(Object.fromEntries(math) as WebAssembly.ModuleImports), memory };
  const known = new Map<number, WebAssembly.Exports>();

  /** Leaves the processor to a thread that shares it; newer engines have this. */
  const { pause } = Atomics as { readonly pause?: () => void };

  /** Waits for a job that is not the one seen last. */
  const nextJob = (seen: number): number => {
    const start = performance.now();
    for (;;) {
      const job = Atomics.load(words, sequence);
      if (job !== seen && job % 2 === 0) return job;
      if (performance.now() - start < PATIENCE) {
        pause?.();
        continue;
      }
      Atomics.add(words, sleepers, 1);
      Atomics.wait(words, sequence, job);
      Atomics.sub(words, sleepers, 1);
    }
  };

  const kernelsOf = (module: number, bytes: Uint8Array<ArrayBuffer>): WebAssembly.Exports => {
    const kernels =
      known.get(module) ?? new WebAssembly.Instance(new WebAssembly.Module(bytes), { env }).exports;
    known.delete(module);
    known.set(module, kernels);
    if (known.size > KEPT) known.delete(known.keys().next().value!);
    return kernels;
  };

  Atomics.add(words, word(slots.ready), 1);
  for (let job = Atomics.load(words, sequence); ; ) {
    job = nextJob(job);
    const [base, end] = [words[word(slots.base)]!, words[word(slots.end)]!];
    const [columns, module, index] = [
      words[word(slots.columns)]!,
      words[word(slots.module)]!,
      words[word(slots.index)]!,
    ];
    const [rows, size] = [address + slots.rows, words[word(slots.size)]!];
    const from = rows + (end - base) * columns * 8;
    const bytes = known.has(module) ? new Uint8Array() : new Uint8Array(words.buffer, from, size).slice();
    // The job may have ended while it was read, and the next be half written.
    if (Atomics.load(words, sequence) !== job) continue;
    const run = Object.values(kernelsOf(module, bytes as Uint8Array<ArrayBuffer>))[index] as (
      rows: number,
      count: number,
    ) => void;
    for (;;) {
      const part = Atomics.load(words, next);
      if (part < base || part >= end) break;
      // Parts are numbered through all jobs, so that a thread that comes late takes none of another job.
      if (Atomics.compareExchange(words, next, part, part + 1) !== part) continue;
      try {
        run(rows + (part - base) * columns * 8, 1);
      } catch {
        Atomics.store(words, failed, 1);
      }
      Atomics.add(words, done, 1);
      Atomics.notify(words, done);
    }
  }
}

const node = globalThis.process?.getBuiltinModule?.('node:worker_threads');
if (node?.parentPort) node.parentPort.once('message', serve);
else if (typeof document === 'undefined') globalThis.addEventListener?.('message', ({ data }) => serve(data));
