import { describe, expect, it } from 'vitest';
import { verify } from './verify.ts';

const book = 'log(x^4 + x^3 + 2)';

it("the book's derivative is refuted, with the factor and the mend", () => {
  const found = verify(book, '(4x^3 + 3x^2)/log(x^4 + x^3 + 2)', { wrt: 'x' });
  expect(found.verdict).toBe('refuted');
  expect(String(found.derivative)).toBe('x^2*(4*x + 3)/(x^4 + x^3 + 2)');
  expect(String(found.ratio)).toBe('(x^4 + x^3 + 2)/log(x^4 + x^3 + 2)');
  expect(found.hint).toBe('using x^4 + x^3 + 2 instead of log(x^4 + x^3 + 2) makes it right');
  expect(Object.keys(found.witness!.at)).toEqual(['x']);
});

describe('claims', () => {
  it.each([
    [book, '(4x^3 + 3x^2)/(x^4 + x^3 + 2)', 'proved', undefined],
    [book, 'x^2(4x + 3)/(2 + x^3(x + 1))', 'proved', undefined],
    ['cos(x)', 'sin(x)', 'refuted', 'changing the sign makes it right'],
    ['x^2', 'x', 'refuted', 'dividing the claim by 1/2 makes it right'],
    ['sin(x^2)', 'cos(x^2)', 'refuted', undefined],
    ['x^x', 'x^x*(log(x) + 1)', 'proved', undefined],
    ['tanh(x)', '1/cosh(x)^2', 'proved', undefined],
    ['7', '0', 'proved', undefined],
    ['7', '1', 'refuted', undefined],
  ])('d %s = %s: %s', (formula, claim, verdict, hint) => {
    const found = verify(formula, claim, { wrt: 'x' });
    expect(found.verdict).toBe(verdict);
    expect(found.hint).toBe(hint);
  });

  it('orders', () => {
    expect(verify('sin(x)', '-sin(x)', { wrt: 'x', order: 2 }).verdict).toBe('proved');
  });
});
