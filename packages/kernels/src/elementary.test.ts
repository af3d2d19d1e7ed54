import { expect, test } from 'vitest';
import { exp, log } from './elementary.ts';
import { SPECIAL, ulps } from './fixtures/special.ts';
import { uniform } from './fixtures/uniform.ts';
import { doubles } from './reference.ts';

const FUNCTIONS = [
  {
    name: 'exp',
    own: exp,
    platform: Math.exp,
    intervals: [
      [-1, 1],
      [-20, 20],
      [-103, 88],
      [-745, 709.7],
    ],
  },
  {
    name: 'log',
    own: log,
    platform: Math.log,
    intervals: [
      [0.7, 1.5],
      [0, 10],
      [0, 1e300],
      [0, 1e-300],
      [0, 1e-310],
    ],
  },
] as const;

test.each(FUNCTIONS)('$name agrees with the platform to 1 ulp', ({ own, platform, intervals }) => {
  for (const [from, to] of intervals) {
    for (const u of uniform(2000, 5)) {
      const x = from + ((u + 1) / 2) * (to - from);
      expect(ulps(own(doubles, x, 'float64'), platform(x), Float64Array), `at ${x}`).toBeLessThanOrEqual(1);
      const [single, right] = [own(doubles, x, 'float32'), platform(x)].map(Math.fround) as [number, number];
      expect(ulps(single, right, Float32Array), `float32 at ${x}`).toBeLessThanOrEqual(1);
    }
  }
});

test.each(FUNCTIONS)('$name of special values', ({ own, platform }) => {
  for (const x of SPECIAL)
    expect(ulps(own(doubles, x, 'float64'), platform(x), Float64Array), `at ${x}`).toBeLessThanOrEqual(1);
});

test('exp(0) and log(1) are exact', () => {
  expect([exp(doubles, 0, 'float64'), exp(doubles, -0, 'float32')]).toEqual([1, 1]);
  expect([log(doubles, 1, 'float64'), log(doubles, 1, 'float32')]).toEqual([0, 0]);
});
