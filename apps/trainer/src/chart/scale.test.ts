import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain, scaleOf } from './scale.ts';

const labels = (values: readonly number[], options: Parameters<typeof scaleOf>[1]) =>
  scaleOf(values, options).ticks.map(({ label }) => label);

test.each([
  { values: [0, 10], count: 5, wanted: ['0', '2', '4', '6', '8', '10'] },
  { values: [0.03, 2.31], count: 5, wanted: ['0.0', '0.5', '1.0', '1.5', '2.0', '2.5'] },
  { values: [-1, 1], count: 4, wanted: ['−1.0', '−0.5', '0.0', '0.5', '1.0'] },
  {
    values: [0, 60_000],
    count: 6,
    wanted: ['0', '10,000', '20,000', '30,000', '40,000', '50,000', '60,000'],
  },
  { values: [0, 3e-9], count: 3, wanted: ['0', '10⁻⁹', '2×10⁻⁹', '3×10⁻⁹'] },
  { values: [1e9, 1.2e9], count: 4, wanted: ['10⁹', '1.05×10⁹', '1.1×10⁹', '1.15×10⁹', '1.2×10⁹'] },
])('nice ticks for $values', ({ values, count, wanted }) => {
  expect(labels(values, { count, nice: true })).toEqual(wanted);
});

test('ticks of a domain that is not widened lie inside of it', () => {
  const { domain, ticks, at } = scaleOf([1, 1999], { count: 4 });
  expect(domain).toEqual([1, 1999]);
  expect(ticks.map(({ label }) => label)).toEqual(['500', '1,000', '1,500']);
  expect([at(1), at(1000), at(1999)]).toEqual([0, 0.5, 1]);
});

describe('logarithmic scales', () => {
  test('label the powers of ten', () => {
    const { ticks, at } = scaleOf([0.01, 100], { count: 5, log: true, nice: true });
    expect(ticks.filter(({ label }) => label).map(({ label }) => label)).toEqual([
      '0.01',
      '0.1',
      '1',
      '10',
      '100',
    ]);
    expect(ticks.length).toBe(37);
    expect(at(1)).toBeCloseTo(0.5);
  });

  test('label more where there are few', () => {
    const found = labels([1.3, 18], { count: 5, log: true, nice: true }).filter((label) => label);
    expect(found).toEqual(['1', '2', '5', '10', '20']);
  });

  test('have no place for what is not positive', () => {
    const { at, domain } = scaleOf([-1, 0, 1, 10], { count: 5, log: true });
    expect(domain).toEqual([1, 10]);
    expect([at(0), at(-1)]).toEqual([Number.NaN, Number.NaN]);
  });
});

test.each([
  { name: 'no values', values: [] },
  { name: 'values that are not finite', values: [Number.NaN, Infinity, -Infinity] },
  { name: 'one value', values: [3] },
  { name: 'zero', values: [0, 0] },
  { name: 'a large constant', values: [1e250, 1e250] },
  { name: 'values that differ in the last bit', values: [1, 1 + Number.EPSILON] },
  { name: 'values at the edge of what is drawn', values: [-9e289, 9e289] },
  { name: 'values too large to subtract', values: [-1.7e308, 1.7e308, 1] },
])('$name have a scale all the same', ({ values }) => {
  for (const log of [false, true]) {
    const { domain, ticks, at } = scaleOf(values, { count: 5, log, nice: true });
    expect(domain[0]).toBeLessThan(domain[1]);
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.every(({ value }) => Number.isFinite(at(value)))).toBe(true);
  }
});

test('whatever the values, those that count lie between 0 and 1 and ticks are few, different and in order', () => {
  const values = fc.array(fc.double({ noDefaultInfinity: false }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      values,
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 2, max: 9 }),
      (values, log, nice, count) => {
        const { ticks, at } = scaleOf(values, { count, log, nice });
        for (const value of values) {
          if (Number.isNaN(at(value))) continue;
          expect(at(value)).toBeGreaterThanOrEqual(-1e-9);
          expect(at(value)).toBeLessThanOrEqual(1 + 1e-9);
        }
        const named = ticks.filter(({ label }) => label !== '');
        expect(named.length).toBeLessThanOrEqual(3 * count + 3);
        expect(new Set(named.map(({ label }) => label)).size).toBe(named.length);
        expect(ticks.every(({ value }, i) => i === 0 || value > ticks[i - 1]!.value)).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
});

test.each([
  [0, '0'],
  [1, '1'],
  [-2.5, '−2.5'],
  [0.05, '0.05'],
  [12_500, '12,500'],
  [1234.5678, '1,235'],
  [0.638971, '0.638971'],
  [3e-8, '3×10⁻⁸'],
  [-1e7, '−10⁷'],
])('%d is written %s', (value, wanted) => {
  expect(plain(value)).toBe(wanted);
});
