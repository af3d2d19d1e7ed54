// A bridge to mathjs: its expression nodes in, its nodes out. mathjs itself is not imported; `bridge` is given it.

import { ops } from '@leibniz/ops';
import { Algebra } from './algebra.ts';
import { diff } from './diff.ts';
import { DomainError, LimitError, visible } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { written } from './layout.ts';
import type { Call, Expr } from './node.ts';
import { LEVEL } from './precedence.ts';
import { Rational } from './rational.ts';
import { simplify } from './simplify.ts';
import { plain } from './text.ts';
import { memoise } from './walk.ts';

/** As much of a mathjs node as is read here. */
export interface MathjsNode {
  readonly type: string;
  toString(): string;
}

/** As much of mathjs as is used here: `import * as math from 'mathjs'`, or an instance. */
export interface Mathjs<N extends MathjsNode = MathjsNode> {
  parse(text: string): N;
}

/** Every kind of node of mathjs that stands for a real formula, seen as one record. */
interface AnyNode {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: string;
  readonly op?: string;
  readonly fn?: string | { readonly name?: string };
  readonly args?: readonly AnyNode[];
  readonly content?: AnyNode;
  readonly condition?: AnyNode;
  readonly trueExpr?: AnyNode;
  readonly falseExpr?: AnyNode;
  readonly conditionals?: readonly string[];
  readonly params?: readonly AnyNode[];
}

type Build = (algebra: Algebra, args: readonly Expr[]) => Expr;

const ofReciprocal =
  (name: string): Build =>
  (algebra, [x]) =>
    FUNCTIONS.get(name)!.build(algebra, [algebra.$.inv(x!)], name);

/** What mathjs calls otherwise, or lacks here. */
const OPERATIONS: Readonly<Record<string, Build>> = {
  add: (algebra, args) => algebra.sum(args),
  subtract: ({ $ }, [a, b]) => $.sub(a!, b!),
  multiply: (algebra, args) => algebra.product(args),
  divide: ({ $ }, [a, b]) => $.div(a!, b!),
  pow: ({ $ }, [a, b]) => $.pow(a!, b!),
  unaryMinus: ({ $ }, [x]) => $.neg(x!),
  unaryPlus: (_, [x]) => x!,
  cube: ({ $ }, [x]) => $.pow(x!, $.int(3)),
  nthRoot: ({ $ }, [x, n]) => {
    if (!n || (n.kind === 'num' && n.value.equals(Rational.of(2)))) return $.sqrt(x!);
    if (n.kind === 'num' && n.value.equals(Rational.of(3))) return $.cbrt(x!);
    return $.pow(x!, $.inv(n));
  },
  smaller: ({ $ }, [a, b]) => $.less(a!, b!),
  larger: ({ $ }, [a, b]) => $.less(b!, a!),
  smallerEq: ({ $ }, [a, b]) => $.lessEqual(a!, b!),
  largerEq: ({ $ }, [a, b]) => $.lessEqual(b!, a!),
  equal: ({ $ }, [a, b]) => $.equal(a!, b!),
  unequal: ({ $ }, [a, b]) => $.not($.equal(a!, b!)),
  and: ({ $ }, [a, b]) => $.and(a!, b!),
  or: ({ $ }, [a, b]) => $.or(a!, b!),
  not: ({ $ }, [c]) => $.not(c!),
  acoth: ofReciprocal('atanh'),
  asech: ofReciprocal('acosh'),
  acsch: ofReciprocal('asinh'),
  acot: ofReciprocal('atan'),
  asec: ofReciprocal('acos'),
  acsc: ofReciprocal('asin'),
};

const CONSTANTS: Readonly<Record<string, ($: Algebra['$']) => Expr>> = {
  pi: ($) => $.pi,
  PI: ($) => $.pi,
  tau: ($) => $.mul($.int(2), $.pi),
  e: ($) => $.exp($.int(1)),
  E: ($) => $.exp($.int(1)),
  LN2: ($) => $.log($.int(2)),
  LN10: ($) => $.log($.int(10)),
  SQRT2: ($) => $.sqrt($.int(2)),
};

/** Names that mathjs gives values that are no real numbers. */
const NOT_REAL = new Set(['i', 'Infinity', 'NaN', 'null', 'undefined', 'uninitialized']);

/**
 * The expression that a mathjs node stands for, over the reals; its numbers are read as their decimals.
 *
 * @throws DomainError for what is no formula over the reals: matrices, units, strings, assignments, complex numbers.
 */
export function fromMathjs(node: MathjsNode): Expr {
  const algebra = new Algebra();
  const results = new Map<AnyNode, Expr>();
  const stack: AnyNode[] = [node as AnyNode];
  while (stack.length > 0) {
    const current = stack.at(-1)!;
    const parts = partsOf(current);
    const pending = parts.filter((part) => !results.has(part));
    if (pending.length > 0) {
      stack.push(...pending);
      continue;
    }
    stack.pop();
    results.set(
      current,
      made(
        algebra,
        current,
        parts.map((part) => results.get(part)!),
      ),
    );
  }
  return results.get(node as AnyNode)!;
}

function partsOf(node: AnyNode): readonly AnyNode[] {
  switch (node.type) {
    case 'ConstantNode':
    case 'SymbolNode':
      return [];
    case 'ParenthesisNode':
      return [node.content!];
    case 'OperatorNode':
    case 'FunctionNode':
      return node.args!;
    case 'ConditionalNode':
      return [node.condition!, node.trueExpr!, node.falseExpr!];
    case 'RelationalNode':
      return node.params!;
    default:
      throw new DomainError(
        `Cannot read a mathjs ${visible(String(node.type))}: it is no formula over the reals`,
      );
  }
}

