// Values and gradients against those that fixtures/gradients.py has from PyTorch, in double precision.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as library from './index.ts';
import { jvp, type Shape, type Tensor, tensor, vjp } from './index.ts';

type Case = [
  name: string,
  args: readonly unknown[],
  inputs: [Shape, number[]][],
  value: number[],
  gradients: number[][],
];

const cases = JSON.parse(
  readFileSync(new URL('../fixtures/gradients.json', import.meta.url), 'utf8'),
) as Case[];

const named = library as unknown as Record<string, (...args: unknown[]) => Tensor>;
const int32 = (values: number[] | number[][]) => tensor(values, { dtype: 'int32' });
const bool = (values: boolean[][]) => tensor(values);
const labels = [2, 0, 1];
const reduction = (value: unknown) => ({ reduction: value as 'mean' });
const axisOf = (axis: unknown) => (axis ?? undefined) as number | undefined;
const reduce =
  (name: string) =>
  (x: Tensor[], axis: unknown, keepdims: unknown): Tensor =>
    named[name]!(x[0], axisOf(axis), { keepdims });

/** How an operation is called, where it is not called with its inputs alone. */
const CALLS: Readonly<Record<string, (x: Tensor[], ...args: never[]) => Tensor | Tensor[]>> = {
  clip: ([x]) => library.clip(x!, -1, 1),
  where: ([a, b]) => library.where(library.greater(a!, 0), a!, b!),
  polygamma: ([x]) => library.polygamma(2, x!),
  ...Object.fromEntries(
    ['sum', 'mean', 'max', 'min', 'std', 'variance', 'logSumExp'].map((name) => [name, reduce(name)]),
  ),
  vectorNorm: ([x], axis: unknown, keepdims: boolean) =>
    library.vectorNorm(x!, { axis: axisOf(axis), keepdims }),
  vectorNormOf: ([x], ord: number | 'inf') =>
    library.vectorNorm(x!, { ord: ord === 'inf' ? Number.POSITIVE_INFINITY : ord }),
  prod: ([x], axis?: number) => library.prod(x!, axis),
  cumulativeSum: ([x], axis: number) => library.cumulativeSum(x!, { axis }),
  cumulativeProd: ([x], axis: number) => library.cumulativeProd(x!, { axis }),
  diff: ([x], axis: number) => library.diff(x!, { axis }),
  softmax: ([x], axis: number) => library.softmax(x!, axis),
  logSoftmax: ([x], axis: number) => library.logSoftmax(x!, axis),
  reshape: ([x]) => x!.reshape([3, 4]),
  permuteDims: ([x]) => x!.permuteDims([2, 0, 1]),
  broadcastTo: ([x]) => x!.broadcastTo([4, 2, 3]),
  slice: ([x]) => x!.slice(1, [1, 4, 2]),
  concat: (x) => library.concat(x, 1),
  stack: (x) => library.stack(x, 1),
  unstack: ([x]) => library.unstack(x!, 1),
  expandDims: ([x]) => library.expandDims(x!, 1),
  moveaxis: ([x]) => library.moveaxis(x!, 0, 2),
  swapaxes: ([x]) => library.swapaxes(x!, 0, 2),
  roll: ([x]) => library.roll(x!, 2, 1),
  tile: ([x]) => library.tile(x!, [2, 3]),
  repeat: ([x]) => library.repeat(x!, 3, 1),
  pad: ([x]) =>
    library.pad(x!, [
      [0, 1],
      [1, 2],
    ]),
  triu: ([x]) => library.triu(x!, { k: 1 }),
  diagonal: ([x]) => library.diagonal(x!, { offset: 1 }),
  broadcastArrays: (x) => library.broadcastArrays(...x),
  meshgrid: (x) => library.meshgrid(x, { indexing: 'ij' }),
  take: ([x]) => library.take(x!, [2, 0, 2], 1),
  takeAlongAxis: ([x]) =>
    library.takeAlongAxis(
      x!,
      int32([
        [2, 2],
        [0, 1],
      ]),
      1,
    ),
  at: ([x]) => library.at(x!, int32([0, -1]), null, int32([1, 1])),
  atMask: ([x]) =>
    library.at(
      x!,
      bool([
        [true, false, true],
        [false, true, true],
      ]),
    ),
  addAt: ([x, v]) => library.addAt(x!, v!, int32([0, 2, 0])),
  setAt: ([x, v]) => library.setAt(x!, v!, int32([2, 0])),
  sort: ([x]) => library.sort(x!, 1),
  sortDescending: ([x]) => library.sort(x!, 0, { descending: true }),
  astype: ([x]) => x!.astype('float64'),
  embedding: ([x]) =>
    library.embedding(
      int32([
        [0, 2],
        [2, 1],
      ]),
      x!,
    ),
  einsum: (x, equation: string) => library.einsum(equation, ...x),
  slogdet: ([x]) => library.slogdet(x!).logabsdet,
  cholesky: ([x]) => {
    const spd = library.matmul(x!, library.transpose(x!)).add(library.eye(3, 3, { dtype: 'float64' }));
    return library.cholesky(spd);
  },
  eigvalsh: ([x]) => library.eigvalsh(x!.add(library.transpose(x!))),
  eighProjector: ([x]) => {
    const { eigenvectors } = library.eigh(x!.add(library.transpose(x!)));
    const first = library.at(eigenvectors, '...', [0, 1]);
    return library.matmul(first, library.transpose(first));
  },
  svdProjector: ([x]) => {
    const { u, vh } = library.svd(x!, { fullMatrices: false });
    return library.matmul(library.at(u, '...', [0, 1]), library.at(vh, '...', [0, 1], null));
  },
  svdOfWide: ([x]) => library.svdvals(x!),
  qr: ([x]) => Object.values(library.qr(x!)),
  pinvOfWide: ([x]) => library.pinv(x!),
  matrixPower: ([x]) => library.matrixPower(x!, 3),
  matrixPowerNegative: ([x]) => library.matrixPower(x!, -2),
  matrixNorm: ([x], ord: 'fro') => library.matrixNorm(x!, { ord }),
  crossEntropy: ([x], how: string) => library.crossEntropy(x!, labels, reduction(how)),
  crossEntropySmoothed: ([x], how: string) =>
    library.crossEntropy(x!, labels, { ...reduction(how), labelSmoothing: 0.1 }),
  crossEntropySoft: ([x, p], how: string) => library.crossEntropy(x!, p!, reduction(how)),
  nll: ([x], how: string) => library.nll(x!, labels, reduction(how)),
  mse: ([a, b], how: string) => library.mse(a!, b!, reduction(how)),
  huber: ([a, b], how: string) => library.huber(a!, b!, { ...reduction(how), delta: 0.7 }),
  binaryCrossEntropy: ([a, b], how: string) => library.binaryCrossEntropy(a!, b!, reduction(how)),
  klDivergence: ([q, p]) => library.klDivergence(q!, p!, reduction('sum')),
  layerNorm: ([x, weight, bias]) => library.layerNorm(x!, { weight: weight!, bias: bias! }),
  batchNorm: ([x, weight, bias]) => library.batchNorm(x!, { weight: weight!, bias: bias! }),
  conv2d: ([x, kernel, bias], stride: number, padding: number, dilation: number, groups: number) =>
    library.conv2d(x!, kernel!, { bias: bias!, stride, padding, dilation, groups }),
  maxPool2d: ([x]) => library.maxPool2d(x!, 2, { stride: 1, padding: 1 }),
  avgPool2d: ([x]) => library.avgPool2d(x!, 2, { stride: 2, padding: 1 }),
  attentionCausal: ([q, k, v]) => library.attention(q!, k!, v!, { isCausal: true }),
};

