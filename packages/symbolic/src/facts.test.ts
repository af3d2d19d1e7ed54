import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { isInteger, isNeverZero, isNonnegative, isPositive, isTotal } from './facts.ts';
import { parse } from './parse.ts';

/** What is known of each, in the order total, integer, never zero, nonnegative, positive. */
const KNOWN: readonly (readonly [formula: string, known: string])[] = [
  ['0', 'total integer nonnegative'],
  ['3', 'total integer nonzero nonnegative positive'],
  ['-3', 'total integer nonzero'],
  ['1/2', 'total nonzero nonnegative positive'],
  ['pi', 'total nonzero nonnegative positive'],
  ['x', 'total'],
  ['x^2', 'total nonnegative'],
  ['x^2 + 1', 'total nonzero nonnegative positive'],
  ['x^2 - 1', 'total'],
  ['x^2 + abs(y)', 'total nonnegative'],
  ['-x^2', 'total'],
  ['x^3', 'total'],
  ['1/x', ''],
  ['1/(x^2 + 1)', 'total nonzero nonnegative positive'],
  ['sqrt(x)', 'nonnegative'],
  ['sqrt(x^2)', 'total nonnegative'],
  ['2^x', 'total nonzero nonnegative positive'],
  ['x^y', ''],
  ['exp(x)', 'total nonzero nonnegative positive'],
  ['log(x)', ''],
  ['floor(x)', 'total integer'],
  ['floor(x)^2 + 1', 'total integer nonzero nonnegative positive'],
  ['floor(x)/2', 'total'],
  ['2*floor(x) - 3', 'total integer'],
  ['abs(x)', 'total nonnegative'],
  ['abs(exp(x))', 'total nonzero nonnegative positive'],
  ['relu(x)', 'total nonnegative'],
  ['sign(x)', 'total integer'],
  ['cbrt(x^2)', 'total nonnegative'],
  ['sec(x)', 'nonzero'],
  ['max(x^2, 1)', 'total nonnegative'],
  ['where(x < 0, 1, exp(x))', 'total nonzero nonnegative positive'],
  ['0*log(x)', ''],
];

const TESTS = {
  total: isTotal,
  integer: isInteger,
  nonzero: isNeverZero,
  nonnegative: isNonnegative,
  positive: isPositive,
};

describe.each(KNOWN)('%s', (formula, known) => {
  const e = parse(formula);

  it(`is known to be ${known}`, () => {
    const found = Object.entries(TESTS).flatMap(([name, test]) => (test(e) ? [name] : []));
    expect(found.join(' ')).toBe(known);
  });

  it('and is, wherever it has a value', () => {
    for (const x of [-3, -2.5, -1, -0.3, 0, 0.7, 1, 2, 4.25]) {
      for (const y of [-1.5, 0, 2]) {
        const value = evaluate(e, { x, y });
        if (isTotal(e)) expect(value).not.toBeNaN();
        if (!Number.isFinite(value)) continue;
        if (isInteger(e)) expect(Number.isInteger(value)).toBe(true);
        if (isNeverZero(e)) expect(value).not.toBe(0);
        if (isNonnegative(e)) expect(value).toBeGreaterThanOrEqual(0);
      }
    }
  });
});
