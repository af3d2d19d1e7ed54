import { describe, expect, it } from 'vitest';
import { compile, compileBatch, compileGradient } from './compile.ts';
import { diff } from './diff.ts';
import { UnboundSymbolError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { parse } from './parse.ts';

const FORMULAS = [
  'log(x^4 + x^3 + 2)',
  'x^x*sin(x)*exp(x)/log(x^2 + 1.5)',
  'where(x < 1, x^2, 2*x - 1) + max(x, 1/x)',
  'min(x, 5) + hypot(x, 3)',
  'sqrt(x)^3 - x^(5/2) + x^(1/3)',
  'gamma(x)*erf(x) + pi + e',
  '3/7',
];

describe.each(FORMULAS)('%s', (formula) => {
  it('as a function has the values of evaluate, and so has its derivative', () => {
    for (const e of [formula, diff(formula, 'x')]) {
      const f = compile(e, ['x']);
      for (const x of [0.3, 1, 2.7]) expect(f(x)).toBe(evaluate(e, { x }));
    }
  });

  it('over a column has them to a few units in the last place', () => {
    const columns = Float64Array.from({ length: 37 }, (_, i) => 0.3 + i / 10);
    const values = compileBatch(formula, ['x'])([columns]);
    columns.forEach((x, i) => {
      const expected = evaluate(formula, { x });
      expect(Math.abs(values[i]! - expected)).toBeLessThanOrEqual(4e-15 * Math.max(1, Math.abs(expected)));
    });
  });
});

it('arguments are those named, in their order', () => {
  expect(compile('x - 2*y', ['y', 'x'])(1, 10)).toBe(8);
  expect(() => compile('x*y', ['x'])).toThrow(UnboundSymbolError);
});

it('an expression too large for one function has the same values', () => {
  const large = parse(Array.from({ length: 3000 }, (_, k) => `min(sin(x + ${k}), x)`).join(' + '));
  const f = compile(large, ['x']);
  for (const x of [-1.5, 0.25]) expect(f(x)).toBe(evaluate(large, { x }));
});

it('value and gradient come from one pass', () => {
  const f = compileGradient('sin(x*y)*x', ['x', 'y']);
  const { value, gradient } = f(0.5, 2);
  expect(value).toBe(evaluate('sin(x*y)*x', { x: 0.5, y: 2 }));
  for (const [i, name] of ['x', 'y'].entries()) {
    expect(gradient[i]).toBeCloseTo(evaluate(diff('sin(x*y)*x', name), { x: 0.5, y: 2 }), 14);
  }
});
