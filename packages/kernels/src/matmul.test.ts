import { describe, expect, test } from 'vitest';
import { floats } from './dtype.ts';
import { KernelError } from './errors.ts';
import { uniform } from './fixtures/uniform.ts';
import { matmul } from './matmul.ts';
import * as reference from './reference.ts';

const SIZES = [1, 3, 4, 5, 8, 9, 17];
const SHAPES = [
  ...SIZES.flatMap((m) => SIZES.flatMap((n) => [0, 1, 2, 5, 8, 19].map((k) => [m, n, k] as const))),
  [0, 4, 3],
  [3, 0, 2],
  [33, 10, 200],
  [600, 3, 130],
] as const;

describe.each(Object.values(floats))('matmul of $name', ({ array }) => {
  describe.each([false, true])('transposeA %s', (transposeA) => {
    test.each([false, true])('transposeB %s: every shape equals the reference bit for bit', (transposeB) => {
      for (const [m, n, k] of SHAPES) {
        const a = array.from(uniform(m * k, 1));
        const b = array.from(uniform(k * n, 2));
        const sizes = { m, n, k, transposeA, transposeB };
        const out = matmul(new array(m * n).fill(7), a, b, sizes);
        expect(out, `${m} × ${k} × ${n}`).toEqual(reference.matmul(new array(m * n), a, b, sizes));
      }
    });
  });

  test('infinities and NaN stay in their rows and columns', () => {
    const a = array.of(Infinity, 1, 2, 3);
    const b = array.of(1, 0, 2, Number.NaN, 1, 1);
    const out = matmul(new array(6), a, b, { m: 2, n: 3, k: 2 });
    expect([...out]).toEqual([Number.NaN, Number.NaN, Infinity, Number.NaN, 3, 7]);
  });

  test('the result may be one of the operands', () => {
    const a = array.of(1, 2, 3, 4);
    expect([...matmul(a, a, a, { m: 2, n: 2, k: 2 })]).toEqual([7, 10, 15, 22]);
  });
});

test('lengths and types that do not fit are refused', () => {
  const a = new Float32Array(6);
  const sizes = { m: 2, n: 2, k: 3 };
  expect(() => matmul(new Float32Array(4), a, new Float32Array(5), sizes)).toThrow(
    new KernelError('length', 'Cannot run matmul on b (3 × 2): expected 6 elements, got 5'),
  );
  expect(() =>
    matmul<Float32Array | Float64Array>(new Float32Array(4), a, new Float64Array(6), sizes),
  ).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_DTYPE' }));
});
