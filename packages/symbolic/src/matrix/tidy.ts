// Short forms: the scalar engine on what is elementwise, the constructors on structures, and common factors of
// products of matrices taken out.

import { Costs } from '../cost.ts';
import type { Expr, Sum } from '../node.ts';
import { simplify } from '../simplify.ts';
import { memoise } from '../walk.ts';
import type { Matrices, Matrix } from './matrices.ts';

/** Rounds of simplification; each is shorter than the one before, or the last. */
const ROUNDS = 8;

export function tidy(m: Matrices, e: Expr): Expr {
  const costs = new Costs();
  let best = e;
  let current = e;
  for (let i = 0; i < ROUNDS; i++) {
    const [simplified] = m.algebra.adopt(simplify(current));
    const next = shared(m, rebuilt(m, simplified!), costs);
    if (costs.of(next) < costs.of(best)) best = next;
    if (next === current) break;
    current = next;
  }
  return best;
}

/** Every structure made again, so that what its operands have become counts. */
export function rebuilt(m: Matrices, e: Expr): Expr {
  return memoise<Expr>([e], (node, resultOf) => m.rebuild(node, node.args.map(resultOf)))[0]!;
}

/** A·B + A·C = A·(B + C) and B·A + C·A = (B + C)·A, where that is shorter. */
function shared(m: Matrices, e: Expr, costs: Costs): Expr {
  return memoise<Expr>([e], (node, resultOf) => {
    const next = m.rebuild(node, node.args.map(resultOf));
    if (next.kind !== 'sum') return next;
    const best = sharings(m, next).reduce((a, b) => (costs.of(b) < costs.of(a) ? b : a), next as Expr);
    return best;
  })[0]!;
}

/** A term as a scalar times a product of matrices. */
interface Term {
  readonly scale: Expr;
  readonly factors: readonly Matrix[];
  readonly term: Expr;
}

function sharings(m: Matrices, node: Sum): Expr[] {
  const { algebra } = m;
  const terms = node.args.flatMap((term): Term[] => {
    const found = m.scaledFactors(term);
    return found ? [{ ...found, term }] : [];
  });
  return (['first', 'last'] as const).flatMap((side) => {
    const sideOf = ({ factors }: Term) => (side === 'first' ? factors[0]! : factors.at(-1)!);
    return [...new Set(terms.map((term) => sideOf(term).e))].flatMap((common) => {
      const together = terms.filter((term) => sideOf(term).e === common);
      if (together.length < 2) return [];
      const others = together.map(({ scale, factors }) => {
        const rest = side === 'first' ? factors.slice(1) : factors.slice(0, -1);
        return algebra.product([scale, m.chain(rest)]);
      });
      const [factor] = together.map(sideOf);
      const [{ factors }] = together as [Term];
      const sum: Matrix = {
        e: algebra.sum(others),
        rows: side === 'first' ? factor!.cols : factors[0]!.rows,
        cols: side === 'first' ? factors.at(-1)!.cols : factor!.rows,
      };
      const product = side === 'first' ? m.matmul(factor!, sum) : m.matmul(sum, factor!);
      const left = node.args.filter((arg) => !together.some(({ term }) => term === arg));
      return [algebra.sum([algebra.num(node.constant), product.e, ...left])];
    });
  });
}
