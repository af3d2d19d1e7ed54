// The one WebAssembly memory of all kernels. It is shared where it can be: then growing leaves earlier views valid, so
// that arrays may live in it, and threads see it. Elsewhere growing detaches every view, and it serves as scratch only.

import {
  assemble,
  call,
  type FunctionSpec,
  type Import,
  increase,
  load,
  loop,
  type MemoryImport,
  op,
} from './assembler.ts';
import { KernelError } from './errors.ts';

const PAGE = 65536;

/** Pages that the memory grows by: none is occupied before it is written to, and each growth stops all threads. */
const GROWTH = 64;

/** The greatest sizes to ask for, in pages: a shared memory reserves its address space, which may be rationed. */
const MAXIMA = [65536, 16384, 4096];

let made: { readonly memory: WebAssembly.Memory; readonly limits: MemoryImport } | undefined;

function make(): NonNullable<typeof made> {
  for (const maximum of typeof SharedArrayBuffer === 'function' ? MAXIMA : []) {
    try {
      const memory = new WebAssembly.Memory({ initial: 1, maximum, shared: true });
      return { memory, limits: { shared: true, maximum } };
    } catch {
      // Less may be granted.
    }
  }
  const memory = new WebAssembly.Memory({ initial: 1, maximum: MAXIMA[0]! });
  return { memory, limits: { shared: false } };
}

const current = () => (made ??= make());

/** Kernels work on whole vectors, so they may touch this much beyond the end of an array. */
const OVERSHOOT = 64;

export const memory = (): WebAssembly.Memory => current().memory;
export const isShared = (): boolean => current().limits.shared;

/** Makes addresses up to `end` usable. */
export function reach(end: number): void {
  const pages = memory().buffer.byteLength / PAGE;
  const wanted = Math.ceil((end + OVERSHOOT) / PAGE);
  if (wanted <= pages) return;
  try {
    memory().grow(Math.ceil(wanted / GROWTH) * GROWTH - pages);
  } catch {
    throw new KernelError('memory', `Cannot hold ${end} bytes in the memory of the kernels: it is full`);
  }
}

/** A kernel: called with addresses and sizes, it computes in the memory. */
export type Kernel = (...args: number[]) => void;

/** A kernel for rows of arguments, which are doubles in the memory: it is called with their address and their number. */
export interface RowsKernel {
  readonly run: (rows: number, count: number) => void;
  /** What another thread needs to make it, unless it calls other functions than those of `Math`: then it stays here. */
  readonly origin?: {
    readonly module: number;
    /** Its place among the exports. */
    readonly index: number;
    readonly bytes: Uint8Array;
  };
}

const rowsKernels = new WeakMap<Kernel, RowsKernel>();
let modules = 0;

/** The kernel that runs this one for row after row. */
export const forRows = (kernel: Kernel): RowsKernel => rowsKernels.get(kernel)!;

/** A function that calls another one for each of some rows of its parameters. */
const overRows = ({ name, params }: FunctionSpec, index: number): FunctionSpec => ({
  name: `${name} over rows`,
  params: ['i32', 'i32'],
  body: (local, [row, count]) =>
    loop(local('i32'), 0, count!, 1, [
      call(
        index,
        ...params.map((type, at) => {
          const value = load('f64.load', row!, 8 * at);
          return type === 'f64' ? value : op('i32.trunc_f64_u', value);
        }),
      ),
      increase(row!, 8 * params.length),
    ]),
});

/** Compiles functions over the memory. */
export function instantiate<Name extends string>(
  functions: readonly (FunctionSpec & { readonly name: Name })[],
  imports: readonly (Import & { readonly value: (...x: number[]) => number })[] = [],
): Record<Name, Kernel> {
  const env: Record<string, WebAssembly.ImportValue> = { memory: memory() };
  for (const { name, value } of imports) env[name] = value;
  const further = functions.map((each, index) => overRows(each, imports.length + index));
  const bytes = assemble([...functions, ...further], imports, current().limits);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
  const kernels = instance.exports as Record<string, Kernel>;
  const module = modules++;
  const isAnywhere = imports.every(
    ({ name, value }) => value === (Math as unknown as Record<string, unknown>)[name],
  );
  for (const [at, { name }] of functions.entries()) {
    const run = kernels[further[at]!.name]!;
    const origin = { module, index: functions.length + at, bytes };
    rowsKernels.set(kernels[name]!, isAnywhere ? { run, origin } : { run });
  }
  return kernels as Record<Name, Kernel>;
}
