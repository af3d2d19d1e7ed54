import { Algebra } from './algebra.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { memoise } from './walk.ts';

/**
 * The expression with variables replaced, all at once.
 *
 * @example
 * import { substitute } from '@leibniz/symbolic';
 * String(substitute('x^2 + y', { x: 'y + 1', y: 3 })); // => (y + 1)^2 + 3
 */
export function substitute(e: Input, replacements: Readonly<Record<string, Input>>): Expr {
  const algebra = new Algebra();
  const entries = Object.entries(replacements).map(([name, value]) => [name, toExpr(value)] as const);
  const [own, ...values] = algebra.adopt(toExpr(e), ...entries.map(([, value]) => value));
  const byName = new Map(entries.map(([name], i) => [name, values[i]!]));
  const [result] = memoise<Expr>([own!], (node, resultOf) => {
    if (node.kind === 'sym') return byName.get(node.name) ?? node;
    return algebra.rebuild(node, node.args.map(resultOf));
  });
  return result!;
}
