import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { criticalPoints } from './criticalPoints.ts';
import { evaluate } from './evaluate.ts';
import { toExpr } from './input.ts';
import { isolateRoots, refine, signAt } from './isolate.ts';
import { Rational } from './rational.ts';
import { expand } from './rewrites.ts';
import { type Root, roots } from './roots.ts';

type Row = readonly [polynomial: string, roots: readonly [decimal: string, multiplicity: number][]];
const rows: readonly Row[] = JSON.parse(
  readFileSync(new URL('../fixtures/polynomials.json', import.meta.url), 'utf8'),
).roots;

const distance = (a: Rational, b: Rational) => a.sub(b).abs();
const decimal = (text: string) =>
  text.startsWith('-') ? Rational.decimal(text.slice(1)).neg() : Rational.decimal(text);

describe('real roots are those of SymPy', () => {
  it.each(rows)('%s', (polynomial, expected) => {
    const found = roots(polynomial, 'x');
    const inOrder = [...expected].sort(([a], [b]) => Number(a) - Number(b));
    expect(found.map(({ multiplicity }) => multiplicity)).toEqual(inOrder.map(([, n]) => n));
    for (const [i, [text]] of inOrder.entries()) {
      const { interval, approximate, value } = found[i]!;
      const exact = decimal(text);
      const slack = exact.abs().mul(Rational.of(1, 10n ** 17n));
      for (const end of interval) expect(distance(end, exact).compare(slack)).toBeLessThanOrEqual(0);
      expect(Math.abs(approximate - Number(text))).toBeLessThanOrEqual(2e-16 * Math.abs(Number(text)));
      if (value)
        expect(Math.abs(evaluate(value) - Number(text))).toBeLessThanOrEqual(1e-9 * Math.abs(Number(text)));
    }
  });
});

const shown = ({ value, multiplicity }: Root) =>
  `${value ?? '?'}${multiplicity > 1 ? `^${multiplicity}` : ''}`;

describe('exact roots, and no others', () => {
  it.each([
    ['x^4 - 1', '-1, 1'],
    ['(x - 1)^3*(x^2 - 2)', '-sqrt(2), 1^3, sqrt(2)'],
    ['x^3 - 2', '2^(1/3)'],
    ['x^3 + 2', '-2^(1/3)'],
    ['(x - 1)^4 - 3', '1 - 3^(1/4), 3^(1/4) + 1'],
    ['x^2 + 1', ''],
    ['x^2/x', ''],
    ['(x^2 - 1)/(x - 1)', '-1'],
    ['(x^2 - 2)/(x^4 - 4)', ''],
    ['(x^2 - 2)/(x - sqrt(2))', '-sqrt(2)'],
    ['(x^2 - x - 1)/sqrt(x)', 'sqrt(5)/2 + 1/2'],
    ['(x^2 - 2)*log(x + sqrt(2))', '-(sqrt(2) - 1), sqrt(2)'],
    ['(x + 1)*sqrt(x)', '0'],
    ['x - sqrt(x) - 2', '4'],
    ['sqrt(x) + 2', ''],
    ['x*exp(-x)', '0'],
    ['log(x)^2 - 1', 'exp(-1), e'],
    ['(x - 1)*log(x)', '1^2'],
    ['exp(x^2 - 1) - 1', '-1, 1'],
    ['tanh(x) - 2', ''],
    ['atan(x) - 2', ''],
    ['tanh(x)^2 - 1', ''],
    ['cbrt(x) - 2', '8'],
    ['sigmoid(x) - 1/4', '-log(3)'],
    ['log(exp(x) - 2)', 'log(3)'],
    ['x^x', ''],
    ['pi*x - 1', '1/pi'],
    ['y*(x - 1)/z', '1'],
    ['7', ''],
  ])('%s: %s', (formula, expected) => {
    expect(roots(formula, 'x').map(shown).join(', ')).toBe(expected);
  });
});

describe('what has no list of roots says so', () => {
  it.each([
    ['x - x', 'zero wherever'],
    ['sin(x)', 'invertible function'],
    ['x^2 - y', 'invertible function'],
    ['x*exp(-x) - 1', 'invertible function'],
    ['exp(20000*x) - exp(x)', 'Cannot go on'],
    ['log(x) - 20000', 'Cannot go on'],
    ['x^1000000 - 3x - 1', 'Cannot go on'],
    ['(x + 1)^100000', 'Cannot go on'],
  ])('%s: … %s …', (formula, message) => {
    expect(() => roots(formula, 'x')).toThrow(message);
  });
});