/** All results of an operation as one row. */
function flattened(name: string, args: readonly unknown[], x: Tensor[]): Tensor {
  const special = CALLS[name] as ((x: Tensor[], ...args: unknown[]) => Tensor | Tensor[]) | undefined;
  const results = [special === undefined ? named[name]!(...x) : special(x, ...args)].flat();
  return library.concat(results.map((y) => y.reshape([y.size])));
}

const weightsFor = (n: number) => tensor(Float64Array.from({ length: n }, (_, k) => 1 + (k % 7) / 7));

function expectClose(found: ArrayLike<number>, expected: readonly number[]) {
  expect(found.length).toBe(expected.length);
  const scale = Math.max(1, ...expected.map(Math.abs));
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i]! - value), `element ${i}: ${found[i]}, expected ${value}`).toBeLessThanOrEqual(
      1e-10 * scale,
    );
}

const names = [...new Set(cases.map(([name]) => name))];

test('there are 150 operations at least', () => expect(names.length).toBeGreaterThanOrEqual(150));

describe('as in PyTorch', () => {
  test.each(names)('%s', (name) => {
    for (const [, args, inputs, value, gradients] of cases.filter(([each]) => each === name)) {
      const x = inputs.map(([shape, elements]) => tensor(Float64Array.from(elements), { shape }));
      const f = (...x: Tensor[]) => flattened(name, args, x);
      const [y, pullback] = vjp(f, ...x);
      expectClose(y.dataSync(), value);
      const weights = weightsFor(y.size);
      for (const [i, g] of pullback(weights).entries()) expectClose(g.dataSync(), gradients[i]!);
      // Forward mode, along 1, 8/7, …
      const u = x.map((each) => weightsFor(each.size).reshape(each.shape));
      const slope = jvp(f, x, u)[1].mul(weights).sum().item();
      const terms = gradients.flatMap((g) => g.map((each, k) => each * (1 + (k % 7) / 7)));
      const scale = terms.reduce((sum, term) => sum + Math.abs(term), 1);
      expect(Math.abs(slope - terms.reduce((sum, term) => sum + term, 0))).toBeLessThan(1e-10 * scale);
    }
  });
});
