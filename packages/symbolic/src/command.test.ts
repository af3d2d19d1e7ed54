import { describe, expect, it } from 'vitest';
import { run } from './command.ts';

/** Has a value nowhere. */
const OPEN = 'sqrt(-1 - y^2)';
const FILES: Readonly<Record<string, string>> = {
  right: '# powers\n\nd/dx x^2 = 2x\nd^2/dx^2 x^3 = 6x\nd/dt where(t = 1, t, t) = 1\n',
  wrong: 'd/dx x^2 = 2x\nd/dx x^5 = 5x^3\n',
  open: `d/dx x*(${OPEN}) = 1\nd/dx x = 1\n`,
  'open and wrong': `d/dx x*(${OPEN}) = 1\nd/dx x = 2\n`,
  'open, wrong and broken': `d/dx x*(${OPEN}) = 1\nd/dx x = 2\nd/dx sin( = 1\n`,
  'no claim': 'x^2 -> 2x\n',
  empty: '# nothing\n',
  json: JSON.stringify([
    { formula: 'log(a*x)', claim: '1/x' },
    { formula: 'sqrt(a^2)', claim: '1', wrt: 'a', assume: { a: 'positive' } },
  ]),
  'broken json': '[{"formula": "x"}, 3]',
};

function leibniz(...argv: string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  const code = run(argv, '1.2.3', {
    out: (line) => lines.push(line),
    error: (line) => errors.push(line),
    read: () => 'x^2 + 1\n',
    readFile: (path) => {
      if (!Object.hasOwn(FILES, path)) throw new Error('no such file');
      return FILES[path]!;
    },
  });
  return { code, out: lines.join('\n'), error: errors.join('\n') };
}

const book = 'log(x^4+x^3+2)';

describe('commands, exit codes and what they print', () => {
  it.each([
    [['diff', book], 0, 'x^2*(4*x + 3)/(x^4 + x^3 + 2)'],
    [['diff', 'x^2*y', '--wrt', 'y'], 0, 'x^2'],
    [['diff', 'x^3', '--order', '2'], 0, '6*x'],
    [['diff', 'x^2/2', '--tex'], 0, 'x'],
    [['simplify', 'x/x'], 0, '1   where x != 0'],
    [['verify', 'x^2', '--claim', '2x'], 0, 'proved\n  claimed     2*x\n  derivative  2*x'],
    [['verify', 'x*sqrt(-1 - y^2)', '--wrt', 'x', '--claim', '1'], 3, 'unknown'],
    [['diff', '-'], 0, '2*x'],
    [['gradient', 'x^2*y'], 0, 'x: 2*x*y\ny: x^2'],
    [['gradient', 'x^2*y', '--wrt', 'y,x'], 0, 'y: x^2\nx: 2*x*y'],
    [['factor', 'x^4 - 1'], 0, '(x + 1)*(x - 1)*(x^2 + 1)'],
    [['factor', '(x^2 - 1)/(x - 1)'], 0, 'x + 1   where x - 1 != 0'],
    [['roots', '4x^3 + 3x^2'], 0, '-3/4\n0   2 times'],
    [['roots', 'x^5 - x - 1'], 0, '1.1673039782614187'],
    [['roots', 'x^2 + 1'], 0, 'no real roots'],
    [
      ['roots', 'x^2 - 2', '--json'],
      0,
      '{"formula":"x^2 - 2","roots":[{"value":"-sqrt(2)","approximate":-1.4142135623730951',
    ],
    [['explain', 'x^2*y', '--wrt', 'y'], 0, '1. constant factor  d/dy(x^2*y) = x^2\nx^2'],
    [['eval', 'x^2 + y', '--at', 'x=1/2', '--at', 'y=sqrt(4)'], 0, '2.25'],
    [['eval', '1/x', '--at', 'x=0', '--json'], 0, '{"formula":"1/x","at":{"x":0},"value":"Infinity"}'],
    [['tex', 'x/2'], 0, '\\frac{x}{2}'],
    [['code', 'x/2', '--target', 'c', '--name', 'half'], 0, '#include <math.h>\n\ndouble half(double x)'],
    [['--version'], 0, '1.2.3'],
    [['--help'], 0, 'leibniz — derive it, prove it'],
    [[], 2, 'leibniz — derive it, prove it'],
  ] as const)('%j exits with %d', (argv, code, out) => {
    const found = leibniz(...argv);
    expect(found.code).toBe(code);
    expect(found.out.startsWith(out)).toBe(true);
  });

  it("refutes the book's derivative", () => {
    const { code, out } = leibniz('verify', book, '--claim', '(4x^3+3x^2)/log(x^4+x^3+2)');
    expect(code).toBe(1);
    expect(out).toContain('refuted');
    expect(out).toMatch(/at x = -?\d+(\/\d+)?: claimed [-\d.]+, true [-\d.]+/);
    expect(out).toContain('off by the factor (x^4 + x^3 + 2)/log(x^4 + x^3 + 2)');
  });

  it('answers in JSON', () => {
    const { out } = leibniz('verify', 'x^2', '--claim', '3x', '--json');
    expect(JSON.parse(out)).toMatchObject({
      formula: 'x^2',
      claim: '3*x',
      verdict: 'refuted',
      derivative: '2*x',
      ratio: '3/2',
    });
  });
});

