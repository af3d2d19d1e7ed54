import { expect, it } from 'vitest';
import { tallyDerivatives } from './duals.ts';

it('no derivative of 1,000 random formulas is wrong at 20 points, raw, simplified or compiled', () => {
  const { compared, wrong } = tallyDerivatives(1000, 20, 7);
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(15_000);
}, 120_000);
