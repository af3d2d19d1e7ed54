import { describe, expect, it } from 'vitest';
import { diff } from './diff.ts';
import { equal } from './equal.ts';
import { explain } from './explain.ts';
import { parse } from './parse.ts';
import { simplify } from './simplify.ts';
import { countNodes } from './walk.ts';

const lines = (formula: string) =>
  explain(formula, 'x').steps.map(({ rule, before, after }) => `${rule}: ${before} = ${after}`);

it("the book's function", () => {
  expect(lines('log(x^4 + x^3 + 2)')).toEqual([
    'chain rule, log: d/dx(log(x^4 + x^3 + 2)) = d/dx(x^4 + x^3 + 2)/(x^4 + x^3 + 2)',
    'sum rule: d/dx(x^4 + x^3 + 2) = d/dx(x^4) + d/dx(x^3)',
    'power rule: d/dx(x^4) = 4*x^3',
    'power rule: d/dx(x^3) = 3*x^2',
    'ab + ac = a(b + c): 4*x^3 + 3*x^2 = x^2*(4*x + 3)',
  ]);
});

describe('rules by their names', () => {
  it.each([
    ['3*x', ['constant factor']],
    ['x*sin(x)', ['product rule', 'derivative of sin']],
    ['sin(x)/x', ['product rule, for a quotient']],
    ['(x^2 + 1)^3', ['chain rule, power', 'sum rule', 'power rule']],
    ['2^x', ['exponential rule']],
    ['x^x', ['power with both parts moving']],
    ['where(x < 0, -x, x^2)', ['case by case']],
    ['7', ['constant']],
    ['x', ['d x/dx = 1']],
  ])('%s', (formula, rules) => {
    expect(explain(formula, 'x').steps.map(({ rule }) => rule)).toEqual(expect.arrayContaining(rules));
  });
});

it.each([
  'sqrt(1 + sqrt(1 + x))',
  'exp(sin(x)^2)*atan(x/2)',
  'x^x*(1 + log(x))/gamma(x)',
  'max(x, x^2)*relu(x - 1)',
])('%s: every part once, and the result is the derivative', (formula) => {
  const { result, steps } = explain(formula, 'x');
  const rules = steps.filter(({ before }) => String(before).startsWith('d/dx'));
  expect(rules.length).toBeLessThanOrEqual(2 * countNodes(parse(formula)));
  expect(new Set(rules.map(({ before }) => String(before))).size).toBe(rules.length);
  expect(result.equals(simplify(diff(formula, 'x')))).toBe(true);
  expect(equal(result, diff(formula, 'x')).verdict).not.toBe('refuted');
  for (const { tex } of steps) expect(tex).toContain(' = ');
  for (const { verdict } of steps) expect(verdict).toBe('proved');
});
