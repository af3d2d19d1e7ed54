import { expect, test } from 'vitest';
import { matchers } from './vitest.ts';

expect.extend(matchers);

const product = ([x, y]: [number, number]) => x * y;

test('a right gradient passes', () => {
  expect(product).toHaveGradient(([x, y]) => [y, x], [2, 3]);
});

test('a wrong gradient does not', () => {
  expect(product).not.toHaveGradient(([x, y]) => [x, y], [2, 3]);
});

test('the failure names the entry and both numbers', () => {
  expect(() => expect(product).toHaveGradient([3, 7], [2, 3])).toThrow(
    /in 1 of 2 entries; worst at index 1: claimed 7, measured 2(\.0|,|$)/,
  );
});

test('options are passed on', () => {
  expect(product).toHaveGradient([3.5, 2], [2, 3], { absolute: 1 });
});
