import { describe, expect, test } from 'vitest';
import { deviationFromPytorch, pytorchCases } from './fixtures/pytorchCases.ts';

const names = [...new Set(pytorchCases.map(([name]) => name))];

test('there are 150 operations at least', () => expect(names.length).toBeGreaterThanOrEqual(150));

describe('values and gradients as in PyTorch', () => {
  test.each(names)('%s', (name) => {
    for (const each of pytorchCases.filter(([other]) => other === name))
      expect(deviationFromPytorch(each), JSON.stringify(each[1])).toBeLessThanOrEqual(1e-10);
  });
});
