import { ParseError } from '@leibniz/symbolic';
import { tensor } from '@leibniz/tensor';
import { describe, expect, it } from 'vitest';
import { activationOf } from './activation.ts';
import { UsageError } from './errors.ts';

describe('formula, derivative', () => {
  it.each([
    ['relu(x)', 'where(0 < x, 1, 0)'],
    ['x*sigmoid(x)', 'x*sigmoid(x)*(1 - sigmoid(x)) + sigmoid(x)'],
    ['tanh(u)', 'sech(u)^2'],
    ['log(1 + exp(x))', 'exp(x)/(exp(x) + 1)'],
    ['max(x, x/100)', undefined],
    ['x/(1 + abs(x))', undefined],
  ])('%s', (formula, derivative) => {
    const activation = activationOf(formula);
    if (derivative) expect(activation.derivative).toBe(derivative);
    expect(activation.disagreement).toBeLessThan(1e-13);
  });
});

it('applies to each element, with a gradient', () => {
  const x = tensor([-1, 2], { requiresGrad: true });
  const y = activationOf('max(x, x/10)').apply(x);
  y.sum().backward();
  expect(y.toArray()).toEqual([Math.fround(-0.1), 2]);
  expect(x.grad!.toArray()).toEqual([Math.fround(0.1), 1]);
});

describe('what cannot be trained is refused with the reason', () => {
  it.each([
    ['x*y', UsageError, 'has the variables x, y'],
    ['sqrt(x)', UsageError, 'no finite value at x = '],
    ['log(x)', UsageError, 'no finite value'],
    ['floor(x)', UsageError, 'derivative 0 everywhere'],
    ['3', UsageError, 'derivative 0 everywhere'],
    ['rleu(x)', ParseError, 'did you mean relu'],
  ])('%s', (formula, error, message) => {
    expect(() => activationOf(formula)).toThrow(error);
    expect(() => activationOf(formula)).toThrow(message);
  });
});