describe('files of claims', () => {
  it.each([
    ['right', 0, /^proved {10}3$/m],
    [
      'wrong',
      1,
      /^line 2: refuted: d\/dx x\^5 = 5x\^3\n {2}derivative {2}5\*x\^4\n {2}hint: using x\^4 instead of x\^3/m,
    ],
    ['open', 3, /^unknown {9}1$/m],
    ['open and wrong', 1, /^refuted {9}1$/m],
    ['open, wrong and broken', 2, /^line 3: unparsable: Unexpected end/m],
    [
      'no claim',
      2,
      /^line 1: unparsable: Cannot read x\^2 -> 2x: a claim is written d\/dx FORMULA = CLAIM$/m,
    ],
    ['json', 0, /^proved {10}2$/m],
    ['broken json', 2, /^line 2: unparsable: An entry needs/m],
  ] as const)('%s exits with %d', (file, code, out) => {
    const found = leibniz('verify', '--file', file);
    expect(found.out).toMatch(out);
    expect(found.code).toBe(code);
  });

  it('in JSON', () => {
    const { out } = leibniz('verify', '--file', 'wrong', '--json');
    expect(JSON.parse(out)).toMatchObject([
      { line: 1, verdict: 'proved' },
      { line: 2, verdict: 'refuted', derivative: '5*x^4' },
    ]);
  });
});

describe('misuse exits with 2 and says what would be right', () => {
  it.each([
    [['verfy', 'x'], 'did you mean verify?'],
    [['diff', 'x', '--ordr', '2'], 'did you mean --order?'],
    [['diff'], 'diff needs a formula'],
    [['diff', 'x*y'], 'Say by which variable: --wrt x or --wrt y'],
    [['eval', 'x'], 'the variable x has no value'],
    [['eval', 'x', '--at', 'x'], '--at takes NAME=VALUE'],
    [['code', 'x', '--target', 'cobol'], 'targets are javascript'],
    [['diff', 'x', 'y'], 'put "x y" in quotes'],
    [['diff', 'x', '--order', 'two'], '--order takes a whole number'],
    [['verify', 'x'], '--claim FORMULA'],
    [['verify', '--file', 'nowhere'], 'Cannot read nowhere: no such file'],
    [['verify', '--file', 'empty'], 'empty has no claims'],
    [['diff', 'sin(x'], 'is not closed'],
    [['diff', 'sine(x)'], 'did you mean sin(…)?'],
    [['diff', 'polygamma(x, 2)'], 'Cannot differentiate polygamma'],
  ] as const)('%j', (argv, message) => {
    const { code, error } = leibniz(...argv);
    expect(code).toBe(2);
    expect(error).toContain(message);
  });
});
