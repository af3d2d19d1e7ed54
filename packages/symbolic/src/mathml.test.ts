import { describe, expect, it } from 'vitest';
import { toMathml } from './mathml.ts';
import { parse } from './parse.ts';

it.each([
  ['x/2', '<mfrac><mi>x</mi><mn>2</mn></mfrac>'],
  ['sqrt(x)', '<msqrt><mi>x</mi></msqrt>'],
  ['x - 1', '<mrow><mi>x</mi><mo>&#x2212;</mo><mn>1</mn></mrow>'],
  ['alpha*x_1', '<mrow><mi>α</mi><mo>&#x2062;</mo><msub><mi>x</mi><mn>1</mn></msub></mrow>'],
  ['arcsin(x)', '<mrow><mi>arcsin</mi><mo>&#x2061;</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow></mrow>'],
  ['|x|', '<mrow><mo>|</mo><mi>x</mi><mo>|</mo></mrow>'],
  ['x < 1', '<mrow><mi>x</mi><mo>&lt;</mo><mn>1</mn></mrow>'],
])('%s', (formula, mathml) => {
  expect(toMathml(formula)).toBe(`<math>${mathml}</math>`);
});

describe('elements are balanced, and rows, fractions and powers have the children they need', () => {
  const CHILDREN: Readonly<Record<string, number>> = { mfrac: 2, msup: 2, msub: 2, mroot: 2 };
  it.each([
    'log(x^4 + x^3 + 2)/(x*(x + 1))',
    'where(x < 0 and not y > 1, -x, x^2)^(1/3)',
    'gamma(x)*polygamma(2, x) + log10(-x)*floor(x) - cbrt(y)',
    `t := x; ${'t := log(t^4 + t^3 + 2); '.repeat(12)} t`,
  ])('%s', (formula) => {
    const open: { tag: string; children: number }[] = [];
    for (const [, slash, tag] of toMathml(parse(formula)).matchAll(/<(\/?)(\w+)>/g)) {
      if (!slash) {
        if (open.length > 0) open.at(-1)!.children++;
        open.push({ tag: tag!, children: 0 });
        continue;
      }
      const closed = open.pop()!;
      expect(closed.tag).toBe(tag);
      if (CHILDREN[closed.tag]) expect(closed.children).toBe(CHILDREN[closed.tag]);
    }
    expect(open).toEqual([]);
  });
});
