import { afterEach, describe, expect, test } from 'vitest';
import { backend, setBackend } from './backend.ts';
import { floats } from './dtype.ts';
import { clear, PLACEMENTS } from './fixtures/placement.ts';
import { uniform } from './fixtures/uniform.ts';
import type { Formula } from './map.ts';
import { matmul } from './matmul.ts';
import * as reference from './reference.ts';

const add: Formula = ($, x, y) => $.add(x, y);

const failed = expect.objectContaining({ code: 'ERR_KERNEL_BACKEND' });

/** Whether this machine has a BLAS; if not, what needs one is skipped. */
const hasBlas = (() => {
  try {
    setBackend('blas');
    return true;
  } catch (error) {
    expect(error).toEqual(failed);
    return false;
  } finally {
    setBackend('wasm');
  }
})();

afterEach(() => {
  setBackend('wasm');
  clear();
});

test('what is not there is refused with the remedy, and changes nothing', () => {
  expect(() => setBackend('cuda' as 'blas')).toThrow('Cannot use the backend cuda: there are wasm and blas');
  expect(() => setBackend('blas', { library: 'libnone.so' })).toThrow(failed);
  expect(() => setBackend('blas', { library: 'libnone.so' })).toThrow(/libnone.so.*apt install libopenblas0/);
  expect(backend()).toMatchObject({ name: 'wasm' });
});

describe.skipIf(!hasBlas)('the BLAS of the system (skipped where there is none)', () => {
  const SHAPES = [
    [1, 1, 1],
    [5, 7, 0],
    [3, 4, 5],
    [33, 10, 70],
    [64, 65, 66],
  ] as const;

  describe.each(Object.values(floats))('in $name', ({ array }) => {
    type A = typeof array.prototype;
    const rounding = array === Float32Array ? 2 ** -23 : 2 ** -52;

    test.each([false, true])('agrees with the reference but for rounding, transposed: %s', (transposed) => {
      setBackend('blas');
      expect(backend()).toMatchObject({ name: 'blas', library: expect.any(String) });
      for (const [m, n, k] of SHAPES) {
        for (const sizes of [
          { m, n, k, transposeA: transposed },
          { m, n, k, transposeB: transposed },
        ]) {
          const [a, b, bias] = [m * k, k * n, n].map((length, seed) =>
            array.from(uniform(length, seed + 1)),
          ) as A[];
          const right = reference.matmul(new array(m * n), a!, b!, sizes);
          for (const place of Object.values(PLACEMENTS)) {
            const out = matmul(place(new array(m * n).fill(7) as A), place(a!), place(b!), sizes);
            for (const [at, value] of right.entries())
              expect(Math.abs(out[at]! - value)).toBeLessThanOrEqual(2 * k * rounding);
            const epilogue = { formula: add, inputs: [place(bias!)] };
            const sums = matmul(place(new array(m * n) as A), place(a!), place(b!), { ...sizes, epilogue });
            expect([...sums]).toEqual([...out.map((value, at) => value + bias![at % n]!)]);
          }
        }
      }
    });
  });

  test('the result may be an operand', () => {
    setBackend('blas');
    const a = Float64Array.of(1, 2, 3, 4);
    expect([...matmul(a, a, a, { m: 2, n: 2, k: 2 })]).toEqual([7, 10, 15, 22]);
  });
});
