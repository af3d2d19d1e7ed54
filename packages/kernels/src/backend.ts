// What multiplies matrices: our own kernels, or a BLAS of the system if the user chose it.

import { type Blas, loadBlas } from './blas.ts';
import { KernelError } from './errors.ts';
import { threads } from './threads.ts';

export type BackendName = 'wasm' | 'blas';

export interface Backend {
  readonly name: BackendName;
  /** The library that was loaded, where the name is `blas`. */
  readonly library?: string;
  readonly threads: number;
}

let chosen: Blas | 'wasm' | undefined;

/** The library to multiply matrices with, if one was chosen. */
export function blas(): Blas | undefined {
  if (chosen === undefined) setBackend(environment());
  return chosen === 'wasm' ? undefined : chosen;
}

function environment(): BackendName {
  const name = globalThis.process?.env?.LEIBNIZ_BACKEND;
  return name === undefined || name === '' ? 'wasm' : (name as BackendName);
}

/**
 * Chooses what multiplies matrices: `wasm`, which is there everywhere and gives the same bits everywhere, or `blas`, a
 * library of the system, which is faster where vectors are wider than 128 bits and sums in its own order; matrices that are
 * mostly zeros stay with `wasm`, which skips these. At first it is what the environment variable `LEIBNIZ_BACKEND` says, or
 * else `wasm`. For `blas`, install the package koffi and OpenBLAS, BLIS or MKL; macOS has Accelerate. `library` names the
 * file to load.
 *
 * @throws KernelError with the code `ERR_KERNEL_BACKEND` if there is none, or no such backend; nothing changes then.
 * @example
 * import { backend, setBackend } from '@leibniz/kernels';
 * setBackend('wasm');
 * backend().name; // => wasm
 */
export function setBackend(name: BackendName, { library }: { readonly library?: string } = {}): void {
  if (name !== 'wasm' && name !== 'blas') {
    throw new KernelError('backend', `Cannot use the backend ${name}: there are wasm and blas`);
  }
  chosen = name === 'wasm' ? 'wasm' : loadBlas(library);
}

/** What multiplies matrices, and on how many threads. */
export function backend(): Backend {
  const library = blas()?.library;
  return { name: library ? 'blas' : 'wasm', ...(library && { library }), threads: threads() };
}
