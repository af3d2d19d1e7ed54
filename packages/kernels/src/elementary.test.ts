import { readFileSync } from 'node:fs';
import { ops } from '@leibniz/ops';
import { describe, expect, test } from 'vitest';
import { floats } from './dtype.ts';
import { exp, log, type Precision } from './elementary.ts';
import { SPECIAL, ulps } from './fixtures/special.ts';
import { uniform } from './fixtures/uniform.ts';
import { functions } from './functions.ts';
import { doubles, partsFor, singles } from './rounded.ts';

/** Arguments and the digits of their values in turn, by precision and name; see fixtures/elementary.py. */
const values = JSON.parse(
  readFileSync(new URL('../fixtures/elementary.json', import.meta.url), 'utf8'),
) as Record<Precision, Record<string, (number | string)[]>>;

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

test('exp in float32 arithmetic agrees with the platform to 1 ulp', () => {
  for (const [from, to] of [...FUNCTIONS[0].intervals, [-104, -87], [88.5, 89]] as const) {
    for (const u of uniform(20_000, 7)) {
      const x = Math.fround(from + ((u + 1) / 2) * (to - from));
      const got = Math.fround(exp(singles, x, 'float32'));
      expect(ulps(got, Math.fround(Math.exp(x)), Float32Array), `at ${x}`).toBeLessThanOrEqual(1);
    }
  }
});

/** By mpmath, on both sides of 128 log 2, where exp overflows, and at the ends of the subnormal numbers. */
const ENDS = [
  [88.72283172607422, 3.402798519021476e38],
  [88.72283935546875, Infinity],
  [3e38, Infinity],
  [-87.33654022216797, 1.175499675756452e-38],
  [-87.3365478515625, 1.1754907074462803e-38],
  [-103.97207641601562, 2 ** -149],
  [-104.5, 0],
  [-3e38, 0],
] as const;

test.each(ENDS)('exp(%f) in float32 arithmetic is %f to 1 ulp', (x, right) => {
  const got = exp(singles, x, 'float32');
  if (right === 0 || right === Infinity) expect(got).toBe(right);
  else expect(ulps(got, right, Float32Array)).toBeLessThanOrEqual(1);
});

test.each(FUNCTIONS)('$name of special values', ({ own, platform }) => {
  for (const x of SPECIAL)
    expect(ulps(own(doubles, x, 'float64'), platform(x), Float64Array), `at ${x}`).toBeLessThanOrEqual(1);
});

test('exp(0) and log(1) are exact', () => {
  expect([exp(doubles, 0, 'float64'), exp(doubles, -0, 'float32')]).toEqual([1, 1]);
  expect([log(doubles, 1, 'float64'), log(doubles, 1, 'float32')]).toEqual([0, 0]);
});

describe.each(Object.values(floats))('functions of $name', ({ name: precision, array }) => {
  const names = Object.keys(functions[precision]);

  test('all have values to compare with', () =>
    expect(names.filter((name) => !values[precision][name])).toEqual([]));

  test.each(names)('%s is right to 2 units in the last place on the whole range', (name) => {
    const table = values[precision][name]!;
    const wrong: unknown[] = [];
    for (let at = 0; at < table.length; at += 2) {
      const [x, y] = [Number(table[at]), Number(String(table[at + 1]).replace('inf', 'Infinity'))];
      const [got, right] = [functions[precision][name]!(partsFor(precision, name), x, precision), y].map(
        (v) => array.of(v)[0]!,
      );
      if (ulps(got!, right!, array) > 2) wrong.push({ x, got, right, ulps: ulps(got!, right!, array) });
    }
    expect(wrong).toEqual([]);
    expect(table.length).toBeGreaterThan(100);
  });

  test.each(names)('%s of special values is that of the platform', (name) => {
    const platform = { ...ops.unary }[name as 'sin'].value;
    for (const x of [0, -0, Infinity, -Infinity, Number.NaN, 1, -1, 2, -2]) {
      const [got, right] = [
        functions[precision][name]!(partsFor(precision, name), x, precision),
        platform(x),
      ].map((v) => array.of(v)[0]!);
      if (right === 0 || !Number.isFinite(right)) expect(got, `at ${x}`).toBe(right);
      else expect(ulps(got!, right!, array), `at ${x}`).toBeLessThanOrEqual(2);
    }
  });
});
