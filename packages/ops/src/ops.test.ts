import { derivative } from '@leibniz/gradcheck';
import { describe, expect, it } from 'vitest';
import { type Dual, dual } from './dual.ts';
import { type BinaryName, type Carrier, ops, type UnaryName } from './ops.ts';

const { numbers } = ops;
const unaryNames = Object.keys(ops.unary) as UnaryName[];
const binaryNames = Object.keys(ops.binary) as BinaryName[];

/** Points inside an interval, none of them special. */
const points = ([from, to]: readonly [number, number], count = 12) =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 0.61)) / (count + 0.2));

/** Finite differences cannot see across a kink. */
const isSmooth = (distance: number | undefined) => distance === undefined || Math.abs(distance) > 0.05;

/** f' and f'' at x by the rules of the table, through dual numbers over dual numbers. */
function derivatives(f: <T, C>($: Carrier<T, C>, x: T) => T, x: number): readonly [number, number] {
  const twice = dual(dual(numbers));
  const seed: Dual<Dual<number>> = { value: { value: x, tangent: 1 }, tangent: { value: 1 } };
  const { tangent } = f(twice, seed);
  return [tangent?.value ?? 0, tangent?.tangent ?? 0];
}

/** A rule must agree with the measurement within its own error estimate and a trillionth of the size. */
function expectMeasured(f: (x: number) => number, x: number, [first, second]: readonly [number, number]) {
  for (const [order, claimed] of [
    [1, first],
    [2, second],
  ] as const) {
    const { value, error } = derivative(f, x, { order, step: 0.02 });
    const tolerance = 4 * error + 1e-9 * Math.max(1, Math.abs(value));
    expect(tolerance, `measurement of order ${order} at ${x}`).toBeLessThan(
      1e-3 * Math.max(1, Math.abs(value)),
    );
    expect(
      Math.abs(value - claimed),
      `order ${order} at ${x}: ${claimed}, measured ${value}`,
    ).toBeLessThanOrEqual(tolerance);
  }
}

describe('derivative rules agree with finite differences to second order', () => {
  it.each(unaryNames)('%s', (name) => {
    const { value, sample, kink } = ops.unary[name];
    for (const x of points(sample)) {
      if (isSmooth(kink?.(numbers, x)))
        expectMeasured(
          value,
          x,
          derivatives(($, u) => $[name](u), x),
        );
    }
  });

  it.each(binaryNames)('%s', (name) => {
    const { value, sample, kink, partials } = ops.binary[name];
    for (const [i, a] of points(sample[0], 5).entries()) {
      const b = points(sample[1], 5).at(i - 2)!;
      if (!isSmooth(kink?.(numbers, a, b))) continue;
      if (partials[0]) {
        expectMeasured(
          (x) => value(x, b),
          a,
          derivatives(($, u) => $[name](u, $.rational(BigInt(Math.round(b * 2 ** 40)), 2n ** 40n)), a),
        );
      }
      const fixed = partials[0] ? a : 1;
      expectMeasured(
        (x) => value(fixed, x),
        b,
        derivatives(($, u) => $[name]($.rational(BigInt(Math.round(fixed * 2 ** 40)), 2n ** 40n), u), b),
      );
    }
  });

  it('refuses a wrong rule', () => {
    expect(() => expectMeasured(Math.sin, 1, [Math.cos(1) * 1.0001, -Math.sin(1)])).toThrow();
    expect(() => expectMeasured(Math.sin, 1, [Math.cos(1), Math.sin(1)])).toThrow();
  });
});

it('there are at least 40 scalar functions', () => {
  expect(unaryNames.length + binaryNames.length).toBeGreaterThanOrEqual(40);
});

