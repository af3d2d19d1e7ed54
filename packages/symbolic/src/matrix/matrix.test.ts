import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ParseError, UnboundSymbolError } from '../errors.ts';
import { MatrixCalculus } from './calculus.ts';
import { GRADIENTS, randomValues } from './fixtures/gradients.ts';
import { type Declarations, ShapeError } from './shape.ts';

describe.each(GRADIENTS)('$formula by $wrt', ({ declarations, formula, wrt, gradient }) => {
  const calculus = new MatrixCalculus(declarations);
  const found = calculus.gradient(formula, wrt);

  it('reads well, and reads back', () => {
    expect(String(found)).toBe(gradient);
    expect(String(calculus.parse(gradient))).toBe(gradient);
    expect(calculus.parse(gradient)).toMatchObject({ rows: found.rows, cols: found.cols });
  });

  it('is what finite differences say', () => {
    const values = randomValues(declarations, 1);
    const slopes = calculus.evaluate(found, values);
    const h = 1e-5;
    values[wrt]!.forEach((row, i) => {
      row.forEach((x, j) => {
        const moved = (to: number) => ({
          ...values,
          [wrt]: values[wrt]!.map((line, r) => (r === i ? line.with(j, to) : line)),
        });
        const at = (to: number) => calculus.evaluate(formula, moved(to))[0]![0]!;
        const symmetric = (declarations[wrt] as { symmetric?: boolean }).symmetric;
        const slope = (at(x + h) - at(x - h)) / (2 * h);
        if (!symmetric) expect(slopes[i]![j]!).toBeCloseTo(slope, 5);
      });
    });
  });

  it('is explained from the result to the symbol', () => {
    const { result, steps } = calculus.explain(formula, wrt);
    expect(String(result)).toBe(gradient);
    expect(String(steps[0]!.adjoint)).toBe('1');
    expect(String(steps.at(-1)!.of)).toBe(wrt);
    expect(String(steps.at(-1)!.adjoint)).toBe(gradient);
    for (const { of, adjoint } of steps) expect(adjoint).toMatchObject({ rows: of.rows, cols: of.cols });
  });

  it('is proved right, and wrong with the sign changed', () => {
    expect(calculus.verify(formula, gradient, { wrt }).verdict).toBe('proved');
    if (gradient.startsWith('zeros')) return;
    const { verdict, hint, witness } = calculus.verify(formula, `-1*(${gradient})`, { wrt });
    expect(verdict).toBe('refuted');
    expect(witness).toBeDefined();
    expect(hint).toBe('changing the sign makes it right');
  });

  it('in TeX', () => {
    expect(found.toTex()).not.toMatch(/undefined|#/);
  });
});

describe('equal, unequal', () => {
  const calculus = new MatrixCalculus({
    ...{ A: ['n', 'n'], B: ['n', 'n'], C: ['n', 'm'], S: { shape: ['n', 'n'], symmetric: true } },
    ...{ x: ['n'], y: ['n'], Z: ['n', 'k'], c: [] },
  });

  it.each([
    ["x'*y", "y'*x"],
    ["x'*A*y", "y'*A'*x"],
    ['trace(A*B)', 'trace(B*A)'],
    ["trace(A'*B)", 'sum(A .* B)'],
    ['dot(x, y)', 'sum(x .* y)'],
    ['sum(A*x)', 'sum(A, 0)*x'],
    ['normF(C)^2', "trace(C'*C)"],
    ['norm2(x)^2', "x'*x"],
    ['inv(A*B)', 'inv(B)*inv(A)'],
    ['det(A*B)', 'det(B)*det(A)'],
    ['det(c*A)', 'c^n*det(A)'],
    ["(A*C)'", "C'*A'"],
    ["(A .* B)'", "A' .* B'"],
    ["S'", 'S'],
    ['(A + B)*(A - B)', 'A*A - A*B + B*A - B^2'],
    ['A*A^-1', 'eye(n)'],
    ['outer(x, y)*y', 'x*norm2(y)^2'],
    ['diag(x)*y', 'x .* y'],
    ['softmax(Z)', 'exp(Z) ./ sum(exp(Z), 1)'],
    ['logSumExp(Z)', 'log(sum(exp(Z), 1))'],
    ['sum(softmax(Z), 1)', 'ones(n)'],
    ['sum(ones(n, k))', 'n*k'],
    ['mean(x)', 'sum(x)/n'],
    ['mean(Z, 0)', 'sum(Z, 0)/n'],
    ['norm1(x)', 'sum(abs(x))'],
    ['trace(eye(n))', 'n'],
    ['A + c', 'A + c*ones(n, n)'],
    ['x.^2', 'x .* x'],
  ])('%s = %s', (a, b) => {
    expect(calculus.equal(a, b).verdict).toBe('proved');
  });

  it.each([
    ['A*B', 'B*A'],
    ["A'", 'A'],
    ['normF(A)^2', 'trace(A*A)'],
    ['A.^2', 'A^2'],
    ['inv(A + B)', 'inv(A) + inv(B)'],
    ['softmax(Z)', 'softmax(Z, 0)'],
    ['sum(x)^2', "x'*x"],
    ['A + 1e-30', 'A'],
  ])('%s is not %s, as matrices show', (a, b) => {
    const { verdict, witness } = calculus.equal(a, b);
    expect(verdict).toBe('refuted');
    expect(witness!.left).not.toBe(witness!.right);
    const values = Object.fromEntries(
      Object.entries(witness!.at).map(([name, rows]) => [
        name,
        rows.map((row) => row.map((v) => v.toNumber())),
      ]),
    );
    const sizes = Object.keys(values).length > 0;
    expect(sizes && calculus.evaluate(a, values)[witness!.row]![witness!.col]!).toBeCloseTo(
      Number(witness!.left),
      9,
    );
  });

  it('shapes that differ', () => {
    expect(calculus.equal("x'", 'x')).toMatchObject({
      verdict: 'refuted',
      why: 'one side is 1×n, the other n×1',
    });
  });
});

describe('slips are named', () => {
  const calculus = new MatrixCalculus({ A: ['n', 'n'], X: ['n', 'd'], w: ['d'], y: ['n'], x: ['n'] });
  const squares = 'norm2(X*w - y)^2/n';
  it.each([
    [squares, 'w', "2*X'*(y - X*w)/n", 'changing the sign'],
    [squares, 'w', "X'*(X*w - y)/n", 'multiplying by 2'],
    [squares, 'w', "2*X'*(X*w - y)", 'dividing by n'],
    [squares, 'w', "2*(X*w - y)'*X/n", 'transposing it'],
    ["y'*A*x", 'x', 'A*y', 'transposing A'],
  ])('%s by %s is not %s', (formula, wrt, claim, words) => {
    expect(calculus.verify(formula, claim, { wrt })).toMatchObject({
      verdict: 'refuted',
      hint: `${words} makes it right`,
    });
  });
});

it('a Hessian times a direction', () => {
  const calculus = new MatrixCalculus({
    A: ['n', 'n'],
    x: ['n'],
    v: ['n'],
    X: ['n', 'd'],
    w: ['d'],
    u: ['d'],
  });
  expect(String(calculus.hessianVector("x'*A*x", 'x', 'v'))).toBe("(A' + A)*v");
  expect(String(calculus.hessianVector('norm2(X*w)^2/2', 'w', 'u'))).toBe("X'*X*u");
  expect(() => calculus.hessianVector('norm2(x)', 'x', 'u')).toThrow(/u|d×1/);
});

describe('errors name shapes and places', () => {
  const calculus = new MatrixCalculus({ A: ['n', 'm'], B: ['m', 'k'], x: ['n'], y: ['m'] });
  it.each<[string, new (...args: never[]) => Error, RegExp]>([
    ['B*A', ShapeError, /m×k by n×m: k columns meet n rows/],
    ['A + B', ShapeError, /the sum of n×m and m×k/],
    ['x + y', ShapeError, /n×1 and m×1/],
    ["x + y'", ShapeError, /the shapes do not agree/],
    ['inv(A)', ShapeError, /not square/],
    ['A/B', ShapeError, /\.\//],
    ['A^2', ShapeError, /\.\^/],
    ['norm2(A)', ShapeError, /normF/],
    ['sum(A, 2)', ShapeError, /axis/],
    ['A*', ParseError, /Something is missing/],
    ['A B', ParseError, /\*/],
    ['C + 1', ParseError, /Unknown symbol C/],
    ['softmx(A)', ParseError, /did you mean softmax/],
    ['sum(A, 0, 1)', ParseError, /takes 1 to 2 arguments, found 3/],
    ['(A', ParseError, /Unclosed/],
  ])('%s', (formula, type, message) => {
    expect(() => calculus.parse(formula)).toThrow(type);
    expect(() => calculus.parse(formula)).toThrow(message);
  });

  it('of gradients and values', () => {
    expect(() => calculus.gradient('A*B', 'A')).toThrow(/n×k/);
    expect(() => calculus.gradient('sum(A)', 'Q')).toThrow(/not declared/);
    expect(() => calculus.evaluate('A', {})).toThrow(UnboundSymbolError);
    expect(() => calculus.evaluate('A*y', { A: [[1, 2]], y: [1, 2, 3] })).toThrow(/m is 2/);
    expect(() => calculus.evaluate('eye(n)', {})).toThrow(UnboundSymbolError);
    expect(() => calculus.evaluate('ones(n, m)', { x: [1, 2] })).toThrow(UnboundSymbolError);
    expect(() => calculus.evaluate('x', { x: [1, 2], n: 3 })).toThrow(/size n/);
    expect(() => calculus.evaluate('A', { A: [[1, 2], [3], [4, 5, 6]] })).toThrow(/different lengths/);
    expect(calculus.evaluate('eye(n)', { n: 2 })).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(() => new MatrixCalculus({ A: [0, 2] })).toThrow(ShapeError);
    expect(() => new MatrixCalculus({ 'a b': [] })).toThrow(ShapeError);
  });

  it('a long chain costs no stack', () => {
    expect(String(calculus.parse(`${'('.repeat(20_000)}x${')'.repeat(20_000)}`))).toBe('x');
    expect(String(calculus.parse(`sum(${Array(5000).fill('x').join(' + ')})`))).toBe('5000*sum(x)');
  });
});

const hasNumpy = spawnSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' }).status === 0;

it.skipIf(!hasNumpy)('NumPy computes the same', () => {
  const programs: string[] = [];
  const expected: number[][][] = [];
  for (const [i, { declarations, formula, wrt }] of GRADIENTS.entries()) {
    const calculus = new MatrixCalculus(declarations);
    const values = randomValues(declarations, 2);
    for (const [j, f] of [calculus.parse(formula), calculus.gradient(formula, wrt)].entries()) {
      const source = calculus.toCode(f, { target: 'numpy', name: `f${i}_${j}` });
      const names = /def \w+\((.*)\)/.exec(source.slice(source.indexOf(`def f${i}_${j}`)))![1]!;
      const args = names
        ? names
            .split(', ')
            .map((name) =>
              values[name.replace('_1', '')]
                ? `np.array(${JSON.stringify(values[name.replace('_1', '')])})`
                : '4',
            )
        : [];
      programs.push(
        `${source}\nprint(json.dumps(np.asarray(f${i}_${j}(${args.join(', ')})).reshape(-1).tolist()))`,
      );
      expected.push(calculus.evaluate(f, values));
    }
  }
  const { stdout, stderr } = spawnSync('python3', ['-c', `import json\n${programs.join('\n')}`], {
    encoding: 'utf8',
  });
  const lines = stdout.trim().split('\n');
  expect(lines.length, stderr).toBe(expected.length);
  for (const [i, line] of lines.entries()) {
    const found = JSON.parse(line) as number[];
    expected[i]!.flat().forEach((value, k) => {
      expect(found[k]!).toBeCloseTo(value, 9);
    });
  }
});

it('declares what it is given', () => {
  const declarations: Declarations = { X: [3, 'd'], b: [1, 'd'] };
  const calculus = new MatrixCalculus(declarations);
  expect(calculus.parse('X + b')).toMatchObject({ rows: 3, cols: 'd' });
  expect(calculus.evaluate('X + b', { X: [[1], [2], [3]], b: [[10]] })).toEqual([[11], [12], [13]]);
});
