import { describe, expect, it } from 'vitest';
import { DomainError, LimitError, ParseError, UnknownFunctionError } from './errors.ts';
import { BINARY, PREFIX } from './operators.ts';
import { parse, parseWithWarnings } from './parse.ts';
import { countNodes } from './walk.ts';

describe('a text and the form it is printed in', () => {
  it.each([
    ['log(x^4+x^3+2)', 'log(x^4 + x^3 + 2)'],
    ['2x(x+1)', '2*x*(x + 1)'],
    ['x(x+1)', 'x*(x + 1)'],
    ['(a+b)(a-b)', '(a + b)*(a - b)'],
    ['-x^2', '-x^2'],
    ['2^-x^2', '2^(-x^2)'],
    ['a^b^c', 'a^(b^c)'],
    ['(a^b)^c', '(a^b)^c'],
    ['a-b-c', 'a - b - c'],
    ['a-(b-c)', 'a - b + c'],
    ['a/b/c', 'a/(b*c)'],
    ['a/(b/c)', 'a/(b/c)'],
    ['1/2x', 'x/2'],
    ['x*-1', '-x'],
    ['--x', 'x'],
    ['1-x', '1 - x'],
    ['-(x+1)', '-(x + 1)'],
    ['0.1', '1/10'],
    ['1.5e-3', '3/2000'],
    ['.5x', 'x/2'],
    ['2**3', '8'],
    ['e^(2x)', 'exp(2*x)'],
    ['ln(x)', 'log(x)'],
    ['log(x, 2)', 'log(x)/log(2)'],
    ['max(1, x, 2)', 'max(max(1, x), 2)'],
    ['arcsin(x)', 'asin(x)'],
    ['sqrt(8)', '2*sqrt(2)'],
    ['x^(2/3)', 'x^(2/3)'],
    ['(-8)^(1/3)', '(-8)^(1/3)'],
    ['3x/(2sqrt(y))', '3*x/(2*sqrt(y))'],
    ['gamma*gamma(x)', 'gamma*gamma(x)'],
    ['lambda + N + S + I', 'I + N + S + lambda'],
    ['2·x ÷ y − 1', '2*x/y - 1'],
    ['where(x < 0, -x, x)', 'where(x < 0, -x, x)'],
    ['x ≥ 1 or not a = b and c != d', '1 <= x or a != b and c != d'],
    ['t := x + 1; u := t^2; u + t', '(x + 1)^2 + x + 1'],
    ['sin(-x) + cos(-x)', 'cos(x) - sin(x)'],
    ['x⁴ + x⁻²', 'x^4 + 1/x^2'],
    ['2x²y', '2*x^2*y'],
    ['-x²', '-x^2'],
    ['2^x²', '2^(x^2)'],
    ['x²^y', '(x^2)^y'],
    ['x₁ + x_1', '2*x_1'],
    ['sin^2(x) + sin²(x)', '2*sin(x)^2'],
    ['log^2(x)y', 'y*log(x)^2'],
    ['√x + √(x+1) + √2x', 'sqrt(2)*x + sqrt(x + 1) + sqrt(x)'],
    ['√x^4', 'sqrt(x^4)'],
    ['3√x∛y', '3*sqrt(x)*cbrt(y)'],
    ['5!', '120'],
    ['2n!', '2*gamma(n + 1)'],
    ['2^3!', '64'],
    ['-n!^2', '-gamma(n + 1)^2'],
    ['α + alpha', '2*alpha'],
    ['γ(x+1) + Γ(x)', 'gamma*(x + 1) + gamma(x)'],
    ['ψ(x) + σ(x) + π', 'digamma(x) + pi + sigmoid(x)'],
    ['|x|', 'abs(x)'],
    ['2|x|y', '2*y*abs(x)'],
    ['|x||y|', 'abs(x)*abs(y)'],
    ['|x| + |y|', 'abs(x) + abs(y)'],
    ['|x + |y||', 'abs(x + abs(y))'],
    ['||x| - 1|', 'abs(abs(x) - 1)'],
    ['|2*|x| + 1|', 'abs(2*abs(x) + 1)'],
    ['|(x|y|)|', 'abs(x*abs(y))'],
    ['|x|^2 - |x|/|y|', 'abs(x)^2 - abs(x)/abs(y)'],
  ])('%s → %s', (text, printed) => {
    const e = parse(text);
    expect(String(e)).toBe(printed);
    expect(parse(printed).equals(e)).toBe(true);
  });

  it.each([
    ["f'(x) + f(2x)", "f'(x) + f(2*x)"],
    ['f(x, y)', 'f(x, y)'],
    ["f'2'1(x, y)", "f'1'2(x, y)"],
    ["f'1(x)", "f'(x)"],
  ])('a declared function keeps its primes and indices: %s', (text, printed) => {
    const options = { functions: ['f'] };
    const e = parse(text, options);
    expect(String(e)).toBe(printed);
    expect(parse(printed, options).equals(e)).toBe(true);
  });

  it.each(["f'(x, y)", "f'3(x, y)"])('%s is no derivative', (text) => {
    expect(() => parse(text, { functions: ['f'] })).toThrow(DomainError);
  });

  it.each(['sin', 'and', 'less', '2f', ''])('%j cannot be declared', (name) => {
    expect(() => parse('x', { functions: [name] })).toThrow(DomainError);
  });
});