describe('conventions at kinks', () => {
  it.each([
    ['abs', 0, 0],
    ['sign', 0, 0],
    ['relu', 0, 0],
    ['floor', 2, 0],
    ['ceil', 2, 0],
    ['cbrt', 0, Number.POSITIVE_INFINITY],
  ] as const)('%s at %d has derivative %d', (name, x, expected) => {
    expect(ops.unary[name].partial(numbers, x, ops.unary[name].value(x))).toBe(expected);
  });

  it.each(['min', 'max'] as const)('%s gives each argument one half at a tie', (name) => {
    const [byA, byB] = ops.binary[name].partials;
    expect([byA!(numbers, 2, 2, 2), byB!(numbers, 2, 2, 2)]).toEqual([0.5, 0.5]);
    expect([byA!(numbers, 1, 2, 0), byB!(numbers, 1, 2, 0)]).toEqual(name === 'min' ? [1, 0] : [0, 1]);
  });
});

const PROBES = [-3.5, -2, -1, -0.5, 0, 0.25, 0.5, 1, 1.5, 2, 3];

describe('a value is NaN or infinite exactly outside the domain', () => {
  it.each(unaryNames)('%s', (name) => {
    const { value, domain } = ops.unary[name];
    for (const x of PROBES) {
      const inside = domain?.(numbers, x) ?? true;
      expect(Number.isFinite(value(x)), `${name}(${x})`).toBe(
        inside || (name === 'atanh' && Math.abs(x) < 1),
      );
    }
  });

  it.each(binaryNames.filter((name) => name !== 'polygamma'))('%s', (name) => {
    const { value, domain } = ops.binary[name];
    for (const a of PROBES) {
      for (const b of PROBES) {
        expect(Number.isFinite(value(a, b)), `${name}(${a}, ${b})`).toBe(domain?.(numbers, a, b) ?? true);
      }
    }
  });
});

const close = (a: number, b: number, relative: number) =>
  Math.abs(a - b) <= relative * Math.max(1, Math.abs(a), Math.abs(b));

describe('what a function means has the same values', () => {
  it.each(unaryNames.filter((name) => ops.unary[name].means))('%s', (name) => {
    const { value, sample, means } = ops.unary[name];
    for (const x of points(sample))
      expect(close(means!(numbers, x), value(x), 1e-13), `${name}(${x})`).toBe(true);
  });

  it.each(binaryNames.filter((name) => ops.binary[name].means))('%s', (name) => {
    const { value, sample, means } = ops.binary[name];
    for (const a of points(sample[0], 6)) {
      for (const b of points(sample[1], 6))
        expect(close(means!(numbers, a, b), value(a, b), 1e-13)).toBe(true);
    }
  });
});

it.each(unaryNames.filter((name) => ops.unary[name].parity))('%s has the parity that it states', (name) => {
  const { value, sample, parity } = ops.unary[name];
  for (const x of points(sample)) expect(value(-x)).toBe(parity === 'odd' ? -value(x) : value(x));
});

// IEEE 754-2019, 9.2.1.
it.each([
  [1, Number.NaN, 1],
  [1, Infinity, 1],
  [1, -Infinity, 1],
  [-1, Infinity, 1],
  [-1, -Infinity, 1],
  [-1, Number.NaN, Number.NaN],
  [Number.NaN, 0, 1],
  [Number.NaN, 1, Number.NaN],
  [-0, -3, -Infinity],
  [-2, 0.5, Number.NaN],
  [-2, 3, -8],
])('pow(%d, %d) = %d', (x, y, expected) => expect(ops.binary.pow.value(x, y)).toBe(expected));

describe('stable forms', () => {
  it.each([
    ['softplus', 1000, 1000],
    ['softplus', -1000, 0],
    ['sigmoid', 1000, 1],
    ['sigmoid', -1000, 0],
    ['sigmoid', -30, Math.exp(-30) / (1 + Math.exp(-30))],
  ] as const)('%s(%d) = %d', (name, x, expected) => {
    expect(ops.unary[name].value(x)).toBe(expected);
  });

  it('logaddexp does not overflow, and adds infinities', () => {
    expect(ops.binary.logaddexp.value(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 10);
    expect(ops.binary.logaddexp.value(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(
      Number.NEGATIVE_INFINITY,
    );
  });
});
