import { ops, type UnaryName } from '@leibniz/ops';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compareEngines, DisagreementError, type Point } from './engines.ts';
import { randomFormula } from './randomFormula.ts';

const POINTS: readonly Point[] = [
  { x: 0.37, y: -1.21 },
  { x: -2.03, y: 0.55 },
  { x: 1.18, y: 2.44 },
];

/** Points that lie in the sample ranges of an operation. */
const within = ([from, to]: readonly [number, number], share: number) => from + (to - from) * share;

describe('symbolic = automatic = measured, for every operation of the table', () => {
  it.each(Object.entries(ops.unary).filter(([name]) => name !== 'neg'))('%s', (name, { sample }) => {
    const points = [0.07, 0.31, 0.58, 0.93].map((share) => ({ x: within(sample, share), y: 0 }));
    expect(compareEngines(`${name}(x)`, points)).toBeGreaterThanOrEqual(3);
  });

  it.each(Object.entries(ops.binary).filter(([name]) => !['polygamma'].includes(name)))(
    '%s',
    (name, { sample }) => {
      const points = [0.07, 0.31, 0.93].map((share) => ({
        x: within(sample[0], share),
        y: within(sample[1], 1 - share),
      }));
      expect(compareEngines(`${name}(x, y)`, points)).toBeGreaterThanOrEqual(4);
    },
  );

  it.each([
    ['-x', 2],
    ['polygamma(2, x)', 2],
    ['log(x^4 + x^3 + 2)', 6],
    ['where(x < y, x^2*y, x - y)', 6],
  ])('%s', (formula, least) => {
    const points = formula.startsWith('poly')
      ? [
          { x: 0.8, y: 0 },
          { x: 3.1, y: 0 },
        ]
      : POINTS;
    expect(compareEngines(formula, points)).toBeGreaterThanOrEqual(least);
  });
});

it('1,000 random formulas, at nearly every point', () => {
  let compared = 0;
  fc.assert(
    fc.property(randomFormula, (formula) => {
      compared += compareEngines(formula, POINTS);
    }),
    { numRuns: 1000 },
  );
  // Six comparisons a formula; what is lost lies beside a kink or where a measurement is too coarse.
  expect(compared).toBeGreaterThan(4500);
}, 120_000);

describe('a wrong rule is found', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const wrong: readonly (readonly [UnaryName, string])[] = [
    ['tanh', 'tanh(x)*y'],
    ['sigmoid', 'sigmoid(x + y)'],
    ['log', 'log(x^2 + 1)'],
    ['erf', 'exp(erf(x))'],
  ];
  it.each(wrong)('in %s', (name, formula) => {
    const right = ops.unary[name].partial;
    expect(compareEngines(formula, POINTS)).toBeGreaterThan(0);
    vi.spyOn(ops.unary[name], 'partial').mockImplementation(($, x, y) =>
      $.mul($.rational(1001, 1000), right($, x, y)),
    );
    expect(() => compareEngines(formula, POINTS)).toThrow(DisagreementError);
  });

  it('in one engine alone', () => {
    vi.spyOn(ops.unary.tanh, 'partial').mockImplementationOnce(($, x) => $.cos(x));
    expect(() => compareEngines('tanh(x)', POINTS)).toThrow(DisagreementError);
  });
});
