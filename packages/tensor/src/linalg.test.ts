import { describe, expect, test } from 'vitest';
import { Generator } from './generator.ts';
import {
  cholesky,
  concat,
  det,
  eigh,
  eye,
  grad,
  inverse,
  linalg,
  matmul,
  matrixNorm,
  pinv,
  qr,
  randn,
  slogdet,
  solve,
  svd,
  svdvals,
  type Tensor,
  tensor,
  transpose,
  vectorNorm,
  zeros,
} from './index.ts';

const f64 = (values: number[] | number[][]) => tensor(values, { dtype: 'float64' });
const random = (shape: number[], seed = 1) =>
  randn(shape, { dtype: 'float64', generator: new Generator(seed) });
const code = (name: string) => expect.objectContaining({ code: name });
const distance = (a: Tensor, b: Tensor) => (a.size === 0 ? 0 : a.sub(b).abs().max().item());
const unit = (n: number) => eye(n, n, { dtype: 'float64' });
const scaled = (u: Tensor, s: Tensor, vh: Tensor) =>
  matmul(u.mul(s.reshape([...s.shape.slice(0, -1), 1, s.shape.at(-1)!])), vh);

const SHAPES = [
  [1, 1],
  [3, 3],
  [5, 3],
  [3, 5],
  [20, 20],
  [2, 4, 3],
  [0, 0],
  [3, 0],
  [30, 4],
];

describe.each(SHAPES.map((shape) => ({ shape })))('of $shape', ({ shape }) => {
  const a = random(shape);
  const [m, n] = shape.slice(-2) as [number, number];
  const k = Math.min(m, n);

  test('svd: the factors are orthonormal and make the matrix', () => {
    const { u, s, vh } = svd(a, { fullMatrices: false });
    expect(distance(scaled(u, s, vh), a)).toBeLessThan(1e-13);
    expect(distance(matmul(transpose(u), u), unit(k))).toBeLessThan(1e-13);
    expect(distance(matmul(vh, transpose(vh)), unit(k))).toBeLessThan(1e-13);
    const full = svd(a);
    expect([full.u.shape.slice(-2), full.vh.shape.slice(-2)]).toEqual([
      [m, m],
      [n, n],
    ]);
    expect(distance(matmul(transpose(full.u), full.u), unit(m))).toBeLessThan(1e-12);
    expect(distance(matmul(full.vh, transpose(full.vh)), unit(n))).toBeLessThan(1e-12);
  });

  test('qr: q is orthonormal, r triangular', () => {
    const { q, r } = qr(a);
    expect(distance(matmul(q, r), a)).toBeLessThan(1e-13);
    expect(distance(matmul(transpose(q), q), unit(k))).toBeLessThan(1e-13);
    expect(distance(linalg.diagonal(r, { offset: -1 }), linalg.diagonal(r, { offset: -1 }).mul(0))).toBe(0);
  });

  test("pinv: R. Penrose's four equations", () => {
    const p = pinv(a);
    expect(distance(matmul(matmul(a, p), a), a)).toBeLessThan(1e-12);
    expect(distance(matmul(matmul(p, a), p), p)).toBeLessThan(1e-12);
    for (const product of [matmul(a, p), matmul(p, a)])
      expect(distance(product, transpose(product))).toBeLessThan(1e-12);
  });
});

test('of symmetric matrices', () => {
  const b = random([2, 8, 8], 3);
  const symmetric = b.add(transpose(b));
  const { eigenvalues: w, eigenvectors: v } = eigh(symmetric);
  expect(distance(scaled(v, w, transpose(v)), symmetric)).toBeLessThan(1e-13);
  expect(distance(matmul(transpose(v), v), unit(8))).toBeLessThan(1e-13);
  const spd = matmul(b, transpose(b)).add(unit(8));
  const l = cholesky(spd);
  expect(distance(matmul(l, transpose(l)), spd)).toBeLessThan(1e-12);
  expect(distance(cholesky(spd, { upper: true }), transpose(l))).toBe(0);
  expect(distance(matmul(inverse(spd), spd), unit(8))).toBeLessThan(1e-11);
});

test('of deficient rank', () => {
  const a = matmul(random([6, 2]), random([2, 5], 2));
  const { u, s, vh } = svd(a, { fullMatrices: false });
  expect(distance(scaled(u, s, vh), a)).toBeLessThan(1e-13);
  expect(distance(matmul(transpose(u), u), unit(5))).toBeLessThan(1e-12);
  expect([linalg.matrixRank(a).item(), linalg.matrixRank(zeros([3, 3])).item()]).toEqual([2, 0]);
  expect(distance(matmul(matmul(a, pinv(a)), a), a)).toBeLessThan(1e-12);
});