describe('of two operators, the tighter one takes the operand between them', () => {
  const level = (sign: string) => BINARY.get(sign)!.level;
  const pairs = [...BINARY.keys()].flatMap((a) => [...BINARY.keys()].map((b) => [a, b] as const));
  it.each(pairs)('x %s y %s z', (a, b) => {
    const fromRight = level(a) < level(b) || (a === '^' && b === '^');
    const grouped = fromRight ? `x ${a} (y ${b} z)` : `(x ${a} y) ${b} z`;
    expect(parse(`x ${a} y ${b} z`).equals(parse(grouped))).toBe(true);
  });

  const prefixed = [...PREFIX.keys()].flatMap((a) => [...BINARY.keys()].map((b) => [a, b] as const));
  it.each(prefixed)('%s x %s y', (a, b) => {
    const outermost = PREFIX.get(a)!.level <= level(b);
    const grouped = outermost ? `${a} (x ${b} y)` : `(${a} x) ${b} y`;
    expect(parse(`${a} x ${b} y`).equals(parse(grouped))).toBe(true);
  });
});

describe('warnings where another reading is common', () => {
  it.each([
    ['1/2x', 3, 'a/bc is read as (a/b)*c'],
    ['a/b c', 4, 'a/bc is read as (a/b)*c'],
    ['1 + 3/x^2(y + 1)', 9, 'a/bc is read as (a/b)*c'],
    ['x(x + 1)', 0, 'x(…) is read as a product'],
    ['2 + γ(y)', 4, 'gamma(…) is read as a product'],
  ])('%s', (text, index, message) => {
    const { expr, warnings } = parseWithWarnings(text);
    expect(expr.equals(parse(text))).toBe(true);
    expect(warnings.map((warning) => warning.index)).toEqual([index]);
    expect(warnings[0]!.message).toContain(message);
  });

  it.each(['1/2*x', '2x/3', '(x+1)(x-1)', 'sin(x)', '2(x+1)', 'x/y + 2z', '1/x²', '(1/2)x'])(
    'none for %s',
    (text) => {
      expect(parseWithWarnings(text).warnings).toEqual([]);
    },
  );
});

describe('constructors do only what holds at every point', () => {
  it.each([
    ['x/x', 'x/x'],
    ['log(x) - log(x)', '0*log(x)'],
    ['0*log(x)', '0*log(x)'],
    ['0*sin(x)', '0'],
    ['x - x', '0'],
    ['1/(1/x)', '1/(1/x)'],
    ['sqrt(x)^2', 'sqrt(x)^2'],
    ['sqrt(x^2)', 'sqrt(x^2)'],
    ['(x^3)^(1/3)', '(x^3)^(1/3)'],
    ['exp(x)*exp(-x)', '1'],
    ['(2x)^3', '8*x^3'],
    ['sqrt(4x)', '2*sqrt(x)'],
    ['0^0', '1'],
    ['1/0', '1/0'],
    ['log(x)^0', 'log(x)^0'],
  ])('%s → %s', (text, printed) => {
    expect(String(parse(text))).toBe(printed);
  });
});

