import { describe, expect, it } from 'vitest';
import { ParseError } from './errors.ts';
import { parse } from './parse.ts';
import { parseTex } from './parseTex.ts';
import { toTex } from './tex.ts';

describe('TeX as people write it', () => {
  it.each([
    ['\\frac{x^2}{2}', 'x^2/2'],
    ['\\frac12 x', 'x/2'],
    ['\\dfrac{1}{\\sqrt{2\\pi}} e^{-x^2/2}', 'exp(-x^2/2)/sqrt(2pi)'],
    ['x^23', '3x^2'],
    ['x^\\frac12', 'sqrt(x)'],
    ['2x\\left(x+1\\right)', '2x(x+1)'],
    ['xy \\cdot z \\times 3', '3x*y*z'],
    ['\\sqrt[3]{x} + \\sqrt[n]{x}', 'cbrt(x) + root(x, n)'],
    ['\\sin x \\cos y', 'sin(x)*cos(y)'],
    ['\\sin 2\\pi x + 1', 'sin(2*pi*x) + 1'],
    ['\\sin^2 x + \\cos^{2}(x)', 'sin(x)^2 + cos(x)^2'],
    ['\\sin\\frac{x}{2}', 'sin(x/2)'],
    ['\\ln -x', 'log(-x)'],
    ['\\exp(x) + \\log_2 x + \\log_{10}(x)', 'exp(x) + log2(x) + log10(x)'],
    ['\\operatorname{relu}(x) + \\operatorname{sech} x', 'relu(x) + sech(x)'],
    ['|x| + \\lvert y \\rvert + \\left|z\\right|', 'abs(x) + abs(y) + abs(z)'],
    ['\\lfloor x \\rfloor', 'floor(x)'],
    ['\\alpha x_1 + x_{12} + \\mathrm{loss}', 'alpha*x_1 + x_12 + loss'],
    ['\\sigma(x) + \\Gamma\\left(n\\right) + \\gamma(x+1)', 'sigmoid(x) + gamma(n) + gamma*(x+1)'],
    [
      '\\begin{cases} x & \\text{if } x \\ge 0 \\\\ -x & \\text{otherwise} \\end{cases}',
      'where(x >= 0, x, -x)',
    ],
    ['\\max(x, y)', 'max(x, y)'],
    ['n!', 'n!'],
  ])('%s', (tex, text) => {
    expect(String(parseTex(tex))).toBe(String(parse(text)));
  });
});

it.each([
  'x1 + x_1 + alpha2 + loss_3',
  'loss*(x + 1)',
  'sigma*(x + 1)',
  'x_1*(y + 1)',
  'polygamma(2, x)',
  'lgamma(x)',
])('the TeX of %s reads back', (text) => {
  expect(parseTex(toTex(text)).equals(parse(text))).toBe(true);
});

it('so does that of declared functions', () => {
  const options = { functions: ['f'] };
  const e = parse("f'(x) + f'1'2(x, y) + f(x)", options);
  expect(parseTex(toTex(e), options).equals(e)).toBe(true);
});

it('and that of a shared expression, in lines', () => {
  const e = parse(`t := x; ${'t := log(t^4 + t^3 + 2); '.repeat(12)} t`);
  expect(toTex(e)).toContain('\\begin{aligned}');
  expect(parseTex(toTex(e)).equals(e)).toBe(true);
});

describe('what cannot be read is an error', () => {
  it.each([
    ['\\frac{d}{dx} x^2', 'derivatives are taken by diff'],
    ['\\int x', 'Unknown command "\\int"'],
    ['\\sin^{-1} x', 'Ambiguous power'],
    ['\\log_b x', 'write \\frac{\\log x}{\\log b}'],
    ['\\frac{1}{2', 'Expected "}"'],
    ['x_{i+1}', 'Unexpected "_"'],
    ['\\begin{cases} x & x > 0 \\end{cases}', '\\text{otherwise}'],
    ['', 'The expression is empty'],
  ])('%j', (tex, message) => {
    expect(() => parseTex(tex)).toThrow(ParseError);
    expect(() => parseTex(tex)).toThrow(message);
  });
});

it('depth costs no stack', () => {
  const deep = 20_000;
  expect(String(parseTex(`${'{'.repeat(deep)}x${'}'.repeat(deep)}`))).toBe('x');
  expect(() => parseTex('\\frac'.repeat(deep))).toThrow(ParseError);
});