it('roots close to each other are told apart', () => {
  const found = roots('(x^3 - 2)*(10^40*x^3 - 2*10^40 - 1)', 'x');
  expect(found).toHaveLength(2);
  expect(found.map(({ value }) => value?.kind)).toEqual(['power', 'product']);
});

it('products of random linear factors have their roots', () => {
  const root = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 1, max: 6 }));
  fc.assert(
    fc.property(fc.array(root, { minLength: 1, maxLength: 6 }), (pairs) => {
      const formula = expand(pairs.map(([p, q]) => `(${q}*x - (${p}))`).join('*'));
      const counts = new Map<string, number>();
      for (const [p, q] of pairs) {
        const key = String(Rational.of(p, q));
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      const found = roots(formula, 'x').map(({ interval: [r], multiplicity }) => [String(r), multiplicity]);
      expect(new Map(found as [string, number][])).toEqual(counts);
    }),
    { seed: 3, numRuns: 60 },
  );
});

it('random polynomials change sign over each interval', () => {
  const coefficients = fc.array(fc.bigInt(-50n, 50n), { minLength: 3, maxLength: 9 });
  fc.assert(
    fc.property(coefficients, (f) => {
      const text = f.map((c, i) => `(${c})*x^${i}`).join(' + ');
      if (f.every((c) => c === 0n)) return;
      for (const {
        interval: [low, high],
        approximate,
        multiplicity,
      } of roots(text, 'x')) {
        if (low.equals(high)) expect(signAt(f, low)).toBe(0);
        else if (multiplicity === 1) expect(signAt(f, low) * signAt(f, high)).toBe(-1);
        expect(Math.abs(approximate - low.toNumber())).toBeLessThanOrEqual(3e-16 * Math.abs(approximate));
      }
    }),
    { seed: 5, numRuns: 100 },
  );
});

it('rational roots met on the way are points', () => {
  // (2x - 1)(x - 3)(x^2 - 2) has its roots isolated without being factored first.
  const f = [-6n, 14n, -1n, -7n, 2n];
  const intervals = isolateRoots(f).map((interval) => refine(f, interval, 20));
  expect(intervals.map(([low]) => low.toNumber().toFixed(4))).toEqual([
    '-1.4142',
    '0.5000',
    '1.4142',
    '3.0000',
  ]);
});

describe('critical points', () => {
  it.each([
    ['log(x^4 + x^3 + 2)', '-3/4 minimum log(485/256), 0^2 none log(2)'],
    ['x^3 - 3x', '-1 maximum 2, 1 minimum -2'],
    ['x^3', '0^2 none 0'],
    ['x + 1/x', '-1 maximum -2, 1 minimum 2'],
    ['x*exp(-x)', '1 maximum exp(-1)'],
    ['exp(-x^2/2)', '0 maximum 1'],
    ['log(x)/x', 'e maximum exp(-1)'],
    ['x^x', 'exp(-1) minimum exp(-exp(-1))'],
    ['tanh(x^2)', '0 minimum 0'],
    ['x^4 - 2x^2', '-1 minimum -1, 0 maximum 0, 1 minimum -1'],
    ['sqrt(x)*(x - 1)', '1/3 minimum -2*sqrt(1/3)/3'],
    ['log(x^3 - 3x)', '-1 maximum log(2)'],
    ['1/(x^2 - 1)', '0 maximum -1'],
    [
      'x^2 + 10^(-30)*x',
      '-1/2000000000000000000000000000000 minimum -1/4000000000000000000000000000000000000000000000000000000000000',
    ],
    ['log(x)', ''],
  ])('of %s: %s', (formula, expected) => {
    const found = criticalPoints(formula, 'x').map(({ at, kind, value }) => `${shown(at)} ${kind} ${value}`);
    expect(found.join(', ')).toBe(expected);
  });

  it('that radicals do not say are isolated', () => {
    const [left, right] = criticalPoints('x^5 - 5x + x^2', 'x');
    expect([left!.kind, right!.kind]).toEqual(['maximum', 'minimum']);
    expect(left!.value).toBeUndefined();
    expect(left!.approximate).toBeCloseTo(evaluate('x^5 - 5x + x^2', { x: left!.at.approximate }), 12);
  });

  it('of a constant are not listed', () => {
    expect(() => criticalPoints('5', 'x')).toThrow('zero wherever');
    expect(() => criticalPoints('abs(x)', 'x')).toThrow('invertible');
  });
});

it('the factor of a root is a part of the input', () => {
  const [root] = roots('(x^5 - x - 1)*(x^2 + 1)', 'x');
  expect(String(root!.factor)).toBe(String(toExpr('x^5 - x - 1')));
});
