import { describe, expect, test } from 'vitest';
import { checkGradient, finiteDifferenceGradient, GradcheckError } from './index.ts';

const paraboloid = ([x, y]: [number, number]) => x ** 4 + y ** 2;

/** log(x^4 + x^3 + 2) with its derivative as a book prints it, and as it should be. */
const bookFunction = ([x]: [number]) => Math.log(x ** 4 + x ** 3 + 2);
const bookGradient = ([x]: [number]) => [(4 * x ** 3 + 3 * x ** 2) / bookFunction([x])];
const rightGradient = ([x]: [number]) => [(4 * x ** 3 + 3 * x ** 2) / (x ** 4 + x ** 3 + 2)];

describe('a right gradient is accepted', () => {
  test('given as a function', () => {
    expect(checkGradient(paraboloid, ([x, y]) => [4 * x ** 3, 2 * y], [1, 3]).ok).toBe(true);
  });

  test('given as numbers, at a typed array', () => {
    const f = (x: Float64Array) => x.reduce((sum, v) => sum + v ** 2, 0);
    expect(checkGradient(f, Float64Array.of(2, -4, 0), Float64Array.of(1, -2, 0)).ok).toBe(true);
  });

  test('where f is a small difference of large terms', () => {
    const f = ([x]: [number]) => 1e8 + Math.sin(x) - 1e8;
    expect(checkGradient(f, [Math.cos(1)], [1]).ok).toBe(true);
  });

  test('where f computes in single precision', () => {
    const f = ([x]: [number]) => Math.fround(Math.sin(x));
    expect(checkGradient(f, [Math.cos(1)], [1], { epsilon: 2 ** -23 }).ok).toBe(true);
  });

  test('at coordinates of very different size', () => {
    expect(
      checkGradient(
        ([x, y]) => x * y,
        ([x, y]) => [y, x],
        [1e12, 1e-9],
      ).ok,
    ).toBe(true);
  });
});

describe('a wrong gradient is refused', () => {
  test('the book divides by the logarithm: off by a factor', () => {
    const at: [number] = [2];
    expect(checkGradient(bookFunction, rightGradient, at).ok).toBe(true);
    const { ok, worst } = checkGradient(bookFunction, bookGradient, at);
    expect(ok).toBe(false);
    expect(worst.verdict).toBe('differs');
    expect(worst.claimed / worst.measured).toBeCloseTo(26 / Math.log(26), 8);
  });

  test('in one entry of many, which is named', () => {
    const at = Array.from({ length: 50 }, (_, i) => i / 10);
    const f = (x: number[]) => x.reduce((sum, v) => sum + Math.sin(v), 0);
    const gradient = at.map(Math.cos);
    gradient[17]! += 0.01;
    const { failures, worst, message } = checkGradient(f, gradient, at);
    expect(failures).toEqual([worst]);
    expect(worst).toMatchObject({ index: 17, verdict: 'differs' });
    expect(message).toMatch(/^The gradient fails .* in 1 of 50 entries; worst at index 17: claimed /);
  });

  test.each([1.002, 0.998, -1, 0, 2])(
    'as soon as it is off by more than the tolerance: times %d',
    (factor) => {
      const { ok } = checkGradient(
        ([x]) => Math.exp(x),
        ([x]) => [factor * Math.exp(x)],
        [1.5],
      );
      expect(ok).toBe(false);
    },
  );

  test('also where rounding hides it from small steps: 1e20 + x has no slope that can be measured', () => {
    const flat = ([x]: [number]) => 1e20 + x;
    expect(checkGradient(flat, [0], [1]).worst.verdict).toBe('unclear');
    expect(checkGradient(flat, [1], [1]).ok).toBe(false);
  });
});

describe('what is not finite is reported', () => {
  test.each([
    { name: 'a claimed NaN', gradient: [Number.NaN], f: ([x]: [number]) => x },
    { name: 'a claimed infinity', gradient: [Number.POSITIVE_INFINITY], f: ([x]: [number]) => x },
    { name: 'a function that is NaN', gradient: [1], f: () => Number.NaN },
    { name: 'a function that is infinite', gradient: [0], f: () => Number.POSITIVE_INFINITY },
    {
      name: 'the same infinity on both sides',
      gradient: [Infinity],
      f: ([x]: [number]) => (x > 0 ? Infinity : 0),
    },
  ])('$name', ({ f, gradient }) => {
    const { ok, worst } = checkGradient(f, gradient, [0]);
    expect(ok).toBe(false);
    expect(worst.verdict).toBe('not finite');
  });

  test('before any finite error, however large', () => {
    expect(checkGradient(([x, y]) => x + y, [1e300, Number.NaN], [0, 0]).worst.index).toBe(1);
  });
});

describe('a check that cannot be carried out is an error', () => {
  test.each([
    { code: 'ERR_GRADCHECK_LENGTH', run: () => checkGradient(paraboloid, [1], [2, 3]) },
    { code: 'ERR_GRADCHECK_LENGTH', run: () => checkGradient(paraboloid, () => [1, 2, 3], [2, 3]) },
    { code: 'ERR_GRADCHECK_EMPTY', run: () => checkGradient(() => 0, [], []) },
    { code: 'ERR_GRADCHECK_OPTION', run: () => checkGradient(paraboloid, [4, 6], [1, 3], { step: 0 }) },
    { code: 'ERR_GRADCHECK_OPTION', run: () => checkGradient(paraboloid, [4, 6], [1, 3], { absolute: -1 }) },
    {
      code: 'ERR_GRADCHECK_OPTION',
      run: () => checkGradient(paraboloid, [4, 6], [1, 3], { relative: Number.NaN }),
    },
    {
      code: 'ERR_GRADCHECK_OPTION',
      run: () => finiteDifferenceGradient(paraboloid, [1, 3], { step: Infinity }),
    },
  ])('$code', ({ code, run }) => {
    expect(run).toThrow(GradcheckError);
    expect(run).toThrow(expect.objectContaining({ code }));
  });
});

test('f and the gradient may change what they are given', () => {
  const at = [1, 2];
  const clobber = (x: number[]) => {
    const sum = x[0]! + x[1]!;
    x.fill(0);
    return sum;
  };
  const { ok } = checkGradient(clobber, (x) => x.fill(1), at);
  expect(ok).toBe(true);
  expect(at).toEqual([1, 2]);
});

test('finite differences give the gradient in the order of the coordinates', () => {
  const gradient = finiteDifferenceGradient(([x, y]) => x ** 4 + y ** 2, [-2, 3]);
  expect(gradient[0]).toBeCloseTo(-32, 6);
  expect(gradient[1]).toBeCloseTo(6, 6);
});
