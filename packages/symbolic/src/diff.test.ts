import { NotDifferentiableError } from '@leibniz/ops';
import { describe, expect, it } from 'vitest';
import { diff } from './diff.ts';
import { equal } from './equal.ts';
import { DomainError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { parse } from './parse.ts';
import { substitute } from './substitute.ts';
import { countNodes } from './walk.ts';

describe('derivatives by x', () => {
  it.each([
    ['7', '0'],
    ['y', '0'],
    ['x', '1'],
    ['x^4', '4*x^3'],
    ['log(x^4 + x^3 + 2)', '(4*x^3 + 3*x^2)/(x^4 + x^3 + 2)'],
    ['sin(x)*y', 'y*cos(x)'],
    ['2^x', '2^x*log(2)'],
    ['x^y', 'y*x^(y - 1)'],
    ['exp(-x^2/2)', '-x*exp(-x^2/2)'],
    ['sqrt(x)', '1/(2*sqrt(x))'],
    ['abs(x)', 'sign(x)'],
    ['relu(x)', 'where(0 < x, 1, 0)'],
    ['where(x < 0, -x, x^2)', 'where(x < 0, -1, 2*x)'],
    ['polygamma(2, x)', 'polygamma(3, x)'],
    ['atan2(y, x)', '-y/(x^2 + y^2)'],
  ])('d %s = %s', (formula, derivative) => {
    expect(String(diff(formula, 'x'))).toBe(derivative);
  });
});

it('orders', () => {
  expect(String(diff('x^5', 'x', 3))).toBe('60*x^2');
  expect(String(diff('x^5', 'x', 0))).toBe('x^5');
  expect(() => diff('x', 'x', -1)).toThrow(DomainError);
});

it('a declared function keeps its derivative', () => {
  expect(String(diff(parse('f(x^2)', { functions: ['f'] }), 'x'))).toBe("2*x*f'(x^2)");
});

it('a declared function of several arguments has a derivative by each', () => {
  const f = parse('f(x, x*y)', { functions: ['f'] });
  expect(String(diff(f, 'x'))).toBe("y*f'2(x, x*y) + f'1(x, x*y)");
  expect(equal(diff(diff(f, 'x'), 'y'), diff(diff(f, 'y'), 'x')).verdict).toBe('proved');
});

it('an index has no derivative', () => {
  expect(() => diff('polygamma(x, 2)', 'x')).toThrow(NotDifferentiableError);
});

describe('long chains and products grow by a few nodes a factor', () => {
  it.each([
    ['a chain of 5,000 sines', (n: number) => `${'sin('.repeat(n)}x${')'.repeat(n)}`],
    [
      'a product of 5,000 factors',
      (n: number) => Array.from({ length: n }, (_, k) => `(x + ${k})`).join('*'),
    ],
  ])('%s', (_, text) => {
    const derivative = diff(text(5000), 'x');
    expect(countNodes(derivative)).toBeLessThan(3 * 5000);
    expect(parse(String(derivative)).equals(derivative)).toBe(true);
  });
});

describe('nested f = log(f^4 + f^3 + 2)', () => {
  const nested = (depth: number) => {
    let f = parse('x');
    for (let i = 0; i < depth; i++) f = substitute('log(f^4 + f^3 + 2)', { f });
    return f;
  };

  it('the derivative grows by a constant number of nodes a level', () => {
    const sizes = [10, 11, 12].map((depth) => countNodes(diff(nested(depth), 'x')));
    expect(sizes[2]! - sizes[1]!).toBe(sizes[1]! - sizes[0]!);
    expect(sizes[2]).toBeLessThanOrEqual(120);
  });

  it('its text names the shared parts, and reads back', () => {
    const derivative = diff(nested(12), 'x');
    const text = String(derivative);
    expect(text.length).toBeLessThan(3000);
    expect(parse(text).equals(derivative)).toBe(true);
  });

  it('a hundred levels deep it still has the right value', () => {
    const f = nested(100);
    const h = 1e-6;
    const measured = (evaluate(f, { x: 1 + h }) - evaluate(f, { x: 1 - h })) / (2 * h);
    expect(evaluate(diff(f, 'x'), { x: 1 })).toBeCloseTo(measured, 8);
  });
});
