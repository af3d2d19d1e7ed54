import { Algebra } from './algebra.ts';
import { factsOfVariables } from './assumption.ts';
import { isCondition } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { memoise, postorder } from './walk.ts';

export interface CommonSubexpressions {
  /** What each new variable stands for, in variables of the input and earlier ones. */
  readonly replacements: readonly (readonly [name: string, value: Expr])[];
  /** The inputs, written with the new variables. */
  readonly results: readonly Expr[];
}

/**
 * Common-subexpression elimination: operations that occur more than once, in one expression or in several, get
 * names of their own, t1, t2, … but for those that are taken. Conditions are not named.
 *
 * @example
 * import { cse } from '@leibniz/symbolic';
 * const { replacements, results } = cse(['sin(x + y)^2', 'x*cos(sin(x + y))']);
 * replacements.map(([name, value]) => `${name} := ${value}`); // => [ 't1 := sin(x + y)' ]
 * results.map(String); // => [ 't1^2', 'x*cos(t1)' ]
 */
export function cse(exprs: readonly Input[]): CommonSubexpressions {
  const algebra = new Algebra();
  const roots = algebra.adopt(...exprs.map((e) => toExpr(e)));
  const order = postorder(roots);
  const uses = new Map<Expr, number>();
  for (const node of [...order.flatMap(({ args }) => args), ...roots]) {
    uses.set(node, (uses.get(node) ?? 0) + 1);
  }
  const taken = new Set(factsOfVariables(roots).keys());
  const replacements: [string, Expr][] = [];
  let next = 1;
  const results = memoise<Expr>(roots, (node, resultOf) => {
    const written = node.args.length === 0 ? node : algebra.rebuild(node, node.args.map(resultOf));
    if (node.args.length === 0 || uses.get(node)! < 2 || isCondition(node)) return written;
    while (taken.has(`t${next}`)) next++;
    const name = `t${next++}`;
    replacements.push([name, written]);
    return algebra.sym(name, node.facts);
  });
  return { replacements, results };
}
