import { readFileSync } from 'node:fs';
import type { ops } from '@leibniz/ops';
import { describe, expect, it } from 'vitest';
import { type Ball, balls } from './ball.ts';
import { Rational } from './rational.ts';

type Row = readonly [name: keyof typeof ops.unary, x: number, value: string];
const rows = JSON.parse(readFileSync(new URL('../fixtures/balls.json', import.meta.url), 'utf8')) as Row[];

const PRECISION = 128;
const $ = balls(PRECISION);
const exactly = (x: number) => $.rational(BigInt(x * 2 ** 20), 2n ** 20n);

describe('balls enclose the values of mpmath, and are small', () => {
  it.each(rows)('%s(%d)', (name, x, text) => {
    const ball = $[name](exactly(x)) as NonNullable<Ball>;
    const value = Rational.decimal(text.replace(/^-/, ''));
    const signed = text.startsWith('-') ? value.neg() : value;
    const distance = Rational.of(ball.middle, 1n << BigInt(PRECISION))
      .sub(signed)
      .abs();
    // The decimals are rounded at their 60th digit.
    const slack = Rational.of(1, 10n ** 9n);
    expect(
      distance.mul(Rational.of(1n << BigInt(PRECISION))).compare(Rational.of(ball.radius).add(slack)),
    ).toBeLessThanOrEqual(0);
    expect(Number(ball.radius)).toBeLessThan(2 ** 24 * Math.max(1, Math.abs(Number(text)) ** 2));
  });
});

describe('outside a domain, or on its edge, there is no ball', () => {
  it.each([
    ['log', 0],
    ['log', -1],
    ['sqrt', -0.25],
    ['inv', 0],
    ['asin', 2],
    ['acosh', 0.5],
    ['gamma', 0],
    ['digamma', -2],
    ['lgamma', -1],
  ] as const)('%s(%d)', (name, x) => {
    expect($[name](exactly(x))).toBeUndefined();
  });

  it('and none of what is computed from it', () => {
    expect($.add($.log(exactly(-1)), exactly(1))).toBeUndefined();
    expect($.where(undefined as never, exactly(1), exactly(2))).toBeUndefined();
  });
});

it('a radius grows with the operands', () => {
  const wide = { middle: 3n << 128n, radius: 1n << 120n };
  const product = $.mul(wide, wide) as NonNullable<Ball>;
  expect(product.radius).toBeGreaterThanOrEqual(6n << 120n);
  const reciprocal = $.inv(wide) as NonNullable<Ball>;
  expect(reciprocal.radius).toBeGreaterThan((1n << 120n) / 9n);
});

it('comparisons know what they do not know', () => {
  const wide = { middle: 0n, radius: 10n };
  expect([
    $.less(wide, exactly(1)),
    $.less(exactly(1), wide),
    $.less(wide, exactly(0)),
    $.equal(wide, wide),
  ]).toEqual([true, false, undefined, undefined]);
});
