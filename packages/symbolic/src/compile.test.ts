import { describe, expect, it } from 'vitest';
import { compile, compileBatch } from './compile.ts';
import { diff } from './diff.ts';
import { DomainError, UnboundSymbolError } from './errors.ts';
import { evaluate } from './evaluate.ts';

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
  expect(() => compile('x', ['x'])(1, 2)).toThrow(DomainError);
});
