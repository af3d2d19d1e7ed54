import { ops } from '@leibniz/ops';
import type { Algebra } from './algebra.ts';
import type { Expr } from './node.ts';
import { memoise } from './walk.ts';

/** Calls replaced by what the table says they mean, until none is left that means something simpler. */
export function withMeanings(algebra: Algebra, roots: readonly Expr[]): Expr[] {
  let current = [...roots];
  for (;;) {
    let changed = false;
    current = memoise<Expr>(current, (node, resultOf) => {
      const args = node.args.map(resultOf);
      const meaning = node.kind === 'call' ? meaningOf(algebra, node.name, args) : undefined;
      if (meaning) changed = true;
      return meaning ?? algebra.rebuild(node, args);
    });
    if (!changed) return current;
  }
}

function meaningOf(algebra: Algebra, name: string, args: readonly Expr[]): Expr | undefined {
  if (Object.hasOwn(ops.unary, name)) {
    return ops.unary[name as keyof typeof ops.unary].means?.(algebra.$, args[0]!);
  }
  if (Object.hasOwn(ops.binary, name)) {
    return ops.binary[name as keyof typeof ops.binary].means?.(algebra.$, args[0]!, args[1]!);
  }
  return undefined;
}
