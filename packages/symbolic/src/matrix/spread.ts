// The form in which equal matrix formulas are alike: products of matrices multiplied out, sums taken term by term and
// into products, scalars that are products turned one way round.

import { LimitError } from '../errors.ts';
import { compareExpr } from '../expr.ts';
import type { Expr } from '../node.ts';
import { expand } from '../rewrites.ts';
import { memoise } from '../walk.ts';
import { type Axis, chained, type Matrices, type Matrix, operand } from './matrices.ts';
import { isScalar } from './shape.ts';
import { isStructure, type StructureNode } from './structures.ts';

/** Terms of one product multiplied out. */
const MAX_TERMS = 2000;

export function spread(m: Matrices, e: Expr): Expr {
  const [result] = memoise<Expr>([e], (node, resultOf) => {
    const next = m.rebuild(node, node.args.map(resultOf));
    return isStructure(next) ? spreadStructure(m, next) : next;
  });
  return result!;
}

/** The terms of an operand, multiplied out, each stretched to its shape. */
function terms(m: Matrices, a: Matrix): Matrix[] {
  const [e] = m.algebra.adopt(expand(a.e)) as [Expr];
  if (e.kind !== 'sum') return [{ ...a, e }];
  const constant = e.constant.isZero ? [] : [{ ...a, e: m.algebra.num(e.constant) }];
  return [...constant, ...e.args.map((term) => ({ ...a, e: term }))];
}

function spreadStructure(m: Matrices, node: StructureNode): Expr {
  const { algebra } = m;
  if (node.name === 'eye') return node;
  if (node.name === 'matmul') return multipliedOut(m, chained(node.args));
  const a = operand(node.args);
  const each = (of: (term: Matrix) => Expr) => algebra.sum(terms(m, a).map(of));
  switch (node.name) {
    case 'sum':
      return each((term) => summed(m, term, 'all'));
    case 'sum0':
      return each((term) => summed(m, term, 0));
    case 'sum1':
      return each((term) => summed(m, term, 1));
    case 'trace':
      return each((term) => traced(m, term));
    case 'diag':
      return each((term) => m.diag(term).e);
    case 'diagonal':
      return each((term) => m.diagonal(term).e);
    case 'norm': {
      const square = { ...a, e: algebra.$.square(a.e) };
      return algebra.$.sqrt(algebra.sum(terms(m, square).map((term) => summed(m, term, 'all'))));
    }
    case 'softmax0':
    case 'softmax1': {
      const powers = { ...a, e: algebra.$.exp(a.e) };
      return algebra.$.div(powers.e, m.sum(powers, node.name === 'softmax0' ? 0 : 1).e);
    }
    case 'logSumExp0':
    case 'logSumExp1': {
      const powers = { ...a, e: algebra.$.exp(a.e) };
      return algebra.$.log(m.sum(powers, node.name === 'logSumExp0' ? 0 : 1).e);
    }
    default:
      return node;
  }
}

function multipliedOut(m: Matrices, factors: readonly Matrix[]): Expr {
  let products: Matrix[] = [];
  for (const factor of factors) {
    const parts = terms(m, factor);
    products =
      products.length === 0 ? parts : products.flatMap((left) => parts.map((right) => m.matmul(left, right)));
    if (products.length > MAX_TERMS)
      throw new LimitError('the terms of a product', MAX_TERMS, products.length);
  }
  return m.algebra.sum(products.map(({ e }) => oriented(m, withoutDiagonal(m, e))));
}

/** diag(u)*v is u .* v for a column v. */
function withoutDiagonal(m: Matrices, e: Expr): Expr {
  if (e.kind !== 'call' || e.name !== 'matmul') return e;
  const factors = chained(e.args);
  const [before, last] = factors.slice(-2) as [Matrix, Matrix];
  if (last.cols !== 1 || !isStructure(before.e) || before.e.name !== 'diag') return e;
  const scaled = { ...last, e: m.algebra.product([before.e.args[0]!, last.e]) };
  return [...factors.slice(0, -2), scaled].reduce((left, right) => m.matmul(left, right)).e;
}

