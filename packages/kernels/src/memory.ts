// The one memory of all kernels, used as scratch: a call lays out its buffers from address 0, copies its inputs in,
// runs, and copies its results out. Growing detaches every view, so views are made anew at each call.

import { assemble, type FunctionSpec, type Import } from './assembler.ts';
import type { FloatArray } from './dtype.ts';
import { KernelError } from './errors.ts';

const PAGE = 65536;
const MAX_PAGES = 65536;

let shared: WebAssembly.Memory | undefined;

function memory(): WebAssembly.Memory {
  shared ??= new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  return shared;
}

/** The addresses of buffers of these sizes in bytes, one after the other, each a multiple of 64. */
export function layout(...sizes: readonly number[]): number[] {
  let end = 0;
  const addresses = sizes.map((size) => {
    const address = end;
    end += Math.ceil(size / 64) * 64;
    return address;
  });
  ensure(end + 64);
  return addresses;
}

function ensure(bytes: number): void {
  const missing = Math.ceil((bytes - memory().buffer.byteLength) / PAGE);
  if (missing <= 0) return;
  try {
    memory().grow(missing);
  } catch {
    throw new KernelError('memory', `Cannot hold ${bytes} bytes of scratch memory: the arrays are too large`);
  }
}

/** A view of scratch memory, valid until the next `layout`. */
export function view<A extends FloatArray>(like: A, address: number, length: number): A {
  const array = like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => A;
  return new array(memory().buffer, address, length);
}

/** Compiles functions over the shared memory. */
export function instantiate<Name extends string>(
  functions: readonly (FunctionSpec & { readonly name: Name })[],
  imports: readonly (Import & { readonly value: (...x: number[]) => number })[] = [],
): Record<Name, (...args: number[]) => void> {
  const env: Record<string, WebAssembly.ImportValue> = { memory: memory() };
  for (const { name, value } of imports) env[name] = value;
  const module = new WebAssembly.Module(assemble(functions, imports));
  return new WebAssembly.Instance(module, { env }).exports as Record<Name, (...args: number[]) => void>;
}
