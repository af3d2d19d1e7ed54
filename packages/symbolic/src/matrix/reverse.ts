// Reverse accumulation over matrix formulas: the adjoint of a node has the shape of the node, so the gradient by a
// matrix has the shape of the matrix (denominator layout).

import { usesOf } from '../gradient.ts';
import type { Expr } from '../node.ts';
import { dependents, postorder } from '../walk.ts';
import { chained, type Matrices, type Matrix, operand } from './matrices.ts';
import { isScalar, type Shape, ShapeError, show } from './shape.ts';
import { isStructure, operandsOf, type StructureName, type StructureNode } from './structures.ts';

/** The adjoint of the operand of a structure from that of its value. */
type Pullback = (m: Matrices, adjoint: Matrix, operand: Matrix, value: Expr) => Expr;

/** G - s, s being the sums of S∘G along an axis; all times S, for the softmax S. */
const softmaxPullback =
  (axis: 0 | 1): Pullback =>
  (m, g, { rows, cols }, value) => {
    const { algebra } = m;
    const weighted = m.sum({ e: algebra.product([value, g.e]), rows, cols }, axis);
    return algebra.product([value, algebra.$.sub(g.e, weighted.e)]);
  };

const logSumExpPullback =
  (axis: 0 | 1): Pullback =>
  (m, g, a) =>
    m.algebra.product([g.e, m.softmax(a, axis).e]);

/**
 * The rules: Petersen and Pedersen, The Matrix Cookbook (2012), equations 41, 43 and 59, transposed to the adjoint's
 * side; those of softmax follow from its Jacobian diag(s) - s s'.
 */
const PULLBACKS: Readonly<Record<Exclude<StructureName, 'matmul' | 'eye'>, Pullback>> = {
  transpose: (m, g) => m.transpose(g).e,
  sum: (_, g) => g.e,
  sum0: (_, g) => g.e,
  sum1: (_, g) => g.e,
  trace: (m, g, { rows }) => m.scaled(g.e, m.eye(rows)).e,
  inv: (m, g, a) => {
    const turned = m.transpose(m.inv(a));
    return m.algebra.$.neg(m.matmul(m.matmul(turned, g), turned).e);
  },
  det: (m, g, a, value) => m.scaled(m.algebra.product([g.e, value]), m.transpose(m.inv(a))).e,
  logdet: (m, g, a) => m.scaled(g.e, m.transpose(m.inv(a))).e,
  diag: (m, g) => m.diagonal(g).e,
  diagonal: (m, g) => m.diag(g).e,
  norm: (m, g, { e }, value) => m.algebra.product([g.e, m.algebra.$.div(e, value)]),
  softmax0: softmaxPullback(0),
  softmax1: softmaxPullback(1),
  logSumExp0: logSumExpPullback(0),
  logSumExp1: logSumExpPullback(1),
};

/** What a node hands to one of its arguments. */
export interface Use {
  readonly arg: Expr;
  readonly adjoint: Expr;
}

/** A node and its adjoint, as the sweep meets it. */
export interface Visit {
  readonly node: Expr;
  readonly adjoint: Matrix;
  readonly uses: readonly Use[];
}

/** The gradient of a scalar by a symbol, not yet simplified; `visit` sees every node on the way, outermost first. */
export function reverse(m: Matrices, e: Expr, name: string, visit: (visit: Visit) => void = () => {}): Expr {
  const { algebra } = m;
  const shape = m.own(e);
  if (!isScalar(shape)) {
    throw new ShapeError(
      `Cannot take the gradient of a ${show(shape)} matrix: only of a scalar, such as its sum or norm`,
    );
  }
  const moving = dependents([e], new Set([name]));
  const adjoints = new Map<Expr, Expr[]>([[e, [algebra.one]]]);
  let gradient = algebra.zero;
  for (const node of postorder([e]).reverse()) {
    if (!moving.has(node)) continue;
    const adjoint = { e: algebra.sum(adjoints.get(node) ?? []), ...m.own(node) };
    if (node.kind === 'sym') gradient = adjoint.e;
    const uses = isStructure(node)
      ? structureUses(m, node, adjoint, moving)
      : usesOf(algebra, node, adjoint.e, moving).map(([arg, use]) => ({
          arg,
          adjoint: gathered(m, { ...adjoint, e: use }, m.own(arg)),
        }));
    visit({ node, adjoint, uses });
    for (const use of uses) adjoints.set(use.arg, [...(adjoints.get(use.arg) ?? []), use.adjoint]);
  }
  return gradient;
}

/** An adjoint summed over the sizes along which its argument was stretched. */
function gathered(m: Matrices, use: Matrix, { rows, cols }: Shape): Expr {
  if (rows === 1 && cols === 1) return m.sum(use, 'all').e;
  if (rows === 1 && use.rows !== 1) return m.sum(use, 0).e;
  if (cols === 1 && use.cols !== 1) return m.sum(use, 1).e;
  return use.e;
}

function structureUses(m: Matrices, node: StructureNode, adjoint: Matrix, moving: ReadonlySet<Expr>): Use[] {
  if (node.name === 'matmul') return factorUses(m, node, adjoint, moving);
  if (node.name === 'eye') return [];
  const a = operand(node.args);
  if (!moving.has(a.e)) return [];
  const use = { ...a, e: PULLBACKS[node.name](m, adjoint, a, node) };
  return [{ arg: a.e, adjoint: gathered(m, use, m.own(a.e)) }];
}

/** The adjoint of a factor: the factors before it, transposed, the adjoint, the factors after it, transposed. */
function factorUses(m: Matrices, node: StructureNode, adjoint: Matrix, moving: ReadonlySet<Expr>): Use[] {
  const factors = chained(node.args);
  return operandsOf(node).flatMap((arg, i) => {
    if (!moving.has(arg)) return [];
    const before = factors
      .slice(0, i)
      .map((factor) => m.transpose(factor))
      .toReversed();
    const after = factors
      .slice(i + 1)
      .map((factor) => m.transpose(factor))
      .toReversed();
    const use = [...before, adjoint, ...after].reduce((left, right) => m.matmul(left, right));
    return [{ arg, adjoint: gathered(m, use, m.own(arg)) }];
  });
}