/** A scalar product of matrices and its transpose are one: x'*A*y is y'*A'*x. */
function oriented(m: Matrices, e: Expr): Expr {
  const { algebra } = m;
  if (e.kind === 'product') {
    return algebra.product([algebra.num(e.coefficient), ...e.args.map((factor) => oriented(m, factor))]);
  }
  if (!isStructure(e) || e.name !== 'matmul' || !isScalar(m.own(e))) return e;
  const turned = m.chain(
    chained(e.args)
      .map((factor) => m.transpose(factor))
      .toReversed(),
  );
  return compareExpr(turned, e) < 0 ? turned : e;
}

/** A sum of one term: of a product of matrices, that of its first and last factor; of two factors, their product. */
function summed(m: Matrices, a: Matrix, axis: Axis): Expr {
  const { algebra } = m;
  const found = m.scaledFactors(a.e);
  if (found) {
    const { scale, factors: chain } = found;
    const factors = chain.map((factor, i) => {
      if (i === 0 && axis !== 1) return m.sum(factor, 0);
      return i === chain.length - 1 && axis !== 0 ? m.sum(factor, 1) : factor;
    });
    const product = factors.reduce((left, right) => m.matmul(left, right));
    return algebra.product([scale, oriented(m, product.e)]);
  }
  if (axis === 'all') {
    const pair = pairIn(m, a);
    if (pair) return algebra.product([pair.rest, traced(m, m.matmul(m.transpose(pair.left), pair.right))]);
  }
  return m.sum(a, axis).e;
}

/** The two factors of a term that vary, if there are just two: their sum is the trace of a product. */
function pairIn(m: Matrices, a: Matrix): { left: Matrix; right: Matrix; rest: Expr } | undefined {
  const { e } = a;
  const parts = e.kind === 'product' ? e.args : [e];
  const varying = parts.flatMap((part) => {
    if (isScalar(m.own(part))) return [];
    const isSquare = part.kind === 'power' && part.args[1]!.kind === 'num' && part.args[1]!.value.p === 2n;
    return isSquare && part.args[1]!.kind === 'num' && part.args[1]!.value.isInteger
      ? [part.args[0]!, part.args[0]!]
      : [part];
  });
  const shape = { rows: a.rows, cols: a.cols };
  const isWhole = (part: Expr) => m.own(part).rows === shape.rows && m.own(part).cols === shape.cols;
  if (varying.length !== 2 || !varying.every(isWhole)) return undefined;
  const number = e.kind === 'product' ? [m.algebra.num(e.coefficient)] : [];
  const rest = m.algebra.product([
    m.algebra.one,
    ...number,
    ...parts.filter((part) => isScalar(m.own(part))),
  ]);
  return { left: { e: varying[0]!, ...shape }, right: { e: varying[1]!, ...shape }, rest };
}

/** The trace of one term, of all turns of its factors and their transposes the first. */
function traced(m: Matrices, a: Matrix): Expr {
  const { algebra } = m;
  if (a.rows === 1) return oriented(m, a.e);
  const found = m.scaledFactors(a.e);
  if (!found) return m.trace(a).e;
  const { scale, factors: chain } = found;
  const turned = chain.map((factor) => m.transpose(factor)).toReversed();
  const turns = [chain, turned].flatMap((factors) =>
    factors.map((_, i) => [...factors.slice(i), ...factors.slice(0, i)]),
  );
  const products = turns.map((factors) => factors.reduce((left, right) => m.matmul(left, right)));
  const scalars = products.filter(({ rows }) => rows === 1).map(({ e }) => oriented(m, e));
  const values = scalars.length > 0 ? scalars : products.map((product) => m.trace(product).e);
  const first = values.reduce((x, y) => (compareExpr(y, x) < 0 ? y : x));
  return algebra.product([scale, first]);
}
