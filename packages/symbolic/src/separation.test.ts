import { expect, it } from 'vitest';
import { parse } from './parse.ts';
import { isZeroNumber } from './separation.ts';

it.each([
  ['sqrt(2)*sqrt(3) - sqrt(6)', true],
  ['cbrt(2 + sqrt(5)) + cbrt(2 - sqrt(5)) - 1', true],
  ['sqrt(5 + 2sqrt(6)) - sqrt(2) - sqrt(3)', true],
  ['sin(3pi/11)/cos(3pi/11) + 4sin(2pi/11) - sqrt(11)', true],
  ['cos(pi/16) - sqrt(2 + sqrt(2 + sqrt(2)))/2', true],
  ['1/(sqrt(3) - sqrt(2)) - sqrt(3) - sqrt(2)', true],
  ['abs(1 - sqrt(2)) - sqrt(2) + 1', true],
  // As close as it may get without being zero.
  ['sqrt(2) - 665857/470832', false],
  ['sqrt(1000001) + sqrt(1000025) + sqrt(1000031) - sqrt(1000000) - sqrt(1000028) - sqrt(1000029) ', false],
  ['cbrt(2 + sqrt(5)) + cbrt(2 - sqrt(5)) - 1 - 1e-60', false],
  // Not algebraic, or not seen to be.
  ['exp(1) - exp(1)*1', true],
  ['log(2)/log(4) - 1/2', false],
  ['pi - 355/113', false],
] as const)('%s = 0: %s', (text, isZero) => {
  expect(isZeroNumber(parse(text))).toBe(isZero);
});