function made(algebra: Algebra, node: AnyNode, parts: readonly Expr[]): Expr {
  const { $ } = algebra;
  switch (node.type) {
    case 'ConstantNode':
      return constant(algebra, node.value);
    case 'SymbolNode':
      return symbol(algebra, node.name!);
    case 'ParenthesisNode':
      return parts[0]!;
    case 'ConditionalNode':
      return $.where(parts[0]!, parts[1]!, parts[2]!);
    case 'RelationalNode':
      return node
        .conditionals!.map((name, i) => operation(algebra, name, [parts[i]!, parts[i + 1]!]))
        .reduce((a, b) => $.and(a, b));
    default:
      return operation(algebra, typeof node.fn === 'string' ? node.fn : (node.fn?.name ?? ''), parts);
  }
}

function operation(algebra: Algebra, name: string, args: readonly Expr[]): Expr {
  if (Object.hasOwn(OPERATIONS, name)) return OPERATIONS[name]!(algebra, args);
  const fn = FUNCTIONS.get(name);
  const [least, most] = fn?.arity ?? [0, -1];
  if (!fn || args.length < least || args.length > most) {
    throw new DomainError(`Cannot read the mathjs function ${visible(name)} of ${args.length} arguments`);
  }
  return fn.build(algebra, args, name);
}

function constant(algebra: Algebra, value: unknown): Expr {
  if (typeof value === 'boolean') return algebra.constant(value ? 'true' : 'false');
  const text = String(value);
  const match = /^(-?)(\d+\.?\d*(?:e[+-]?\d{1,4})?)$/i.exec(text);
  if (!match || text.length > 4300) throw new DomainError(`Cannot read the mathjs constant ${visible(text)}`);
  const size = Rational.decimal(match[2]!);
  return algebra.num(match[1] ? size.neg() : size);
}

function symbol(algebra: Algebra, name: string): Expr {
  if (NOT_REAL.has(name)) throw new DomainError(`Cannot read ${name}: in mathjs it is no real number`);
  if (name === 'true' || name === 'false') return algebra.constant(name);
  return Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name]!(algebra.$) : algebra.sym(name);
}

/** Calls that mean the same in mathjs; what else has a meaning in these is written by it. */
const SHARED_CALLS = new Set(
  (
    'abs sign floor ceil exp expm1 log log2 log10 log1p sin cos tan sec csc cot asin acos atan sinh cosh tanh sech csch ' +
    'coth asinh acosh atanh cbrt erf gamma lgamma min max atan2 hypot less lessEqual equal not and or where'
  ).split(' '),
);

const mathjsStyle: typeof plain = {
  ...plain,
  call: (name, args) => {
    const texts = args.map(({ text }) => text);
    if (name === 'where') {
      return { text: `((${texts[0]}) ? (${texts[1]}) : (${texts[2]}))`, level: LEVEL.atom, degree: 0 };
    }
    const piece = plain.call(name, args);
    return name === 'equal' ? { ...piece, text: `(${texts[0]}) == (${texts[1]})` } : piece;
  },
};

/** The expression as a node of the given mathjs. */
export function toMathjs<N extends MathjsNode>(e: Expr, mathjs: Mathjs<N>): N {
  const { definitions, text } = written(inSharedCalls(e), mathjsStyle);
  if (definitions.length > 0) throw new LimitError('the size of a tree for mathjs', 1000, 'more');
  return mathjs.parse(text);
}

/** The expression with the functions that mathjs lacks replaced by what they mean. */
function inSharedCalls(e: Expr): Expr {
  const algebra = new Algebra();
  return translated(algebra, algebra.adopt(e)[0]!, new Set());
}

/** Meanings are made of functions that may need one themselves; their arguments are done. */
function translated(algebra: Algebra, e: Expr, done: ReadonlySet<Expr>): Expr {
  const visit = (node: Expr, resultOf: (arg: Expr) => Expr): Expr => {
    if (done.has(node)) return node;
    const args = node.args.map(resultOf);
    if (node.kind !== 'call' || SHARED_CALLS.has(node.name)) return algebra.rebuild(node, args);
    return translated(algebra, meaning(algebra, node, args), new Set(args));
  };
  return memoise<Expr>([e], visit, (node) => (done.has(node) ? [] : node.args))[0]!;
}

function meaning(algebra: Algebra, { name }: Call, args: readonly Expr[]): Expr {
  const entry = Object.hasOwn(ops.unary, name) ? ops.unary[name as 'relu'] : ops.binary[name as 'hypot'];
  const means = entry?.means as ((...all: unknown[]) => Expr) | undefined;
  if (!means) throw new DomainError(`Cannot write ${visible(name)}(…) for mathjs: it has no such function`);
  return means(algebra.$, ...args);
}

/**
 * `derivative` and `simplify` as mathjs has them, done here: texts or nodes in, nodes of the given mathjs out.
 *
 * @example
 * import * as math from 'mathjs';
 * import { bridge } from '@leibniz/symbolic/mathjs';
 * const { derivative } = bridge(math);
 * derivative('log(x^4 + x^3 + 2)', 'x').toString(); // => x ^ 2 * (4 * x + 3) / (x ^ 4 + x ^ 3 + 2)
 */
export function bridge<N extends MathjsNode>(mathjs: Mathjs<N>) {
  const read = (expr: N | string) => fromMathjs(typeof expr === 'string' ? mathjs.parse(expr) : expr);
  const write = (e: Expr) => toMathjs(e, mathjs);
  return {
    derivative: (expr: N | string, variable: MathjsNode | string): N =>
      write(simplify(diff(read(expr), String(variable)))),
    simplify: (expr: N | string): N => write(simplify(read(expr))),
  };
}
