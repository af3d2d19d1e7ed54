import { liveBytes } from '@leibniz/kernels';
import { describe, expect, it } from 'vitest';
import {
  checkpoint,
  customGrad,
  type Formulas,
  grad,
  linear,
  manualSeed,
  randn,
  reassign,
  type Tensor,
} from './index.ts';

const trained = { requiresGrad: true } as const;
const values = (x: Tensor) => Float64Array.from(x.dataSync());

/** Networks in which gradients that are products meet all that may come next. */
const NETWORKS: Readonly<Record<string, (x: Tensor, w: Tensor, v: Tensor, b: Tensor) => Tensor>> = {
  'an activation that looks at its result': (x, w, v, b) => linear(linear(x, w, b).relu(), v, b),
  'one that looks at its operand': (x, w, v, b) => linear(linear(x, w, b).silu(), v, b),
  'one of two operands': (x, w, v, b) => linear(x, w, b).mul(x.sin()).matmul(v),
  'a number on the way': (x, w, v) => x.matmul(w).mul(3).matmul(v),
  'an operand of one element': (x, w, v, b) => x.matmul(w).mul(b.sum()).matmul(v),
  'a row beside it': (x, w, v, b) => x.matmul(w).add(b).matmul(v),
  'a column beside it': (x, w, v) =>
    x
      .matmul(w)
      .mul(x.sum(1, { keepdims: true }))
      .matmul(v),
  'a view beside it': (x, w, v) => x.matmul(w).mul(x.matmul(v).T).matmul(v),
  'another product': (x, w, v) => x.matmul(w).matmul(v).matmul(w),
  'two ways that meet': (x, w, v) => {
    const h = x.matmul(w).tanh();
    return h.matmul(v).add(h.matmul(w).relu()).add(h);
  },
  'a reshape': (x, w, v) => x.matmul(w).reshape([-1]).sin().reshape(x.shape).matmul(v),
  'a sum': (x, w, v) => x.matmul(w).sum(0, { keepdims: true }).exp().matmul(v),
  'a batch of matrices': (x, w, v) => x.matmul(w).reshape([2, -1, 12]).tanh().matmul(v),
  'another type': (x, w, v) => x.matmul(w).astype('float64').tanh().astype('float32').matmul(v),
  'transposed operands': (x, w, v) => x.matmul(w, { transposeB: true }).relu().T.matmul(v),
  'nothing but the product': (x, w, v) => x.matmul(w).matmul(v),
  'a rule of the user': (x, w, v) =>
    customGrad((y) => ({ value: y.relu(), gradient: (g) => g.mul(y.greater(0).astype('float32')) }))(
      x.matmul(w),
    ).matmul(v),
  'a checkpoint': (x, w, v) => checkpoint((y: Tensor) => y.tanh())(x.matmul(w)).matmul(v),
  'a leaf in the middle': (x, w, v) => x.matmul(w).add(v).relu().matmul(v),
};

const made = () => {
  manualSeed(3);
  return [
    randn([12, 12], trained),
    randn([12, 12], trained),
    randn([12, 12], trained),
    randn([12], trained),
  ] as const;
};

describe('a gradient that waits at a product', () => {
  it.each(Object.entries(NETWORKS))('is the one that does not, bit for bit: %s', (_, network) => {
    const gradients = [false, true].map((createGraph) => {
      const leaves = made();
      network(...leaves)
        .square()
        .sum()
        .backward({ createGraph });
      return leaves.map((x) => (x.grad ? values(x.grad) : undefined));
    });
    expect(gradients[0]).toEqual(gradients[1]);
    const asked = grad(
      (...x: Tensor[]) =>
        network(...(x as [Tensor, Tensor, Tensor, Tensor]))
          .square()
          .sum(),
      [0, 1, 2, 3],
    );
    const found = (asked(...made()) as Tensor[]).map(values);
    expect(gradients[0]).toEqual(
      found.map((each, at) => (gradients[0]![at] === undefined ? undefined : each)),
    );
  });

  it.each(Object.entries(NETWORKS))(
    'leaves variables to be written over in their place: %s',
    (_, network) => {
      const leaves = made();
      const step: Formulas = ($, w) => [$.add(w!, $.int(1))];
      const assignments = leaves.map((w) => ({ targets: [w], operands: [w] }));
      reassign(step, assignments);
      network(...leaves)
        .square()
        .sum()
        .backward();
      const before = liveBytes();
      reassign(step, assignments);
      expect(liveBytes()).toBe(before);
    },
  );
});
