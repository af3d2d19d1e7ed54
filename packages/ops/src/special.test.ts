import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digamma, erf, erfc, gamma, lgamma, polygamma } from './special.ts';

const special = { digamma, erf, erfc, gamma, lgamma, polygamma };

type Row = readonly [name: keyof typeof special, args: number[], value: string];
const rows = JSON.parse(readFileSync(new URL('../fixtures/special.json', import.meta.url), 'utf8')) as Row[];

describe('special functions agree with mpmath', () => {
  it.each(rows)('%s(%j)', (name, args, value) => {
    const expected = Number(value);
    const found = (special[name] as (...args: number[]) => number)(...args);
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(
      8e-15 * Math.abs(expected) + 4e-16 * conditioning(name, args),
    );
  });
});

/** Reflection at a negative argument, and a zero nearby, let the rounding of the argument through. */
const conditioning = (name: string, args: number[]) => (name === 'digamma' || args.at(-1)! < 0 ? 4 : 1);

describe('edges', () => {
  it.each([
    ['erf', [Number.POSITIVE_INFINITY], 1],
    ['erf', [Number.NaN], Number.NaN],
    ['erf', [-0], -0],
    ['erfc', [Number.NEGATIVE_INFINITY], 2],
    ['erfc', [30], 0],
    ['gamma', [0], Number.NaN],
    ['gamma', [-3], Number.NaN],
    ['gamma', [172], Number.POSITIVE_INFINITY],
    ['gamma', [6], 120],
    ['lgamma', [-2], Number.POSITIVE_INFINITY],
    ['polygamma', [-1, 2], Number.NaN],
    ['polygamma', [1.5, 2], Number.NaN],
    ['digamma', [-1], Number.NaN],
  ] as const)('%s(%j) is %d', (name, args, expected) => {
    expect((special[name] as (...args: readonly number[]) => number)(...args)).toBe(expected);
  });
});