test('singular values keep their relative accuracy, however small', () => {
  // M. Läuchli's matrix: its singular values are √(3 + ε²), ε, ε.
  const eps = 1e-10;
  const a = concat([f64([[1, 1, 1]]), unit(3).mul(eps)]);
  const s = svdvals(a).dataSync();
  expect(s[0]).toBeCloseTo(Math.sqrt(3), 14);
  for (const i of [1, 2]) expect(Math.abs(s[i]! / eps - 1)).toBeLessThan(1e-5);
});

test('the gradient of a determinant is that of the cofactors, of singular matrices as well', () => {
  expect(
    distance(
      grad((x: Tensor) => det(x))(
        f64([
          [1, 2],
          [3, 6],
        ]),
      ),
      f64([
        [6, -3],
        [-2, 1],
      ]),
    ),
  ).toBeLessThan(1e-13);
  expect(
    distance(
      grad((x: Tensor) => det(x))(zeros([3, 3], { dtype: 'float64' })),
      zeros([3, 3], { dtype: 'float64' }),
    ),
  ).toBe(0);
  expect(grad((x: Tensor) => det(x))(f64([[0]])).toArray()).toEqual([[1]]);
  const second = grad((x: Tensor) => grad((x: Tensor) => det(x))(x).sum());
  expect(() =>
    second(
      f64([
        [1, 2],
        [3, 6],
      ]),
    ),
  ).toThrow(code('ERR_LINALG_SINGULAR'));
});

test('slogdet of what det overflows', () => {
  const { sign, logabsdet } = slogdet(unit(400).mul(-1e-3));
  expect([sign.item(), logabsdet.item().toFixed(6)]).toEqual([1, (400 * Math.log(1e-3)).toFixed(6)]);
  expect(
    slogdet(
      f64([
        [1, 2],
        [2, 4],
      ]),
    ).logabsdet.item(),
  ).toBe(-Infinity);
});

test('norms neither overflow nor vanish, and that of 0 has the gradient 0', () => {
  expect(vectorNorm(f64([3e200, 4e200])).item()).toBeCloseTo(5e200, -190);
  expect(vectorNorm(f64([3e-200, 4e-200])).item() / 5e-200).toBeCloseTo(1, 14);
  expect(vectorNorm(f64([Infinity, 1])).item()).toBe(Infinity);
  expect(vectorNorm(f64([Number.NaN, 1])).item()).toBe(Number.NaN);
  expect(grad((x: Tensor) => vectorNorm(x))(f64([0, 0])).toArray()).toEqual([0, 0]);
});

test('where eigenvalues are equal, those have gradients, and eigenvectors none', () => {
  const a = unit(2);
  expect(grad((x: Tensor) => eigh(x).eigenvalues.sum())(a).toArray()).toEqual([
    [1, 0],
    [0, 1],
  ]);
  const byVectors = grad((x: Tensor) =>
    eigh(x)
      .eigenvectors.mul(
        f64([
          [1, 2],
          [3, 5],
        ]),
      )
      .sum(),
  )(a).dataSync();
  expect([...byVectors].some((g) => !Number.isFinite(g))).toBe(true);
  expect(grad((x: Tensor) => matrixNorm(x, { ord: 'nuc' }))(a).toArray()).toEqual([
    [1, 0],
    [0, 1],
  ]);
});

test('float32 is computed in double precision and rounded once', () => {
  const a = tensor([
    [4, 2],
    [2, 3],
  ]);
  expect([inverse(a).dtype, inverse(a).toArray()]).toEqual([
    'float32',
    inverse(a.astype('float64')).astype('float32').toArray(),
  ]);
});

test.each<[string, () => unknown]>([
  [
    'ERR_LINALG_SINGULAR',
    () =>
      solve(
        f64([
          [1, 2],
          [2, 4],
        ]),
        f64([1, 2]),
      ),
  ],
  ['ERR_LINALG_SINGULAR', () => inverse(zeros([2, 2]))],
  [
    'ERR_LINALG_NOT_POSITIVE_DEFINITE',
    () =>
      cholesky(
        f64([
          [1, 2],
          [2, 1],
        ]),
      ),
  ],
  ['ERR_LINALG_NOT_FINITE', () => svd(f64([[Number.NaN]]))],
  ['ERR_LINALG_NOT_FINITE', () => det(f64([[Infinity]]))],
  ['ERR_SHAPE_MISMATCH', () => det(zeros([2, 3]))],
  ['ERR_SHAPE_MISMATCH', () => solve(zeros([2, 2]), zeros([3]))],
  ['ERR_SHAPE_AXIS', () => svd(zeros([3]))],
  ['ERR_DTYPE', () => inverse(tensor([[1]], { dtype: 'int32' }))],
])('%s', (name, act) => expect(act).toThrow(code(name)));
