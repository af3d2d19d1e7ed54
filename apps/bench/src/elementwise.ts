// Operations on float32 that are bound by memory or by functions of elements, from a thousand to ten million elements, on
// one thread, beside the tensor libraries. What they give stays in the memory of each; a total is read.

import { jit, nn, numpy as np } from '@jax-js/jax';
import { allocate, compileMap, compileRows, reduce, setThreads } from '@leibniz/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Contest } from './interleaved.ts';
import { startJax, startTensorflow } from './peers.ts';

const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7];

/** Length of the rows that are normalised. */
const ROW = 1000;
const EPSILON = 1e-5;

const dtype = 'float32';
const add = compileMap({ dtype, inputs: 2 }, ($, a, b) => $.add(a, b));
const exp = compileMap({ dtype, inputs: 1 }, ($, a) => $.exp(a));
const softmax = compileRows({ dtype, inputs: ['matrix'] }, ($, x) => {
  const powers = $.exp($.sub(x, $.reduce('max', x)));
  return $.mul(powers, $.inv($.reduce('sum', powers)));
});
const layerNorm = compileRows({ dtype, inputs: ['matrix', 'row', 'row'] }, ($, x, gamma, beta) => {
  const centred = $.sub(x, $.div($.reduce('sum', x), $.columns));
  const variance = $.div($.reduce('sum', $.square(centred)), $.columns);
  const scale = $.inv($.sqrt($.add(variance, $.rational(1, 100_000))));
  return $.add($.mul($.mul(centred, scale), gamma), beta);
});

interface Arrays<A> {
  readonly x: A;
  readonly y: A;
  /** The first as rows, and a row. */
  readonly rows: A;
  readonly row: A;
}

interface Ours extends Arrays<Float32Array> {
  readonly out: Float32Array;
  readonly total: Float32Array;
}

interface Operation {
  readonly ours: (arrays: Ours) => unknown;
  readonly tensorflow: (arrays: Arrays<tf.Tensor>) => tf.Tensor;
  readonly jax: (arrays: Arrays<np.Array>) => np.Array;
  readonly isTotal?: true;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  add: {
    ours: ({ x, y, out }) => add(out, x, y),
    tensorflow: ({ x, y }) => tf.add(x, y),
    jax: ({ x, y }) => np.add(x, y),
  },
  exp: {
    ours: ({ x, out }) => exp(out, x),
    tensorflow: ({ x }) => tf.exp(x),
    jax: ({ x }) => np.exp(x),
  },
  softmax: {
    ours: ({ x, out }) => softmax(out, { m: x.length / ROW, n: ROW }, x),
    tensorflow: ({ rows }) => tf.softmax(rows),
    jax: ({ rows }) => nn.softmax(rows),
  },
  'layer norm': {
    ours: ({ x, row, out }) => layerNorm(out, { m: x.length / ROW, n: ROW }, x, row, row),
    tensorflow: ({ rows, row }) => {
      const { mean, variance } = tf.moments(rows, 1, true);
      const scale = tf.rsqrt(tf.add(variance, EPSILON));
      return tf.add(tf.mul(tf.mul(tf.sub(rows, mean), scale), row), row);
    },
    jax: ({ rows, row }) => np.add(np.multiply(nn.standardize(rows, -1, { epsilon: EPSILON }), row.ref), row),
  },
  sum: {
    ours: ({ x, total }) => reduce('sum', total, x, { outer: 1, n: x.length, inner: 1 })[0],
    tensorflow: ({ x }) => tf.sum(x),
    jax: ({ x }) => np.sum(x),
    isTotal: true,
  },
  max: {
    ours: ({ x, total }) => reduce('max', total, x, { outer: 1, n: x.length, inner: 1 })[0],
    tensorflow: ({ x }) => tf.max(x),
    jax: ({ x }) => np.max(x),
    isTotal: true,
  },
};

const sample = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * 12.9898 + seed));

function placed(values: Float32Array): Float32Array {
  const array = allocate(dtype, values.length);
  array.set(values);
  return array;
}

/** Each operation on so many elements, beside each library. */
function contestsOf(size: number): Contest[] {
  const [x, y, row] = [sample(size, 1), sample(size, 2), sample(ROW, 3)];
  const own = {
    ...{ x: placed(x), y: placed(y), rows: placed(x), row: placed(row) },
    ...{ out: allocate(dtype, size), total: allocate(dtype, 1) },
  };
  const shape: [number, number] = [size / ROW, ROW];
  const ofTensorflow = {
    x: tf.tensor1d(x),
    y: tf.tensor1d(y),
    rows: tf.tensor2d(x, shape),
    row: tf.tensor1d(row),
  };
  const ofJax = { x: np.array(x), y: np.array(y), rows: np.array(x).reshape(shape), row: np.array(row) };
  return Object.entries(OPERATIONS).flatMap(([name, operation]) => {
    const compiled = jit((x: np.Array, y: np.Array, rows: np.Array, row: np.Array) =>
      operation.jax({ x, y, rows, row }),
    );
    const contest = {
      name: `${name} of ${size.toExponential()} float32, one thread`,
      ours: () => {
        setThreads(1);
        return operation.ours(own);
      },
    };
    return [
      {
        ...contest,
        peer: 'tfjs',
        // The operations of its backend are done when they return.
        theirs: () =>
          tf.tidy(() => {
            const result = operation.tensorflow(ofTensorflow);
            return operation.isTotal ? result.dataSync()[0] : result.size;
          }),
      },
      {
        ...contest,
        peer: 'jax-js',
        // Nothing runs before it is read: all of a small result, or one element of a large one.
        theirs: () => {
          const result = compiled(ofJax.x.ref, ofJax.y.ref, ofJax.rows.ref, ofJax.row.ref);
          return (operation.isTotal || size < 1e5 ? result : result.slice(0)).dataSync();
        },
      },
    ];
  });
}

export async function elementwiseContests(): Promise<Contest[]> {
  await startTensorflow();
  await startJax();
  return SIZES.flatMap(contestsOf);
}
