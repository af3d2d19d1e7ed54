// Matrix products by a BLAS of the system, called through koffi, which the user installs if he wants this.

import type { FloatArray } from './dtype.ts';
import { KernelError } from './errors.ts';
import type { Sizes } from './plan.ts';
import { threads } from './threads.ts';

/** The general matrix product of the C interface to BLAS. */
type Gemm = (
  order: number,
  transposeA: number,
  transposeB: number,
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: FloatArray,
  lda: number,
  b: FloatArray,
  ldb: number,
  beta: number,
  c: FloatArray,
  ldc: number,
) => void;

export interface Blas {
  readonly library: string;
  readonly float32: Gemm;
  readonly float64: Gemm;
  /** Sets the number of its threads, where that is known. */
  readonly setThreads: (count: number) => void;
}

/** The part of koffi that is used. */
interface Koffi {
  load(library: string): { func(declaration: string): (...args: never[]) => unknown };
}

/** Where the good ones are, by platform, the reference implementation not among them. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  linux: [
    'libopenblas.so.0',
    'libopenblas.so',
    'libblis.so.4',
    'libblis.so',
    'libmkl_rt.so.2',
    'libmkl_rt.so',
  ],
  darwin: [
    '/System/Library/Frameworks/Accelerate.framework/Accelerate',
    'libopenblas.dylib',
    '/opt/homebrew/opt/openblas/lib/libopenblas.dylib',
  ],
  win32: ['libopenblas.dll', 'mkl_rt.2.dll'],
};

/** Functions that set the number of threads, by the libraries that have them. */
const SETTERS = ['openblas_set_num_threads', 'MKL_Set_Num_Threads', 'bli_thread_set_num_threads'];

const declaration = (prefix: string, type: string) =>
  `void cblas_${prefix}gemm(int order, int transA, int transB, int m, int n, int k, ${type} alpha, ` +
  `const ${type} *a, int lda, const ${type} *b, int ldb, ${type} beta, _Inout_ ${type} *c, int ldc)`;

/** Loads the library, or the first of the usual ones that there is. */
export function loadBlas(library?: string): Blas {
  const koffi = loadKoffi();
  const tried = library === undefined ? (LIBRARIES[process.platform] ?? []) : [library];
  for (const name of tried) {
    const blas = attempt(() => bind(koffi, name));
    if (blas !== undefined) return blas;
  }
  throw new KernelError(
    'backend',
    `Cannot use a system BLAS: none of ${tried.join(', ')} could be loaded; install one (on Debian: apt install libopenblas0), name its file, or use the backend wasm`,
  );
}

function loadKoffi(): Koffi {
  const module = globalThis.process?.getBuiltinModule?.('node:module');
  const koffi = module && attempt(() => module.createRequire(import.meta.url)('koffi') as Koffi);
  if (koffi !== undefined) return koffi;
  throw new KernelError(
    'backend',
    'Cannot use a system BLAS: it is called through the package koffi, which is not installed; run npm install koffi, or use the backend wasm',
  );
}

function bind(koffi: Koffi, name: string): Blas {
  const library = koffi.load(name);
  const setters = SETTERS.map((setter) => attempt(() => library.func(`void ${setter}(int count)`)));
  const setter = setters.find((known) => known !== undefined) as ((count: number) => void) | undefined;
  return {
    library: name,
    float32: library.func(declaration('s', 'float')) as Gemm,
    float64: library.func(declaration('d', 'double')) as Gemm,
    setThreads: setter ?? (() => {}),
  };
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

const ROW_MAJOR = 101;
const TRANSPOSED = { false: 111, true: 112 } as const;

/**
 * Multiplications that are worth the threads of a library: these wait for more work without sleeping, and slow down what
 * comes after a product.
 */
const LEAST_SHARED = 5e6;

/** Writes the product to `out`. Sums are in whatever order the library has. */
export function multiplyByBlas<A extends FloatArray>(blas: Blas, out: A, a: A, b: A, sizes: Sizes): void {
  const { m, n, k, transposeA = false, transposeB = false } = sizes;
  blas.setThreads(m * n * k < LEAST_SHARED ? 1 : threads());
  const gemm = out instanceof Float32Array ? blas.float32 : blas.float64;
  const transposes = [TRANSPOSED[`${transposeA}`], TRANSPOSED[`${transposeB}`]] as const;
  const [lda, ldb] = [transposeA ? m : k, transposeB ? k : n].map((length) => Math.max(1, length));
  gemm(ROW_MAJOR, ...transposes, m, n, k, 1, a, lda!, b, ldb!, 0, out, n);
}
