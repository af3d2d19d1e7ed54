import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Target, toCode } from './code.ts';
import { diff } from './diff.ts';
import { DomainError, UnboundSymbolError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { simplify } from './simplify.ts';

// The entry that Node would take is CommonJS in a package of modules; this one has no types of its own.
const modules: string = 'wgsl_reflect/wgsl_reflect.module.js';
const { WgslExec, WgslParser } = (await import(modules)) as typeof import('wgsl_reflect');

const FORMULAS = [
  'log(x^4 + x^3 + 2)',
  'x^x*sin(x)*exp(x)/log(x^2 + 1.5)',
  'where(x < 1 and not (y = 2), x^2, 2*x - 1) + max(x, 1/y)',
  'where(x <= 1 or y < 0, x - (y - 1/3), -x^2) - min(x, 5)*hypot(x, 3)',
  'sqrt(x)^3 - x^(5/2) + x^(1/3) + cbrt(-x)',
  'sigmoid(x) + softplus(y) + silu(x*y) + tanh(x) - relu(-x)',
  'sec(x) + asinh(x) + log1p(x) + expm1(-x) + log10(x) + log2(y) + sign(-x)',
  'atan2(y, -x) + abs(x - y) - floor(x/2)*ceil(y) + (-2)^3/(x/y)',
  'logaddexp(x, y) + asin(x/10) + 2^y + x^70 + 1e300*x',
  '3/7',
];
const EXPRESSIONS = [...FORMULAS, ...FORMULAS.map((formula) => String(simplify(diff(formula, 'x'))))];
const POINTS = [
  [0.3, 1.7],
  [1, 2],
  [2.7, 0.4],
];

const folder = mkdtempSync(join(tmpdir(), 'leibniz-code-'));
afterAll(() => rmSync(folder, { recursive: true }));

const has = (command: string, ...argv: string[]) =>
  spawnSync(command, argv, { stdio: 'ignore' }).status === 0;
const sources = (target: Target) =>
  EXPRESSIONS.map((e, i) => toCode(e, { target, name: `f${i}`, variables: ['x', 'y'] }));
const calls = (write: (i: number, x: number, y: number) => string, separator: string) =>
  EXPRESSIONS.flatMap((_, i) => POINTS.map(([x, y]) => write(i, x!, y!))).join(separator);
const write = (name: string, text: string) => {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
};

/** How each target is run: all values, one a line. */
const RUNS: Readonly<Record<'javascript' | 'c' | 'python', { available: boolean; run: () => string }>> = {
  javascript: {
    available: true,
    run: () => {
      const prints = calls((i, x, y) => `console.log(f${i}(${x}, ${y}));`, '\n');
      return execFileSync(
        process.execPath,
        [write('f.mjs', `${sources('javascript').join('\n')}\n${prints}`)],
        {
          encoding: 'utf8',
        },
      );
    },
  },
  c: {
    available: has('cc', '--version'),
    run: () => {
      const prints = calls((i, x, y) => `printf("%.17g\\n", f${i}(${x}, ${y}));`, '\n');
      const file = write(
        'f.c',
        `#include <stdio.h>\n${sources('c')
          .join('\n')
          .replaceAll(/static double sign_of[^}]*\}\n/g, (text, offset, all: string) =>
            all.indexOf(text) === offset ? text : '',
          )}\nint main(void) {\n${prints}\nreturn 0;\n}\n`,
      );
      execFileSync('cc', [
        '-std=c11',
        '-Wall',
        '-Werror',
        '-O0',
        '-ffp-contract=off',
        '-o',
        join(folder, 'f'),
        file,
        '-lm',
      ]);
      return execFileSync(join(folder, 'f'), { encoding: 'utf8' });
    },
  },
  python: {
    available: has('python3', '-c', 'import numpy'),
    run: () => {
      const prints = calls((i, x, y) => `print(repr(float(f${i}(${x}, ${y}))))`, '\n');
      return execFileSync('python3', [write('f.py', `${sources('python').join('\n')}\n${prints}\n`)], {
        encoding: 'utf8',
      });
    },
  },
};

describe.each(Object.entries(RUNS))('%s', (target, { available, run }) => {
  it.skipIf(!available)('has the values of evaluate', () => {
    const values = run()
      .trim()
      .split('\n')
      .map((line) => Number(line.replace('inf', 'Infinity')));
    let i = 0;
    for (const e of EXPRESSIONS) {
      for (const [x, y] of POINTS) {
        const expected = evaluate(e, { x: x!, y: y! });
        const tolerance = target === 'javascript' ? 0 : 1e-13 * Math.max(1, Math.abs(expected));
        expect(Math.abs(values[i++]! - expected), `${e} at ${x}, ${y}`).toBeLessThanOrEqual(tolerance);
      }
    }
  });
});

/** What fits into single precision. */
const SHADED = EXPRESSIONS.filter((e) => !e.includes('1e300') && !e.includes('10000000'));

/** A shader that puts f(data[0], data[1]) into data[0]; the interpreter takes cosh for cos. */
const kernelOf = (
  e: string,
) => `${toCode(e, { target: 'wgsl', variables: ['x', 'y'] }).replaceAll('cosh(', 'cosine(')}
fn cosine(x: f32) -> f32 { return 0.5 * (exp(x) + exp(-x)); }
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(1) fn main() { data[0] = f(data[0], data[1]); }
`;

it.each(SHADED)('wgsl: %s', (e) => {
  const program = new WgslParser().parse(kernelOf(e));
  for (const [x, y] of POINTS) {
    const data = new Float32Array([x!, y!]);
    new WgslExec(program).dispatchWorkgroups('main', 1, { 0: { 0: data } });
    const expected = evaluate(e, { x: x!, y: y! });
    expect(Math.abs(data[0]! - expected)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(expected)));
  }
});

