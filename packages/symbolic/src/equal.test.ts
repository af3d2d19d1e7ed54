import { describe, expect, it } from 'vitest';
import { equal } from './equal.ts';
import { evaluate } from './evaluate.ts';
import { parse } from './parse.ts';

describe('equal: proved, with its conditions', () => {
  it.each([
    ['(x + 1)^2', 'x^2 + 2x + 1', ''],
    ['x/x', '1', 'x != 0'],
    ['(x^2 - 1)/(x - 1)', 'x + 1', 'x - 1 != 0'],
    ['sqrt(x^2)', 'abs(x)', ''],
    ['sin(x)^2 + cos(x)^2', '1', ''],
    ['sin(x + y)', 'sin(x)cos(y) + cos(x)sin(y)', ''],
    ['cos(3x)', '4cos(x)^3 - 3cos(x)', ''],
    ['tan(x/2)', 'sin(x)/(1 + cos(x))', 'cos(x/2) != 0; cos(x) + 1 != 0'],
    ['tanh(x)', '(e^(2x) - 1)/(e^(2x) + 1)', ''],
    ['cosh(x)^2 - sinh(x)^2', '1', ''],
    ['log(x + sqrt(x^2 + 1))', 'asinh(x)', '0 < sqrt(x^2 + 1) + x'],
    ['asin(x) + acos(x)', 'pi/2', 'abs(x) <= 1'],
    ['(x + y)^12', '(x^2 + 2x*y + y^2)^6', ''],
    ['log(1 + e^x)', 'x + log(1 + e^-x)', ''],
    ['softplus(x) - softplus(-x)', 'x', ''],
    ['sigmoid(x)*(1 - sigmoid(x))', 'exp(x)/(1 + exp(x))^2', ''],
    ['log(x^2)', '2log(abs(x))', ''],
    ['log(6x)', 'log(2) + log(3) + log(x)', '0 < 6*x; 0 < x'],
    ['log(sqrt(x))', 'log(x)/2', '0 < x'],
    ['sqrt(6)', 'sqrt(2)*sqrt(3)', ''],
    ['1/(1 + sqrt(2))', 'sqrt(2) - 1', ''],
    ['2^(x + 3)', '8*2^x', ''],
    ['abs(x*y)', 'abs(x)*abs(y)', ''],
    ['max(x, y) + min(x, y)', 'x + y', ''],
    ['relu(x)', 'max(0, x)', ''],
    ['erf(-x)', '-erf(x)', ''],
    ['exp(sin(x) + cos(x))', 'exp(sin(x))*exp(cos(x))', ''],
    ['log(x*y)', 'log(x) + log(y)', '0 < x*y; 0 < y; 0 < x'],
    ['sqrt(x - 1)*sqrt(x + 1)', 'sqrt(x^2 - 1)', '0 <= x + 1; 0 <= x - 1; 0 <= x^2 - 1'],
    ['atan(x)', 'asin(x/sqrt(1 + x^2))', ''],
    ['gamma(x + 1)', 'x*gamma(x)', '0 < x + 1 or floor(x + 1) != x + 1; 0 < x or floor(x) != x'],
    ['sign(x)*abs(x)', 'x', ''],
    ['sign(x)', 'where(x > 0, 1, -1)', 'x != 0'],
    ['where(x != 0, sin(x)/x, 1)*x', 'sin(x)', 'x != 0'],
    ['sqrt(5 + 2sqrt(6))', 'sqrt(2) + sqrt(3)', ''],
  ])('%s = %s', (a, b, conditions) => {
    const found = equal(a, b);
    expect(found.verdict).toBe('proved');
    expect(found.conditions.map(String).sort()).toEqual(conditions ? conditions.split('; ').sort() : []);
  });

  it('x^x needs a positive base', () => {
    const { verdict, conditions } = equal('exp(x*log(x))', 'x^x');
    expect([verdict, String(conditions[0])]).toEqual(['proved', '0 < x']);
  });

  it.each([
    // At x = 0 the root says nothing of y.
    ['sqrt(x) + sqrt(x*y) + abs(y)', 'sqrt(x) + sqrt(x*y) + y', ['x != 0', 'x*y != 0']],
    ['sqrt(x^2*y) + abs(y)', 'sqrt(x^2*y) + y', ['x^2*y != 0']],
    ['sqrt(x*y) + sqrt(-x*z) + abs(y*z)', 'sqrt(x*y) + sqrt(-x*z) - y*z', ['x*y != 0', 'x*z != 0']],
    // A condition that decides a value must not count for the other branch.
    ['where(x > 0, log(x), abs(x))', 'where(x > 0, log(x), -x)', []],
    ['where(x = 0, 5, x)', 'where(x = 0, 6, x)', ['x != 0']],
    ['sign(x - 2)^2', '1', ['x - 2 != 0']],
    ['floor(x)*0 + sign(x)^2*x', 'x', []],
  ])('%s = %s, but for an edge', (a, b, edges) => {
    const found = equal(a, b);
    expect(found.verdict).toBe('proved');
    const named = found.conditions.map(String);
    expect(edges.length === 0 ? named.length === 0 : edges.some((edge) => named.includes(edge))).toBe(true);
  });

  it.each([
    ['where(x > 0, log(x), abs(x))', 'where(x > 0, log(x), x)'],
    ['sqrt(x*y) + abs(y)', 'sqrt(x*y) + y'],
    ['log(x*y) + abs(x)', 'log(x*y) + x'],
  ])('%s ≠ %s', (a, b) => {
    expect(equal(a, b).verdict).toBe('refuted');
  });

  it.each([
    ['(-1)^(2n)', '1', ''],
    ['(-1)^(n + 1)', '-(-1)^n', ''],
    ['cos(n*pi)', '(-1)^n', ''],
    ['sin(n*pi + x)', '(-1)^n*sin(x)', ''],
    ['cos(2*n*pi)', '1', ''],
    ['floor(x + n)', 'floor(x) + n', ''],
    ['(-x)^(2n)', 'x^(2n)', 'x != 0; -x != 0'],
    ['(x*y)^n', 'x^n*y^n', 'x != 0; x*y != 0; y != 0'],
    ['abs(x^n)', 'abs(x)^n', 'x != 0; abs(x) != 0'],
  ])('for whole n, %s = %s', (a, b, conditions) => {
    const found = equal(a, b, { assume: { n: 'integer' } });
    expect(found.verdict).toBe('proved');
    const needed = conditions ? conditions.split('; ') : [];
    expect(found.conditions.map(String).filter((c) => !needed.includes(c))).toEqual([]);
  });

  it.each([
    ['cos(n*pi)', '1'],
    ['x^n', 'abs(x)^n'],
    ['(-1)^n', '1'],
    ['floor(n/2)', 'n/2'],
  ])('for whole n, %s ≠ %s', (a, b) => {
    expect(equal(a, b, { assume: { n: 'integer' } }).verdict).toBe('refuted');
  });

  it('an assumption is used and not told back', () => {
    const found = equal('log(x*y)', 'log(x) + log(y)', { assume: { x: 'positive', y: 'positive' } });
    expect(found.verdict).toBe('proved');
    expect(found.conditions.map(String)).toEqual([]);
  });
});

