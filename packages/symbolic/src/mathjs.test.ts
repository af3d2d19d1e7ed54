import * as math from 'mathjs';
import { describe, expect, it } from 'vitest';
import { DomainError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { bridge, fromMathjs, type Mathjs, toMathjs } from './mathjs.ts';
import { parse } from './parse.ts';

const { derivative, simplify } = bridge<math.MathNode>(math);

const FORMULAS = [
  'x^4 + x^3 + 2',
  'log(x^4 + x^3 + 2)',
  '2x*(1 + 3)',
  '1/(2x)',
  'x^x',
  '2^x',
  'sqrt(x)',
  'cbrt(x)',
  'nthRoot(x, 3)',
  'nthRoot(x, 5)',
  'exp(-x^2/2)',
  'sin(x)*cos(x)',
  'tan(x)/x',
  'sec(x) + csc(x) + cot(x)',
  'asin(x/9)',
  'acos(x/9)',
  'atan(x^2)',
  'sinh(x) + cosh(x)',
  'tanh(2x)',
  'sech(x)*csch(x)',
  'coth(x)',
  'asinh(x)',
  'acosh(x + 2)',
  'atanh(x/9)',
  'log(x, 2)',
  'log10(x)',
  'log2(x)',
  'log1p(x)',
  'expm1(x)',
  'abs(x - 5)',
  'pow(x, 3)',
  'square(x) + cube(x)',
  'e^x + pi*x',
  '-x^2 + (+x)',
  '(x + 1)(x - 1)',
  'x/(x + 1)/(x + 2)',
  'log(log(x + 3))',
  'sin(cos(tan(x/5)))',
  'sqrt(1 + sqrt(1 + sqrt(x)))',
  'x^(1/3) + x^2.5',
  '1e-3 x + 1.5e2',
  'acot(x)',
  'acsch(x)',
] as const;
/** What mathjs does not differentiate: there a difference of its values judges. */
const LACKING = /log2|log1p|expm1|square/;

const slope = (formula: string, x: number, h = 1e-6) =>
  (math.evaluate(formula, { x: x + h }) - math.evaluate(formula, { x: x - h })) / (2 * h);

const POINTS = [0.3, 0.7, 1.9];

describe.each(FORMULAS)('%s', (formula) => {
  it('has the value, and the derivative, that mathjs gives', () => {
    for (const x of POINTS) {
      expect(evaluate(fromMathjs(math.parse(formula)), { x })).toBeCloseTo(math.evaluate(formula, { x }), 10);
      const expected = LACKING.test(formula)
        ? slope(formula, x)
        : math.derivative(formula, 'x').evaluate({ x });
      const digits = LACKING.test(formula) ? 6 : 10;
      expect(derivative(formula, 'x').evaluate({ x }) / expected).toBeCloseTo(1, digits);
      expect(simplify(formula).evaluate({ x })).toBeCloseTo(math.evaluate(formula, { x }), 10);
    }
  });
});

describe('where mathjs is wrong', () => {
  it.each([
    ['acoth(x)', 2],
    ['(x^2)^0.5', -3],
  ])('the derivative of %s at %s', (formula, x) => {
    expect(derivative(formula, 'x').evaluate({ x })).toBeCloseTo(slope(formula, x), 6);
    expect(math.derivative(formula, 'x').evaluate({ x })).not.toBeCloseTo(slope(formula, x), 6);
  });

  it('differences of large integers, which it rounds', () => {
    const exact = math.create(math.all!, { number: 'bigint' });
    const text = '100000000000000000001*x - 100000000000000000000*x';
    expect(math.simplify(text).toString()).toBe('0');
    expect(bridge<math.MathNode>(exact).simplify(text).toString()).toBe('x');
  });
});

it('functions that mathjs lacks are written by what they mean', () => {
  expect(toMathjs(parse('softplus(sigmoid(x)) + relu(x)'), math as Mathjs).toString()).toBe(
    'log(exp(1 / (exp(-x) + 1)) + 1) + max(x, 0)',
  );
});

it('what mathjs cannot differentiate, and conditions', () => {
  expect(derivative('x < 1 ? x^2 : max(x, 3)', 'x').evaluate({ x: 0.5 })).toBe(1);
  expect(derivative('gamma(x)', 'y').toString()).toBe('0');
  expect(simplify('0 < x < 1 ? 1 : 1').toString()).toBe('1');
});

it.each(['[1, 2]', '"text"', 'y = 3', 'i*x', 'foo(x)', 'x.y', 'f(x) = x'])(
  '%s is no real formula',
  (text) => {
    expect(() => fromMathjs(math.parse(text))).toThrow(DomainError);
  },
);
