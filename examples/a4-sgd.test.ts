import { beforeAll, describe, expect, test } from 'vitest';
import { bothWays, figures } from './a4-sgd.ts';
import { loadDigits } from './digits.ts';
import { committed, percent, told } from './fixtures/committed.ts';

describe('Listing A.4', () => {
  let printed: ReturnType<typeof bothWays>['as printed'];
  let corrected: typeof printed;
  let drawn: ReturnType<typeof figures>;
  beforeAll(async () => {
    const runs = bothWays(await loadDigits());
    printed = runs['as printed'];
    corrected = runs['gradients zeroed'];
    drawn = figures(runs);
  }, 300_000);

  test('as printed learns, and then forgets: most hidden units die', () => {
    const end = printed.accuracies.at(-1)!;
    expect(end).toBeGreaterThan(0.35);
    expect(end).toBeLessThan(0.52);
    expect(printed.accuracies[3]).toBeGreaterThan(0.7);
    expect(printed.deadUnits).toBeGreaterThan(100);
    expect(told).toContain(`As printed it ends at ${percent(end)} of the test digits;`);
    expect(told).toContain(`${percent(printed.accuracies[3])} after 400 steps`);
    expect(told).toContain(`${printed.deadUnits} of the 200 hidden units`);
  });

  test('with its gradients zeroed guesses two digits of three', () => {
    const end = corrected.accuracies.at(-1)!;
    expect(end).toBeGreaterThan(0.65);
    expect(end).toBeLessThan(0.7);
    expect(corrected.deadUnits).toBe(0);
    expect(told).toContain(`with the gradients zeroed at ${percent(end)}`);
  });

  test('has the greater loss where it guesses better', () => {
    expect(corrected.losses.at(-1)).toBeGreaterThan(5 * printed.losses.at(-1)!);
  });

  test.each(['a4-loss', 'a4-accuracy'] as const)('figures/%s.svg is what the example draws', (name) => {
    expect(drawn[name] === committed(`figures/${name}.svg`), 'run the example to draw it again').toBe(true);
  });
});
