// Execution: an expression as a plain function. Nothing is ever turned into source text.

import { compileFunction, compileMap, type Formula } from '@leibniz/kernels';
import { UnboundSymbolError } from './errors.ts';
import { foldAll } from './fold.ts';
import { gradient } from './gradient.ts';
import { type Input, toExpr } from './input.ts';
import { interpreted } from './interpret.ts';
import type { Expr } from './node.ts';
import { countNodes, variables } from './walk.ts';

/**
 * The expression as a function of the named variables, in this order. Every shared part is computed once; values are
 * those of `evaluate`.
 *
 * @throws UnboundSymbolError if the expression has a variable that is not named.
 * @example
 * import { compile } from '@leibniz/symbolic/compile';
 * const f = compile('x^2 + 3*y', ['x', 'y']);
 * f(2, 1); // => 7
 */
export function compile(e: Input, names: readonly string[]): (...values: number[]) => number {
  const expr = expectBound(toExpr(e), names);
  return countNodes(expr) > MAX_COMPILED
    ? interpreted(expr, names)
    : compileFunction(names.length, formulaOf([expr], names));
}

/** Larger expressions are interpreted, since WebAssembly bounds the size of a function. */
const MAX_COMPILED = 4000;

const formulaOf =
  (roots: readonly Expr[], names: readonly string[]): Formula =>
  ($, ...x) =>
    foldAll(roots, $, Object.fromEntries(names.map((name, i) => [name, x[i]!])));

/**
 * The value of an expression and its gradient by the named variables, in one pass that shares what they have in common.
 *
 * @example
 * import { compileGradient } from '@leibniz/symbolic/compile';
 * const f = compileGradient('x^4 + y^2', ['x', 'y']);
 * f(1, 3); // => { value: 10, gradient: Float64Array(2) [ 4, 6 ] }
 */
export function compileGradient(
  e: Input,
  names: readonly string[],
): (...values: number[]) => { value: number; gradient: Float64Array } {
  const expr = expectBound(toExpr(e), names);
  const run = compileFunction(names.length, formulaOf([expr, ...gradient(expr, names)], names));
  return (...values) => ({ value: run(...values), gradient: run.results.slice(1) });
}

/**
 * The expression as a function of columns of equal length, computed by one kernel with SIMD; exponential,
 * circular and hyperbolic functions and their inverses are within 3 units in the last place of `evaluate`. Columns from
 * `allocate` of `@leibniz/kernels` are not copied, and large ones are shared among threads.
 *
 * @throws UnboundSymbolError if the expression has a variable that is not named.
 * @example
 * import { compileBatch } from '@leibniz/symbolic/compile';
 * const f = compileBatch('x^2 + 1', ['x']);
 * f([Float64Array.of(1, 2, 3)]); // => Float64Array(3) [ 2, 5, 10 ]
 */
export function compileBatch(
  e: Input,
  names: readonly string[],
): (columns: readonly Float64Array[], out?: Float64Array) => Float64Array {
  const expr = expectBound(toExpr(e), names);
  const kernel = compileMap({ dtype: 'float64', inputs: names.length }, formulaOf([expr], names));
  return (columns, out = new Float64Array(columns[0]?.length ?? 1)) => kernel(out, ...columns);
}

function expectBound(e: Expr, names: readonly string[]): Expr {
  const missing = variables(e).find((name) => !names.includes(name));
  if (missing !== undefined) throw new UnboundSymbolError(missing);
  return e;
}
