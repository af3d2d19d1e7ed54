import { expect, it } from 'vitest';
import { smoothed } from './artefacts.ts';

it('smoothing keeps a constant and follows a change', () => {
  expect(smoothed([3, 3, 3]).map((value) => value.toFixed(12))).toEqual(Array(3).fill('3.000000000000'));
  const stepped = smoothed([...Array(50).fill(1), ...Array(200).fill(0)]);
  expect(stepped[49]).toBeCloseTo(1, 12);
  expect(stepped.at(-1)).toBeLessThan(0.02);
  expect(smoothed([])).toEqual([]);
});
