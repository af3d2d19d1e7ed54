// Matrix formulas as code: what is elementwise works on arrays as the scalar code of a language does on numbers.

import { ops } from '@leibniz/ops';
import { Code, safeNames, type Value } from '../code.ts';
import { DomainError, visible } from '../errors.ts';
import { nodeValue } from '../fold.ts';
import type { Expr } from '../node.ts';
import { LEVEL } from '../precedence.ts';
import { type Dialect, TARGETS } from '../targets.ts';
import { memoise, variables } from '../walk.ts';
import { chained, type Matrices, type Matrix, operand } from './matrices.ts';
import { type Shape, type Size, sameShape } from './shape.ts';
import { isStructure, operandsOf, STRUCTURES, sizeOf } from './structures.ts';

export type MatrixTarget = 'numpy' | 'tensor';

export interface MatrixCodeOptions {
  readonly target: MatrixTarget;
  /** The name of the function (default `f`). */
  readonly name?: string;
}

/** What is called for functions, where the name is not the same. */
const TENSOR_NAMES: Readonly<Record<string, string>> = {
  min: 'minimum',
  max: 'maximum',
  and: 'logicalAnd',
  or: 'logicalOr',
  not: 'logicalNot',
};

const called = (name: string, arity: number) =>
  `${TENSOR_NAMES[name] ?? name}(${Array.from({ length: arity }, (_, i) => `{#${i + 1}}`).join(', ')})`;

const named = (names: readonly string[], arity: number) =>
  names.map((name) => [name, called(name, arity)] as const);

const TENSOR_RESERVED = Object.values(STRUCTURES)
  .flatMap(({ tensor }) => tensor.match(/\w+/g) ?? [])
  .concat(['ones', 'where']);

const DIALECTS: Readonly<Record<MatrixTarget, Dialect>> = {
  numpy: TARGETS.python,
  tensor: {
    ...TARGETS.javascript,
    functions: Object.fromEntries([
      ...named([...Object.keys(ops.unary), 'not'], 1),
      ...named([...Object.keys(ops.binary), 'less', 'lessEqual', 'equal', 'and', 'or'], 2),
    ]),
    where: 'where({#1}, {#2}, {#3})',
    reserved: `${TARGETS.javascript.reserved} ${TENSOR_RESERVED.join(' ')}`,
  },
};

/** An array of ones, times a value. */
const STRETCHED: Readonly<Record<MatrixTarget, string>> = {
  numpy: 'np.ones(({#2}, {#3})) * #1',
  tensor: 'mul(ones([{#2}, {#3}]), {#1})',
};

const PREAMBLES = {
  softmax: `def softmax(x, axis):
    powers = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return powers / np.sum(powers, axis=axis, keepdims=True)

`,
  logsumexp: `def logsumexp(x, axis):
    largest = np.max(x, axis=axis, keepdims=True)
    return largest + np.log(np.sum(np.exp(x - largest), axis=axis, keepdims=True))

`,
};

/** The source text of a function on arrays of two axes: vectors are columns of shape (n, 1), scalars numbers. */
export function matrixCode(
  m: Matrices,
  { e, ...shape }: Matrix,
  { target, name = 'f' }: MatrixCodeOptions,
): string {
  const dialect = Object.hasOwn(DIALECTS, target) ? DIALECTS[target] : undefined;
  if (!dialect) throw new DomainError(`Cannot write ${visible(target)}: targets are numpy, tensor`);
  const parameters = parametersOf(m, { e, ...shape });
  const [fn, ...identifiers] = safeNames([name, ...parameters], dialect);
  const code = new Code(target, dialect);
  const sizes = sizeLeaves(m, code, parameters, identifiers);
  const sizeAt = (size: Size): Value =>
    typeof size === 'number' ? code.leaf(String(size)) : sizes.get(size)!;
  const bindings = Object.fromEntries([
    ...sizes,
    ...parameters.map((parameter, i) => [parameter, code.leaf(identifiers[i]!)] as const),
  ]);
  const stretch = (value: Value, own: Shape, wanted: Shape): Value =>
    sameShape(own, wanted)
      ? value
      : code.value(STRETCHED[target], [value, sizeAt(wanted.rows), sizeAt(wanted.cols)], LEVEL.product);
  const structure = (node: Expr, valueAt: (arg: Expr) => Value): Value => {
    if (!isStructure(node)) return nodeValue(code.carrier, node, valueAt, bindings);
    const template = STRUCTURES[node.name][target];
    if (node.name === 'eye') return code.value(template, [sizeAt(sizeOf(node.args[0]!))], LEVEL.atom);
    if (node.name !== 'matmul') {
      const { e: arg, ...wanted } = operand(node.args);
      return code.value(template, [stretch(valueAt(arg), m.own(arg), wanted)], LEVEL.atom);
    }
    const factors = chained(node.args).map(({ e: arg, ...wanted }) =>
      stretch(valueAt(arg), m.own(arg), wanted),
    );
    const level = target === 'numpy' ? LEVEL.product : LEVEL.atom;
    return factors.reduce((left, right) => code.value(template, [left, right], level));
  };
  const [value] = memoise<Value>([e], structure, (node) =>
    isStructure(node) ? operandsOf(node) : node.args,
  );
  const { lines, text } = code.lines(stretch(value!, m.own(e), shape), new Set([fn!, ...identifiers]));
  const body = dialect.define(fn!, identifiers, lines, text);
  const helpers = code.helpers.map((helper) => `${dialect.helpers[helper]!}\n`).join('');
  return preamble(target, `${helpers}${body}`) + helpers + body;
}

/** Symbols in alphabetical order, then the sizes that no shape of these tells. */
function parametersOf(m: Matrices, { e, rows, cols }: Matrix): string[] {
  const names = variables(e);
  const symbols = names.filter((name) => m.space.symbols.has(name));
  const told = new Set(symbols.flatMap((name) => sizesOf(m, name)));
  const sizes = new Set<Size>([...names, rows, cols].filter((name) => m.space.sizes.has(`${name}`)));
  const untold = [...sizes].filter((size) => !told.has(size) && !symbols.includes(`${size}`));
  return [...symbols, ...untold.map(String).sort()];
}

function sizesOf(m: Matrices, name: string): Size[] {
  const declared = m.space.symbols.get(name);
  return declared ? [declared.rows, declared.cols] : [];
}

/** Names of sizes, read off the shapes of the symbols, or given. */
function sizeLeaves(
  m: Matrices,
  code: Code,
  parameters: readonly string[],
  identifiers: readonly string[],
): Map<string, Value> {
  const sizes = new Map<string, Value>();
  for (const [i, parameter] of parameters.entries()) {
    if (m.space.sizes.has(parameter)) sizes.set(parameter, code.leaf(identifiers[i]!));
    for (const [axis, size] of sizesOf(m, parameter).entries()) {
      if (typeof size === 'string' && !sizes.has(size)) {
        sizes.set(size, code.leaf(`${identifiers[i]}.shape[${axis}]`));
      }
    }
  }
  return sizes;
}

function preamble(target: MatrixTarget, body: string): string {
  if (target === 'tensor') {
    const used = [...new Set(body.match(/\b[a-z]\w*(?=\()/g) ?? [])];
    const imported = used.filter((word) => TENSOR_WORDS.has(word)).sort();
    return `import { ${imported.join(', ')} } from '@leibniz/tensor';\n\n`;
  }
  const helpers = Object.entries(PREAMBLES).flatMap(([word, text]) =>
    body.includes(`${word}(`) ? [text] : [],
  );
  return `${body.includes('math.') ? 'import math\n\n' : ''}import numpy as np\n\n${helpers.join('')}`;
}

const TENSOR_WORDS = new Set([
  ...TENSOR_RESERVED,
  ...Object.values(DIALECTS.tensor.functions).map((template) => template.slice(0, template.indexOf('('))),
]);
