import { describe, expect, it } from 'vitest';
import type { Assumptions } from './assumption.ts';
import { criticalPoints } from './criticalPoints.ts';
import { diff } from './diff.ts';
import { equal } from './equal.ts';
import { DomainError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { explain } from './explain.ts';
import { parse } from './parse.ts';
import { roots } from './roots.ts';
import { simplify, simplifySteps } from './simplify.ts';

describe('what is assumed shortens', () => {
  it.each<[formula: string, assume: Assumptions, shorter: string]>([
    ['sqrt(x^2)', { x: 'positive' }, 'x'],
    ['sqrt(x^2)', { x: 'nonnegative' }, 'x'],
    ['sqrt(x^2)', { x: 'nonzero' }, 'abs(x)'],
    ['log(x^2)', { x: 'positive' }, '2*log(x)'],
    ['log(x^a)', { x: 'positive' }, 'a*log(x)'],
    ['(x^a)^b', { x: 'positive' }, 'x^(a*b)'],
    ['(x^a)^b', { a: 'integer', b: 'integer' }, 'x^(a*b)'],
    ['(x^a)^b', {}, '(x^a)^b'],
    ['x^a*x^(-a)', { x: 'positive' }, '1'],
    ['sin(n*pi)', { n: 'integer' }, '0'],
    ['sin(2*n*pi)', { n: 'integer' }, '0'],
    ['sin(n*pi/2)', { n: 'integer' }, 'sin(pi*n/2)'],
    ['cos(2*n*pi)', { n: 'integer' }, '1'],
    ['cos(n*pi)', { n: 'integer' }, '(-1)^n'],
    ['(-1)^(2*n + 1)', { n: 'integer' }, '-1'],
    ['floor(2*n + m^2)', { n: 'integer', m: 'integer' }, 'm^2 + 2*n'],
    ['abs(x*y)', { x: ['positive', 'integer'] }, 'x*abs(y)'],
    ['relu(x)', { x: 'positive' }, 'x'],
    ['sign(x)', { x: 'positive' }, '1'],
    ['max(x, 0)', { x: 'nonnegative' }, 'x'],
    ['min(x^2 + 1, 0)', {}, '0'],
    ['sign(-x)', { x: 'positive' }, '-1'],
    ['where(x < 0, -x, x)', { x: 'nonnegative' }, 'x'],
  ])('%s, %o: %s', (formula, assume, shorter) => {
    const found = simplify(formula, { assume });
    expect(String(found)).toBe(shorter);
    expect(found.equals(parse(shorter))).toBe(true);
  });
});

describe('what is assumed needs no condition', () => {
  it.each<[formula: string, assume: Assumptions, conditions: string]>([
    ['x/x', {}, 'x != 0'],
    ['x/x', { x: 'nonzero' }, ''],
    ['x/x', { x: 'positive' }, ''],
    ['exp(log(x))', {}, '0 < x'],
    ['exp(log(x))', { x: 'positive' }, ''],
    ['(x*y)/(x*y)', { x: 'nonzero' }, 'y != 0'],
  ])('%s, %o: %s', (formula, assume, conditions) => {
    expect(simplifySteps(formula, { assume }).conditions.join('; ')).toBe(conditions);
    expect(equal(formula, simplify(formula), { assume }).conditions.join('; ')).toBe(conditions);
  });
});

describe('a variable read with an assumption keeps it', () => {
  const x = parse('x', { assume: { x: 'positive' } });

  it('and is another than a plain one', () => {
    expect(x.equals(parse('x'))).toBe(false);
    expect(x.equals(parse('x', { assume: { x: ['positive', 'real'] } }))).toBe(true);
    expect(String(x)).toBe('x');
  });

  it('through simplification', () => {
    const root = parse('sqrt(x^2)', { assume: { x: 'positive' } });
    expect(simplify(root).equals(x)).toBe(true);
  });
});

it('refutes at points that are allowed only', () => {
  expect(equal('abs(x)', 'x', { assume: { x: 'positive' } }).verdict).toBe('proved');
  expect(equal('floor(n)', 'n', { assume: { n: 'integer' } }).verdict).toBe('proved');
  const { witness } = equal('n^2', 'n', { assume: { n: ['integer', 'positive'] } });
  expect(witness!.at.n!.isInteger).toBe(true);
});

it('an assumption that is not known', () => {
  expect(() => simplify('x', { assume: { x: 'even' as 'integer' } })).toThrow(DomainError);
});

describe('roots and points where what is assumed holds', () => {
  it.each<[Assumptions, string]>([
    [{}, '-1, 0, 1'],
    [{ x: 'positive' }, '1'],
    [{ x: 'nonnegative' }, '0, 1'],
    [{ x: 'nonzero' }, '-1, 1'],
    [{ x: 'integer' }, '-1, 0, 1'],
  ])('%o: %s', (assume, found) => {
    const at = roots(parse('x^3 - x', { assume }), 'x').map(({ value }) => String(value));
    expect(at.join(', ')).toBe(found);
  });

  it('of a derivative', () => {
    const points = criticalPoints(parse('x^4 - 2x^2', { assume: { x: 'positive' } }), 'x');
    expect(points.map(({ at, kind }) => `${at.value}: ${kind}`)).toEqual(['1: minimum']);
  });
});

it('a number against an assumption has no value', () => {
  const e = parse('x + n', { assume: { x: 'positive', n: 'integer' } });
  expect(evaluate(e, { x: 2, n: -3 })).toBe(-1);
  expect(() => evaluate(e, { x: -2, n: 3 })).toThrow(DomainError);
  expect(() => evaluate(e, { x: 2, n: 0.5 })).toThrow(/contradicts what is assumed of n/);
});

it('a name is one variable, of which all is true that is said anywhere', () => {
  const positive = parse('abs(x)', { assume: { x: 'positive' } });
  expect(equal(positive, 'x').verdict).toBe('proved');
  expect(String(diff(positive, 'x'))).toBe('sign(x)');
  expect(explain(parse('sqrt(x^2)', { assume: { x: 'positive' } }), 'x').result.equals(parse('1'))).toBe(
    true,
  );
});
