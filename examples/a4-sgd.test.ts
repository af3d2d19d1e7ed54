import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { bothWays, figures } from './a4-sgd.ts';
import { loadDigits } from './digits.ts';

describe('Listing A.4', () => {
  let runs: ReturnType<typeof bothWays>;
  beforeAll(async () => {
    runs = bothWays(await loadDigits());
  }, 180_000);

  test('as printed learns, and then forgets: most hidden units die', () => {
    const { accuracies, deadUnits } = runs['as printed'];
    expect(Math.max(...accuracies)).toBeGreaterThan(0.75);
    expect(accuracies.at(-1)).toBeGreaterThan(0.35);
    expect(accuracies.at(-1)).toBeLessThan(0.5);
    expect(deadUnits).toBeGreaterThan(100);
  });

  test('with its gradients zeroed guesses two digits of three', () => {
    const { accuracies, deadUnits } = runs['gradients zeroed'];
    expect(accuracies.at(-1)).toBeGreaterThan(0.66);
    expect(accuracies.at(-1)).toBeLessThan(0.7);
    expect(deadUnits).toBe(0);
  });

  test('has the greater loss where it guesses better', () => {
    const [printed, corrected] = Object.values(runs).map(({ losses }) => losses.at(-1)!);
    expect(corrected).toBeGreaterThan(5 * printed!);
  });

  test.each(['a4-loss', 'a4-accuracy'] as const)('figures/%s.svg is what the example draws', (name) => {
    const committed = readFileSync(new URL(`figures/${name}.svg`, import.meta.url), 'utf8');
    expect(figures(runs)[name] === committed).toBe(true);
  });
});
