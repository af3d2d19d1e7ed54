import { type Carrier, ops } from '@leibniz/ops';
import { DomainError, UnboundSymbolError } from './errors.ts';
import { FACT } from './facts.ts';
import { type Input, toExpr } from './input.ts';
import type { Call, Expr, Product, Sym } from './node.ts';
import { Rational } from './rational.ts';
import { memoise } from './walk.ts';

/** Whole powers up to this size are multiplied out by squaring; larger ones call `pow`. */
const MAX_SQUARING = 64n;

/**
 * Evaluates an expression over any carrier of the operations, every node once: the same formula on numbers, dual
 * numbers, intervals, tensors or code.
 *
 * @throws UnboundSymbolError for a variable without a binding, DomainError for a number against an assumption.
 * @example
 * import { dual, ops } from '@leibniz/ops';
 * import { fold } from '@leibniz/symbolic';
 * fold('x^3', dual(ops.numbers), { x: { value: 2, tangent: 1 } }); // => { value: 8, tangent: 12 }
 */
export function fold<T, C>(e: Input, $: Carrier<T, C>, bindings: Readonly<Record<string, T>>): T {
  return foldAll([toExpr(e)], $, bindings)[0]!;
}

/** Evaluates several expressions, the parts that they share once. */
export function foldAll<T, C>(
  roots: readonly Expr[],
  $: Carrier<T, C>,
  bindings: Readonly<Record<string, T>>,
): T[] {
  return memoise<T>(roots, (node, resultOf) => nodeValue($, node, resultOf, bindings));
}

/** The value of a node from those of its arguments. Conditions travel with the values; the language keeps the two apart. */
export function nodeValue<T, C>(
  $: Carrier<T, C>,
  node: Expr,
  resultOf: (arg: Expr) => T,
  bindings: Readonly<Record<string, T>>,
): T {
  switch (node.kind) {
    case 'num':
      return number($, node.value);
    case 'sym':
      if (!Object.hasOwn(bindings, node.name)) throw new UnboundSymbolError(node.name);
      expectAssumed(node, bindings[node.name]);
      return bindings[node.name]!;
    case 'constant':
      return constant($, node.name) as T;
    case 'sum': {
      const terms = node.args.map(resultOf);
      return (node.constant.isZero ? terms : [...terms, number($, node.constant)]).reduce((a, b) =>
        $.add(a, b),
      );
    }
    case 'product':
      return product($, node, resultOf);
    case 'power':
      return power($, node, resultOf);
    case 'call':
      return call($, node, resultOf);
  }
}

/** A number that contradicts what is assumed of a variable would make rewritten formulas wrong. */
function expectAssumed({ name, facts }: Sym, value: unknown): void {
  if (facts === FACT.total || typeof value !== 'number' || Number.isNaN(value)) return;
  const found =
    (value >= 0 ? FACT.nonnegative : 0) |
    (value !== 0 ? FACT.nonzero : 0) |
    (Number.isInteger(value) ? FACT.integer : 0);
  if ((facts & ~FACT.total & ~found) !== 0) {
    throw new DomainError(`Cannot take ${value} for ${name}: it contradicts what is assumed of ${name}`);
  }
}

const small = (n: bigint) => (n >= -(2n ** 53n) && n <= 2n ** 53n ? Number(n) : n);

function constant<T, C>($: Carrier<T, C>, name: 'pi' | 'e' | 'true' | 'false'): T | C {
  if (name === 'pi') return $.pi;
  if (name === 'e') return $.exp($.int(1));
  return name === 'true' ? $.equal($.int(0), $.int(0)) : $.less($.int(0), $.int(0));
}

function number<T, C>($: Carrier<T, C>, { p, q }: Rational): T {
  return q === 1n ? $.int(small(p)) : $.rational(small(p), small(q));
}

/** Factors with negative exponents are multiplied up and divided by once. */
function product<T, C>($: Carrier<T, C>, node: Product, resultOf: (arg: Expr) => T): T {
  const { coefficient, args } = node;
  const above: T[] = [];
  const below: T[] = [];
  for (const factor of args) {
    const exponent = factor.kind === 'power' ? factor.args[1]! : undefined;
    if (exponent?.kind === 'num' && exponent.value.sign < 0) {
      below.push(raise($, resultOf(factor.args[0]!), exponent.value.neg()));
    } else {
      above.push(resultOf(factor));
    }
  }
  const size = coefficient.abs();
  if (!size.isOne) above.unshift(number($, size));
  const value = quotient($, above, below);
  return coefficient.sign < 0 ? $.neg(value) : value;
}

function quotient<T, C>($: Carrier<T, C>, above: readonly T[], below: readonly T[]): T {
  const multiplied = (factors: readonly T[]) => factors.reduce((a, b) => $.mul(a, b));
  if (below.length === 0) return above.length === 0 ? $.int(1) : multiplied(above);
  return above.length === 0 ? $.inv(multiplied(below)) : $.div(multiplied(above), multiplied(below));
}

function power<T, C>($: Carrier<T, C>, node: Expr, resultOf: (arg: Expr) => T): T {
  const [base, exponent] = node.args as [Expr, Expr];
  if (exponent.kind !== 'num') return $.pow(resultOf(base), resultOf(exponent));
  if (exponent.value.sign >= 0) return raise($, resultOf(base), exponent.value);
  return $.inv(raise($, resultOf(base), exponent.value.neg()));
}

/** A power with a rational exponent >= 0: by squaring if it is whole and small, by roots if it is a half. */
function raise<T, C>($: Carrier<T, C>, base: T, exponent: Rational): T {
  if (exponent.q === 2n && exponent.p <= 2n * MAX_SQUARING) {
    const root = $.sqrt(base);
    return exponent.p === 1n ? root : $.mul(raise($, base, Rational.of(exponent.p / 2n)), root);
  }
  if (!exponent.isInteger || exponent.p > MAX_SQUARING) return $.pow(base, number($, exponent));
  const squares: T[] = [];
  let square = base;
  for (let n = exponent.p; n > 0n; n >>= 1n) {
    if (n & 1n) squares.push(square);
    if (n > 1n) square = $.square(square);
  }
  return squares.length === 0 ? $.int(1) : squares.reduce((a, b) => $.mul(a, b));
}

function call<T, C>($: Carrier<T, C>, { name, args }: Call, resultOf: (arg: Expr) => T): T {
  if (!isLanguage(name)) {
    throw new DomainError(`Cannot evaluate ${name}(…): the function is declared, but has no values`);
  }
  const operation = $[name as keyof typeof $] as unknown as (...values: T[]) => T;
  return operation(...args.map(resultOf));
}

/** Whether a call has values: it is in the table, a comparison, a connective or `where`. */
export const isLanguage = (name: string): boolean =>
  Object.hasOwn(ops.unary, name) ||
  Object.hasOwn(ops.binary, name) ||
  CONDITIONS.has(name) ||
  name === 'where';

const CONDITIONS = new Set(['less', 'lessEqual', 'equal', 'not', 'and', 'or']);

/** Whether the expression is true or false rather than a number. */
export const isCondition = (e: Expr): boolean => e.kind === 'call' && CONDITIONS.has(e.name);
