import { jit, numpy as np } from '@jax-js/jax';
import { allocate, compileMap, type FloatName, matmul, reduce, setThreads, threads } from '@leibniz/kernels';
import * as tf from '@tensorflow/tfjs-core';
import * as numpyTs from 'numpy-ts';
import type { Contest } from './interleaved.ts';
import { startJax, startTensorflow } from './peers.ts';

export interface Product {
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** m × k times k × n, the first stored transposed or not: the products of the classifier's training step among them. */
export const PRODUCTS: readonly Product[] = [
  { m: 512, k: 512, n: 512 },
  { m: 512, k: 512, n: 512, transposeA: true },
  { m: 100, k: 784, n: 200 },
  { m: 500, k: 784, n: 200 },
  { m: 784, k: 500, n: 200, transposeA: true },
  { m: 500, k: 784, n: 10 },
];

/** Some numbers, the same at every run. */
const sample = (length: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898));

const placed = (dtype: FloatName, values: ArrayLike<number>) => {
  const array = allocate(dtype, values.length);
  array.set(values);
  return array as never;
};

export const nameOf = ({ m, k, n, transposeA }: Product) =>
  `${m}×${k}×${n}${transposeA ? ', transposed' : ''}`;

/** Our product of allocated arrays. */
export function ours(
  dtype: FloatName,
  product: Product,
  on: number,
  a: ArrayLike<number> = sample(product.m * product.k),
) {
  const { m, k, n } = product;
  const [left, right, out] = [a, sample(k * n), sample(m * n)].map((values) => placed(dtype, values));
  return () => {
    setThreads(on);
    return matmul(out!, left!, right!, product);
  };
}

async function tensorflow(): Promise<(product: Product) => () => unknown> {
  await startTensorflow();
  return ({ m, k, n, transposeA = false }) => {
    const left = tf.tensor2d(sample(m * k), transposeA ? [k, m] : [m, k]);
    const right = tf.tensor2d(sample(k * n), [k, n]);
    // Not in a tidy, which would look for tensors in all that is read.
    return () => {
      const product = tf.matMul(left, right, transposeA);
      const elements = product.dataSync();
      product.dispose();
      return elements;
    };
  };
}

async function jax(): Promise<(product: Product) => () => unknown> {
  await startJax();
  return ({ m, k, n, transposeA = false }) => {
    const left = np.array(sample(m * k)).reshape(transposeA ? [k, m] : [m, k]);
    const right = np.array(sample(k * n)).reshape([k, n]);
    const product = jit((x: np.Array, y: np.Array) => np.matmul(transposeA ? np.transpose(x) : x, y));
    return () => product(left.ref, right.ref).dataSync();
  };
}

function numpyTsFloat64({ m, k, n }: Product): () => unknown {
  const left = numpyTs.array(Float64Array.from(sample(m * k))).reshape([m, k]);
  const right = numpyTs.array(Float64Array.from(sample(k * n))).reshape([k, n]);
  return () => {
    const product = numpyTs.matmul(left, right);
    const first = product.get([0, 0]);
    product.dispose();
    return first;
  };
}

/** One in five is not zero, in runs, as in pictures of digits. */
const mostlyZero = (length: number) => sample(length).map((x, i) => (Math.floor(i / 4) % 5 === 0 ? x : 0));

/** Adam's step for so many parameters, as one kernel that writes over its inputs, beside a loop. */
function adam(parameters: number): Contest {
  const start = () => ['w', 'g', 'm', 'v'].map(() => sample(parameters).map(Math.abs));
  const [w, g, m, v] = start().map((values) => placed('float32', values)) as [never, never, never, never];
  const inputs = ['array', 'array', 'array', 'array', 'scalar', 'scalar'] as const;
  const step = compileMap({ dtype: 'float32', inputs }, ($, w, g, m, v, c1, c2) => {
    const [decay1, decay2] = [$.rational(9, 10), $.rational(999, 1000)];
    const first = $.add($.mul(decay1, m), $.mul($.rational(1, 10), g));
    const second = $.add($.mul(decay2, v), $.mul($.rational(1, 1000), $.square(g)));
    const size = $.add($.sqrt($.mul(second, c2)), $.rational(1, 100_000_000));
    return [$.sub(w, $.div($.mul($.rational(1, 1000), $.mul(first, c1)), size)), first, second];
  });
  const [tw, tg, tm, tv] = start() as [Float32Array, Float32Array, Float32Array, Float32Array];
  return {
    name: `Adam on ${parameters} parameters, one thread`,
    peer: 'loop',
    ours: () => {
      setThreads(1);
      return step([w, m, v], w, g, m, v, 1.1, 1.2);
    },
    theirs: () => {
      for (let i = 0; i < parameters; i++) {
        const gradient = tg[i]!;
        const first = 0.9 * tm[i]! + 0.1 * gradient;
        const second = 0.999 * tv[i]! + 0.001 * gradient * gradient;
        tm[i] = first;
        tv[i] = second;
        tw[i]! -= (0.001 * (first * 1.1)) / (Math.sqrt(second * 1.2) + 1e-8);
      }
      return tw;
    },
  };
}

