import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bitLength, ratio } from './ratio.ts';

it('quotients of safe integers are those of IEEE division', () => {
  const safe = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  const positive = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(fc.property(safe, positive, (p, q) => ratio(BigInt(p), BigInt(q)) === p / q || p === 0));
});

it('a double goes to its exact fraction and back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
      const scaled = BigInt(Math.round(x * 2 ** -20)) << 20n;
      return ratio(scaled, 1n) === Number(scaled) && ratio(scaled, 1n << 20n) === Number(scaled >> 20n);
    }),
  );
});

it.each([
  [1n, 2n ** 1074n, Number.MIN_VALUE],
  [1n, 2n ** 1075n, 0],
  [3n, 2n ** 1075n, 2 * Number.MIN_VALUE],
  [2n ** 1024n, 1n, Number.POSITIVE_INFINITY],
  [-(2n ** 1024n), 1n, Number.NEGATIVE_INFINITY],
  [2n ** 53n + 1n, 1n, 2 ** 53],
  [10n ** 400n, 10n ** 399n, 10],
] as const)('%d / %d', (p, q, expected) => {
  expect(ratio(p, q)).toBe(expected);
});

it('counts bits', () => {
  for (let k = 0n; k < 200n; k++) {
    expect(bitLength(2n ** k)).toBe(Number(k) + 1);
    expect(bitLength(2n ** k - 1n)).toBe(Number(k));
  }
});
