import { describe, expect, it } from 'vitest';
import { SymbolicError } from './errors.ts';
import { verify } from './verify.ts';
import { verifyCode } from './verifyCode.ts';

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
    ['sin(x^2)', 'cos(x^2)', 'refuted', 'multiplying by 2*x, the derivative of x^2, makes it right'],
    ['exp(3x)', '9exp(3x)', 'refuted', 'dividing the claim by 3 makes it right'],
    ['sin(x^2)', '4x^2*cos(x^2)', 'refuted', 'dividing by 2*x, the derivative of x^2, makes it right'],
    ['x^5', '5x^3', 'refuted', 'using x^4 instead of x^3 makes it right'],
    ['x^5 + x', '5x^5 + 1', 'refuted', 'using x^4 instead of x^5 makes it right'],
    [
      'sin(x)/x',
      '(x*cos(x) - sin(x))/sin(x)^2',
      'refuted',
      'dividing by the square of x instead of that of sin(x) makes it right',
    ],
    ['log(x)', 'x', 'refuted', 'turning the claim upside down makes it right'],
    ['x^2*y', 'x^2', 'refuted', 'differentiating by x instead of y makes it right'],
    ['log(x)', '1/abs(x)', 'proved', undefined],
    ['exp(x)*sin(x)', 'x + 17*sin(x)', 'refuted', undefined],
    // x may be negative where n is whole.
    ['y^n + x*y', 'abs(y)', 'unknown', undefined],
    ['sqrt(y) + x*y', 'abs(y)', 'proved', undefined],
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

describe('gradients', () => {
  it('a list of variables takes a list of claims', () => {
    const found = verify('x^2*y + sin(y)', ['2x*y', 'x^2 - cos(y)'], { wrt: ['x', 'y'] });
    expect(found.verdict).toBe('refuted');
    expect(found.partials.map(({ verdict }) => verdict)).toEqual(['proved', 'refuted']);
  });

  it('of another length is an error', () => {
    expect(() => verify('x*y', ['y'], { wrt: ['x', 'y'] })).toThrow(/by 2 variables: found 1/);
  });
});

describe('code', () => {
  it.each([
    ['log(x^2 + 1)', (x: number) => (2 * x) / (x * x + 1), 'agrees'],
    ['log(x^2 + 1)', (x: number) => (2 * x) / Math.log(x * x + 1), 'refuted'],
    ['log(x)', (x: number) => 1 / x, 'agrees'],
    ['exp(x)', () => Number.NaN, 'refuted'],
    ['x^3', (x: number) => 3 * x * x * (1 + 1e-6), 'refuted'],
    ['lgamma(x)', (x: number) => Math.log(x) - 1 / (2 * x), 'refuted'],
  ] as const)('of the derivative of %s: %s %s', (f, code, verdict) => {
    expect(verifyCode(f, code, { wrt: 'x' }).verdict).toBe(verdict);
  });

  it('on arrays, with the worst entry', () => {
    const options = { wrt: ['x', 'y'] };
    expect(verifyCode('x^2*y', ([x, y]) => [2 * x! * y!, x! * x!], options).verdict).toBe('agrees');
    const found = verifyCode('x^2*y', ([x, y]) => Float64Array.of(2 * x! * y!, x! * y!), options);
    expect([found.verdict, found.worst.wrt]).toEqual(['refuted', 'y']);
  });

  it('at given points, to so many digits', () => {
    const code = (x: number) => 2 * x + 1e-4;
    const at = [{ x: 1 }, { x: 2 }];
    expect(verifyCode('x^2', code, { wrt: 'x', at, digits: 4 }).verdict).toBe('agrees');
    const found = verifyCode('x^2', code, { wrt: 'x', at, digits: 5 });
    expect([found.verdict, found.compared, found.worst.at]).toEqual(['refuted', 2, { x: 1 }]);
  });

  it.each([
    ['without a usable point', () => verifyCode('log(x)', (x) => 1 / x, { wrt: 'x', at: [{ x: -1 }] })],
    ['with too few entries', () => verifyCode('x*y', () => [1], { wrt: ['x', 'y'] })],
    ['with a variable left out', () => verifyCode('a*x', (x) => x, { wrt: 'x', at: [{ x: 1 }] })],
    ['to more digits than there are', () => verifyCode('x', () => 1, { wrt: 'x', digits: 20 })],
  ])('%s it is an error', (_, run) => {
    expect(run).toThrow(SymbolicError);
  });
});