describe('unequal: refuted, with a point', () => {
  it.each([
    ['x + 1', 'x + 2'],
    ['sqrt(x^2)', 'x'],
    ['x^2', 'x^2 + 1e-12'],
    ['exp(-x^2 - 1000)', '0'],
    ['abs(x - 100)', '100 - x'],
    ['cos(x)', '1 - x^2/2 + x^4/24 - x^6/720 + x^8/40320'],
    ['atan(x) + atan(1/x)', 'pi/2'],
    ['asin(sin(x))', 'x'],
    ['atan(tan(x))', 'x'],
    ['sin(x)', 'cos(x)'],
    ['x^y', 'y^x'],
    ['sqrt(x + y)', 'sqrt(x) + sqrt(y)'],
    ['pi', '355/113'],
  ])('%s ≠ %s', (a, b) => {
    const { verdict, witness } = equal(a, b);
    expect(verdict).toBe('refuted');
    expect(witness!.left).not.toBe(witness!.right);
    // The witness can be checked again, here in double precision where that suffices.
    const at = Object.fromEntries(
      Object.entries(witness!.at).map(([name, value]) => [name, value.toNumber()]),
    );
    expect(Math.abs(evaluate(a, at) - Number(witness!.left))).toBeLessThanOrEqual(
      1e-12 * Math.abs(Number(witness!.left)),
    );
    expect(Math.abs(evaluate(b, at) - Number(witness!.right))).toBeLessThanOrEqual(
      1e-12 * Math.abs(Number(witness!.right)),
    );
  });
});

describe('never a guess', () => {
  it('what is defined nowhere is unknown', () => {
    expect(equal('1/(x - x)', '2/(x - x)').verdict).toBe('unknown');
  });

  it('work beyond the limits is given up, and said so', () => {
    const found = equal('(a + b + c + d + f + gamma(x))^60', '(a + b + c + d + f + gamma(x) + 0*log(x))^60');
    expect([found.verdict, found.why]).toEqual(['unknown', expect.stringContaining('given up')]);
  });

  it('a declared function has no values to tell apart', () => {
    const f = (text: string) => parse(text, { functions: ['f'] });
    expect(equal(f('f(x) + f(x)'), f('2f(x)')).verdict).toBe('proved');
    expect(equal(f('f(x)'), f('f(x + 1)')).verdict).toBe('unknown');
  });
});
