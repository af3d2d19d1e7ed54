import { beforeAll, describe, expect, test } from 'vitest';
import { adam, figures } from './a5-adam.ts';
import { loadDigits } from './digits.ts';
import { committed, percent, told } from './fixtures/committed.ts';

describe('Listing A.5', () => {
  let runs: ReturnType<typeof adam>;
  beforeAll(async () => {
    runs = adam(await loadDigits());
  }, 600_000);

  test('guesses 94 % of the test digits, and 98 % of those it learned from', () => {
    const unknown = runs['test digits'].accuracies.at(-1)!;
    const known = runs['digits it learned from'].accuracies.at(-1)!;
    expect(unknown).toBeGreaterThan(0.93);
    expect(unknown).toBeLessThan(0.95);
    expect(known).toBeGreaterThan(0.97);
    expect(told).toContain(`Adam ends at ${percent(unknown)} of the test digits.`);
    expect(told).toContain(`the digits it learned from, ${percent(known)}.`);
  });

  test.each(['a5-loss', 'a5-accuracy'] as const)('figures/%s.svg is what the example draws', (name) => {
    expect(figures(runs)[name] === committed(`figures/${name}.svg`), 'run the example to draw it again').toBe(
      true,
    );
  });
});
