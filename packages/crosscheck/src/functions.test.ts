import { describe, expect, test } from 'vitest';
import { deviationsOf, FUNCTIONS, POINTS } from './functions.ts';

test('there are 60 functions at least', () => expect(FUNCTIONS.length).toBeGreaterThanOrEqual(60));

describe('symbolic = automatic, first and second order', () => {
  test.each(FUNCTIONS)('%s', (formula, interval) => {
    for (const { order, worst, at, compared } of deviationsOf(formula, interval)) {
      expect(worst, `order ${order}, at ${at}`).toBeLessThanOrEqual(1e-13);
      expect(compared).toBeGreaterThan(0.99 * POINTS);
    }
  });
});
