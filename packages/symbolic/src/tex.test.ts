import { expect, it } from 'vitest';
import { toTex } from './tex.ts';

it.each([
  ['log(x^4 + x^3 + 2)', '\\log \\left(x^{4} + x^{3} + 2\\right)'],
  ['x^2*(4x + 3)/(x^4 + x^3 + 2)', '\\frac{x^{2} \\left(4 x + 3\\right)}{x^{4} + x^{3} + 2}'],
  ['-x/2', '-\\frac{x}{2}'],
  ['exp(-x^2)', 'e^{-x^{2}}'],
  ['sqrt(x + 1)', '\\sqrt{x + 1}'],
  ['x^(2/3)', 'x^{\\frac{2}{3}}'],
  ['abs(x)', '\\left|x\\right|'],
  ['2*3^x', '2 \\cdot 3^{x}'],
  ['alpha*beta_2 + loss', '\\alpha \\beta_{2} + \\mathrm{loss}'],
  ['where(x < 0, -x, x)', '\\begin{cases}-x & x < 0 \\\\ x & \\text{otherwise}\\end{cases}'],
  ['max(x, y)', '\\max\\left(x, y\\right)'],
  ['sin(x)^2', '\\left(\\sin \\left(x\\right)\\right)^{2}'],
])('%s', (formula, tex) => {
  expect(toTex(formula)).toBe(tex);
});