const FUNCTIONS = ['exp', 'log', 'sin', 'tanh'] as const;

/** A function of a hundred thousand numbers, on one thread, beside the platform's. */
const functions = FUNCTIONS.flatMap((name) =>
  (['float32', 'float64'] as const).map((dtype): Contest => {
    const x = placed(dtype, sample(1e5).map(Math.abs)) as Float32Array;
    const out = placed(dtype, x) as Float32Array;
    const kernel = compileMap({ dtype, inputs: 1 }, ($, a) => $[name](a));
    const [copy, result] = [x.slice(), x.slice()];
    return {
      name: `${name} of 1e5 ${dtype}, one thread`,
      peer: 'Math',
      ours: () => {
        setThreads(1);
        return kernel(out, x);
      },
      theirs: () => {
        for (let i = 0; i < copy.length; i++) result[i] = Math[name](copy[i]!);
        return result;
      },
    };
  }),
);

/** The bytes that a kernel reads and writes, beside copying as many: above 1, it is as fast as the memory. */
function memoryBound(): Contest[] {
  const length = 1e7;
  const [x, y, out] = [1, 2, 3].map(() => allocate('float32', length).fill(0.1)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const add = compileMap({ dtype: 'float32', inputs: 2 }, ($, a, b) => $.add(a, b));
  const one = new Float32Array(1);
  const sizes = { outer: 1, n: length, inner: 1 };
  const [from, to] = [new Float32Array(2 * length).fill(1), new Float32Array(2 * length).fill(1)];
  /** Reads and writes so many bytes for each element. */
  const copy = (bytes: number) => () => {
    to.set(from.subarray(0, (length * bytes) / 8));
    return to;
  };
  return [
    { name: 'add 1e7 float32', peer: 'copy', ours: () => add(out, x, y), theirs: copy(12) },
    { name: 'sum 1e7 float32', peer: 'copy', ours: () => reduce('sum', one, x, sizes), theirs: copy(4) },
    { name: 'max 1e7 float32', peer: 'copy', ours: () => reduce('max', one, x, sizes), theirs: copy(4) },
  ];
}

/** Kernels beside their peers, on one thread, then beside themselves on one. */
export async function kernelContests(): Promise<Contest[]> {
  const all = threads();
  const [ofTensorflow, ofJax] = [await tensorflow(), await jax()];
  const peers = PRODUCTS.flatMap((product) => [
    {
      name: `matmul ${nameOf(product)} float32`,
      peer: 'jax-js',
      ours: ours('float32', product, 1),
      theirs: ofJax(product),
    },
    {
      name: `matmul ${nameOf(product)} float32`,
      peer: 'tfjs',
      ours: ours('float32', product, 1),
      theirs: ofTensorflow(product),
    },
  ]);
  const plain = PRODUCTS.filter(({ transposeA }) => !transposeA);
  const doubles = plain.map((product) => ({
    name: `matmul ${nameOf(product)} float64`,
    peer: 'numpy-ts',
    ours: ours('float64', product, 1),
    theirs: numpyTsFloat64(product),
  }));
  const threaded = PRODUCTS.map((product) => ({
    name: `matmul ${nameOf(product)} on ${all} threads`,
    peer: 'one',
    ours: ours('float32', product, all),
    theirs: ours('float32', product, 1),
  }));
  const sparse = PRODUCTS.slice(2, 5).map((product) => ({
    name: `matmul ${nameOf(product)}, 4/5 zeros`,
    peer: 'dense',
    ours: ours('float32', product, 1, mostlyZero(product.m * product.k)),
    theirs: ours('float32', product, 1),
  }));
  return [...peers, ...doubles, ...threaded, ...sparse, adam(159_010), ...functions, ...memoryBound()];
}