it.skipIf(!has('glslangValidator', '--version'))('glsl compiles', () => {
  const functions = SHADED.map((e, i) =>
    toCode(e, { target: 'glsl', name: `shade${i}`, variables: ['x', 'y'] }),
  );
  const helpers = new Set<string>();
  const once = functions.join('\n').replaceAll(/float \w+_of\([^}]*\}\n/g, (text) => {
    const isFirst = !helpers.has(text);
    helpers.add(text);
    return isFirst ? text : '';
  });
  const sum = SHADED.map((_, i) => `shade${i}(0.5, 1.5)`).join(' + ');
  const file = write(
    'f.frag',
    `#version 320 es\nprecision highp float;\nout vec4 color;\n${once}\nvoid main() { color = vec4(${sum}); }\n`,
  );
  const { status, stdout } = spawnSync('glslangValidator', [file], { encoding: 'utf8' });
  expect(status, stdout).toBe(0);
});

it('shaders', () => {
  expect(toCode('where(x < 0, -x, x)*log10(x) + 1/3', { target: 'wgsl', name: 'shade' })).toBe(
    'fn log10_of(x: f32) -> f32 {\n  return 0.4342944819 * log(x);\n}\n\n' +
      'fn shade(x: f32) -> f32 {\n  return select(x, -x, x < 0.0) * log10_of(x) + 0.3333333333333333;\n}\n',
  );
  expect(toCode('(x + 1)^2', { target: 'glsl' })).toBe(
    'float f(float x) {\n  float t1 = x + 1.0;\n  return t1 * t1;\n}\n',
  );
});

describe('names become identifiers and nothing else', () => {
  it.each([
    'lambda',
    'class',
    'Math',
    'π2',
    'constructor',
    '__proto__',
    't1',
    'gl_x',
    'fabs',
    'alpha__x',
    '变量',
  ])('%s', (name) => {
    for (const target of ['javascript', 'python', 'c', 'glsl', 'wgsl'] as const) {
      const code = toCode(`${name}*sqrt(x) + ${name}^2`, {
        target,
        name: 'f();evil',
        variables: [name, 'x'],
      });
      expect(code).not.toContain('();');
      expect(code).toContain('f_evil');
      expect(code).toMatch(/^[\x20-\x7e\n]*$/);
    }
    const run = `${toCode(`${name}*sqrt(x)`, { target: 'javascript', variables: [name, 'x'] })}console.log(f(3, 4));`;
    expect(execFileSync(process.execPath, [write('name.mjs', run)], { encoding: 'utf8' })).toBe('6\n');
  });
});

it('what cannot be written is an error that names it', () => {
  expect(() => toCode('gamma(x)', { target: 'javascript' })).toThrow(DomainError);
  expect(() => toCode('gamma(x)', { target: 'javascript' })).toThrow('Cannot write gamma(…) in javascript');
  expect(() => toCode('1e300*x', { target: 'glsl' })).toThrow('too large');
  expect(() => toCode('x', { target: 'cobol' as Target })).toThrow('targets are');
  expect(() => toCode('x*y', { target: 'c', variables: ['x'] })).toThrow(UnboundSymbolError);
});