describe('errors say what, where and what to do', () => {
  it.each([
    ['', 'The expression is empty at line 1, column 1'],
    ['x +', 'Unexpected end at line 1, column 4'],
    ['x)', 'Unexpected ")" at line 1, column 2'],
    ['(x + 1', 'Expected ")" at line 1, column 7: the parenthesis at column 1 is not closed'],
    ['x $ y', 'Unexpected "$" at line 1, column 3'],
    ['x\u202ey', 'Unexpected "U+202E" at line 1, column 2'],
    ['a\n  + * b', 'Unexpected "*" at line 2, column 5'],
    ['sin x', 'The function sin needs its argument in parentheses at line 1, column 1: write sin(x)'],
    ['sigmiod(x)', 'Unknown function "sigmiod" at line 1, column 1: did you mean sigmoid(…)?'],
    [
      'foo(x)',
      'Unknown function "foo" at line 1, column 1: write foo*(…) for a product, or declare it in functions',
    ],
    ['sin(x, y)', 'sin takes 1 argument, found 2 at line 1, column 9'],
    ['x, y', 'Unexpected "," at line 1, column 2'],
    ['∞', 'Unexpected "∞" at line 1, column 1: infinity is no number'],
    ['\\frac', 'TeX is read by parseTex'],
    ['sin^2 x', 'write sin^2(x) or sin(x)^2'],
    ['sin^-1(x)', 'inverse functions have names such as asin'],
    ['sqrt x', 'write sqrt(x)'],
    ['gamma^2(x)', 'Ambiguous power at line 1, column 1: write gamma(…)^n'],
    ['|x|y|z|', 'Ambiguous "|" at line 1, column 5: write abs(…), or * between the factors'],
    ['|x', 'Expected "|" at line 1, column 3: the bar at column 1 is not closed'],
    ['(|x)', 'Expected "|" at line 1, column 4: the bar at column 2 is not closed'],
    ['n!!', 'write (n!)!'],
    ['2 3', 'Two numbers side by side at line 1, column 3: write * between them'],
    ['1.2.3', 'Two numbers side by side'],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(ParseError);
    expect(() => parse(text)).toThrow(message);
  });

  it('points at the place', () => {
    expect(() => parse('1 + $')).toThrow('  1 + $\n      ^');
  });

  it('an unknown function is its own error', () => {
    expect(() => parse('foo(x)')).toThrow(UnknownFunctionError);
  });

  it.each(['constructor(x)', '__proto__(x)', 'toString(x)', 'hasOwnProperty(x)'])(
    '%s is no function',
    (text) => {
      expect(() => parse(text)).toThrow(UnknownFunctionError);
    },
  );

  it.each([
    ['9'.repeat(5000), 'the number of digits'],
    ['1e99999', 'the number of digits'],
    ['x'.repeat(2 ** 20 + 1), 'the length of a text'],
  ])('a text beyond a limit', (text, limit) => {
    expect(() => parse(text)).toThrow(LimitError);
    expect(() => parse(text)).toThrow(limit);
  });

  it('messages stay short', () => {
    for (const text of [`${'x'.repeat(1e5)}(x)`, `${'('.repeat(1e5)}$`]) {
      expect(() => parse(text)).toThrow(expect.toSatisfy((error: Error) => error.message.length <= 300));
    }
  });
});

describe('depth and length of the input cost no stack', () => {
  const deep = 100_000;
  it.each([
    ['parentheses', `${'('.repeat(deep)}x${')'.repeat(deep)}`, 1],
    ['signs', `${'-'.repeat(deep)}x`, 1],
    ['powers', `${'x^'.repeat(deep)}x`, deep + 1],
    ['calls', `${'atan('.repeat(deep)}x${')'.repeat(deep)}`, deep + 1],
    ['terms', Array.from({ length: deep }, (_, i) => `x${i}`).join('+'), deep + 1],
  ])('%s', (_, text, nodes) => {
    expect(countNodes(parse(text))).toBe(nodes);
  });
});
