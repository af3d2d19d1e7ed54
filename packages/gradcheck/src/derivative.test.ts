import { describe, expect, test } from 'vitest';
import { derivative, GradcheckError } from './index.ts';

type Scalar = (x: number) => number;

/** f, f', f'' and the points where they are compared: smooth, steep, flat, near poles, fast, and noisy functions. */
const FUNCTIONS: readonly { name: string; f: Scalar; df: Scalar; ddf: Scalar; at: readonly number[] }[] = [
  { name: 'sin', f: Math.sin, df: Math.cos, ddf: (x) => -Math.sin(x), at: [-3, 1e-3, 0.5, 1, 10, 1e4] },
  { name: 'exp', f: Math.exp, df: Math.exp, ddf: Math.exp, at: [-20, -1, 0, 1, 10, 50] },
  { name: 'log', f: Math.log, df: (x) => 1 / x, ddf: (x) => -1 / x ** 2, at: [1e-7, 1e-3, 0.2, 1, 5, 1e6] },
  {
    name: 'sqrt',
    f: Math.sqrt,
    df: (x) => 0.5 / Math.sqrt(x),
    ddf: (x) => -0.25 * x ** -1.5,
    at: [1e-6, 0.01, 1, 1e8],
  },
  { name: '1/x', f: (x) => 1 / x, df: (x) => -1 / x ** 2, ddf: (x) => 2 / x ** 3, at: [0.1, 1, 3, 1e5] },
  {
    name: 'x^4 + x^3 + 2',
    f: (x) => x ** 4 + x ** 3 + 2,
    df: (x) => 4 * x ** 3 + 3 * x ** 2,
    ddf: (x) => 12 * x ** 2 + 6 * x,
    at: [-9.41, 2, 1e3],
  },
  {
    name: 'sin 1000x',
    f: (x) => Math.sin(1000 * x),
    df: (x) => 1000 * Math.cos(1000 * x),
    ddf: (x) => -1e6 * Math.sin(1000 * x),
    at: [0.3, 1, 5],
  },
];

describe.each(FUNCTIONS)('the derivative of $name', ({ f, df, ddf, at }) => {
  test.each(at)('at %d is right to ten digits, and within its own error', (x) => {
    const { value, error } = derivative(f, x);
    expect(error).toBeLessThan(1e-9 * Math.abs(df(x)));
    expect(Math.abs(value - df(x))).toBeLessThanOrEqual(error);
  });

  test.each(at)('at %d, twice, is right to eight digits, and within its own error', (x) => {
    const { value, error } = derivative(f, x, { order: 2 });
    expect(error).toBeLessThan(1e-8 * Math.abs(ddf(x)));
    expect(Math.abs(value - ddf(x))).toBeLessThanOrEqual(error);
  });
});

describe('the error is honest where precision is lost', () => {
  const single = 2 ** -23;
  test.each([
    { name: 'inside f', f: (x: number) => 1e8 + Math.sin(x) - 1e8, x: 1, right: Math.cos(1), most: 1e-5 },
    {
      name: 'in single precision',
      f: (x: number) => Math.fround(Math.sin(x)),
      x: 1,
      right: Math.cos(1),
      most: 1e-4,
    },
    { name: 'beside a large constant', f: (x: number) => 1e12 + x, x: 1, right: 1, most: 0.1 },
    { name: 'in a slope next to nothing', f: (x: number) => 1 + 1e-12 * x, x: 1, right: 1e-12, most: 1e-13 },
    { name: 'next to a pole', f: (x: number) => 1 / x, x: 1e-5, right: -1e10, most: 1e10 },
  ])('$name', ({ name, f, x, right, most }) => {
    const { value, error } = derivative(f, x, name === 'in single precision' ? { epsilon: single } : {});
    expect(Math.abs(value - right)).toBeLessThanOrEqual(error);
    expect(error).toBeLessThan(most);
  });
});

test('a kink gives the mean of both slopes', () => {
  expect(derivative(Math.abs, 0).value).toBe(0);
  expect(derivative((x) => Math.max(x, 0), 0).value).toBe(0.5);
});

test.each([
  { name: 'outside the domain', f: Math.log, x: -1 },
  { name: 'at the edge of the domain', f: Math.sqrt, x: 0 },
  { name: 'at no point at all', f: Math.sin, x: Number.NaN },
])('$name there is no value, and the error says so', ({ f, x }) => {
  expect(derivative(f, x)).toEqual({ value: Number.NaN, error: Number.POSITIVE_INFINITY });
});

test('a jump has no derivative: the error exceeds every tolerance', () => {
  expect(derivative(Math.sign, 0).error).toBeGreaterThan(1);
});

test.each([{ step: 0 }, { step: -1 }, { step: Number.NaN }, { epsilon: -1 }, { order: 3 as 1 }])(
  'the option %o is refused',
  (options) => {
    expect(() => derivative(Math.sin, 1, options)).toThrow(GradcheckError);
  },
);
