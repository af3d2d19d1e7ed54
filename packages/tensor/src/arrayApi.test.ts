import { describe, expect, test } from 'vitest';
import { differences, EXPLAINED } from './fixtures/numpyAgreement.ts';
import { numpyCases } from './fixtures/numpyCases.ts';

const needed = new Set<(typeof EXPLAINED)[number]>();
const cases = [...numpyCases()];
const names = [...new Set(cases.map(({ name }) => name))];

test('there are 20,000 cases at least', () => expect(cases.length).toBeGreaterThan(20_000));

describe('as in NumPy', () => {
  test.each(names)('%s', (name) => {
    const wrong = cases.filter((c) => c.name === name).flatMap((c) => differences(c, needed));
    expect(wrong.slice(0, 3), `${wrong.length} differences`).toEqual([]);
  });
});

test.each(EXPLAINED)('it occurs that $why', (explanation) => {
  expect(needed.has(explanation)).toBe(true);
});
