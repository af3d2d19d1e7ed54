import { expect, test } from 'vitest';
import { matchers } from './vitest.ts';

expect.extend(matchers);

test('a right derivative passes, a wrong one does not', () => {
  expect('log(x^2 + 1)').toHaveDerivative('2x/(x^2 + 1)', { wrt: 'x' });
  expect('log(x^2 + 1)').not.toHaveDerivative('2x/log(x^2 + 1)', { wrt: 'x' });
});

test('so it is for gradients and for code', () => {
  expect('x^2*y').toHaveDerivative(['2x*y', 'x^2'], { wrt: ['x', 'y'] });
  expect('x^2*y').not.toHaveDerivative(['2x*y', 'x'], { wrt: ['x', 'y'] });
  expect('x^3').toHaveDerivative((x) => 3 * x * x, { wrt: 'x' });
  expect('x^3').not.toHaveDerivative((x) => x * x, { wrt: 'x' });
});

test('the failure names the derivative, a point and the mend', () => {
  expect(() => expect('x^5').toHaveDerivative('5x^3', { wrt: 'x' })).toThrow(
    /is refuted: the derivative is 5\*x\^4; at x = \S+ claimed .* using x\^4 instead of x\^3 makes it right/,
  );
});
