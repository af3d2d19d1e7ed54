import { init, jit, numpy as np } from '@jax-js/jax';
import { matmul } from '@leibniz/kernels';
import type { Contest } from './interleaved.ts';

/** m × k times k × n, the first stored transposed or not: the products of the classifier's training step among them. */
const PRODUCTS = [
  { m: 512, k: 512, n: 512, transposeA: false },
  { m: 100, k: 784, n: 200, transposeA: false },
  { m: 500, k: 784, n: 200, transposeA: false },
  { m: 784, k: 500, n: 200, transposeA: true },
] as const;

/** Some numbers, the same at every run. */
const sample = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898) / 2);

/** Matrix products in single precision on one thread, beside those of jax-js compiled to WebAssembly. */
export async function kernelContests(): Promise<Contest[]> {
  await init('wasm');
  return PRODUCTS.map(({ m, k, n, transposeA }) => {
    const [a, b, out] = [sample(m * k), sample(k * n), new Float32Array(m * n)];
    const [left, right] = [np.array(a).reshape(transposeA ? [k, m] : [m, k]), np.array(b).reshape([k, n])];
    const product = jit((x: np.Array, y: np.Array) => np.matmul(transposeA ? np.transpose(x) : x, y));
    return {
      name: `matmul ${m}×${k}×${n} float32${transposeA ? ', transposed' : ''}`,
      peer: 'jax-js',
      ours: () => matmul(out, a, b, { m, n, k, transposeA }),
      theirs: () => product(left.ref, right.ref).dataSync(),
    };
  });
}
