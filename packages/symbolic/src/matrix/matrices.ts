// The constructors of matrix formulas. Elementwise operations are the ordinary nodes of expressions, stretched to a
// common shape; what is not elementwise is a call of `structures.ts` that carries the sizes of its operands, so that
// no rewriting of an operand loses a shape. Scalars are taken out, products flattened, transposes moved to the symbols.

import type { Algebra } from '../algebra.ts';
import { FACT } from '../facts.ts';
import type { Expr } from '../node.ts';
import { arrive } from '../walk.ts';
import { broadcast, isScalar, SCALAR, type Shape, ShapeError, type Size, type Space, show } from './shape.ts';
import { isStructure, shapeOf, sizeOf } from './structures.ts';

/** An expression stretched to a shape. */
export interface Matrix extends Shape {
  readonly e: Expr;
}

export type Axis = 'all' | 0 | 1;

/** The names of reductions by axis. */
const SUMS = { all: 'sum', 0: 'sum0', 1: 'sum1' } as const;

export class Matrices {
  readonly algebra: Algebra;
  readonly space: Space;
  private readonly shapes = new Map<Expr, Shape>();
  private readonly flipped = new Map<Expr, Expr>();

  constructor(algebra: Algebra, space: Space) {
    this.algebra = algebra;
    this.space = space;
  }

  /** The shape that an expression has of itself, before it is stretched. */
  own(e: Expr): Shape {
    arrive([e], this.shapes, (node) => this.shapes.set(node, this.shapeAt(node)));
    return this.shapes.get(e)!;
  }

  private shapeAt(node: Expr): Shape {
    if (node.kind === 'sym') return this.space.symbols.get(node.name) ?? SCALAR;
    if (isStructure(node)) return shapeOf(node);
    const shapes = node.args.map((arg) => this.shapes.get(arg)!);
    const shape = broadcast(shapes);
    if (!shape) throw new ShapeError(`Cannot combine ${shapes.map(show).join(' and ')} element by element`);
    return shape;
  }

  whole(e: Expr): Matrix {
    return { e, ...this.own(e) };
  }

  size(size: Size): Expr {
    return typeof size === 'number'
      ? this.algebra.int(size)
      : this.algebra.sym(size, FACT.integer | FACT.nonzero | FACT.nonnegative);
  }

  eye(n: Size): Matrix {
    const e = n === 1 ? this.algebra.one : this.algebra.call('eye', [this.size(n)]);
    return { e, rows: n, cols: n };
  }

  scaled(scalar: Expr, { e, ...shape }: Matrix): Matrix {
    return { e: this.algebra.product([scalar, e]), ...shape };
  }

  /** The matrix product. */
  matmul(a: Matrix, b: Matrix): Matrix {
    if (a.cols !== b.rows) {
      throw new ShapeError(`Cannot multiply ${show(a)} by ${show(b)}: ${a.cols} columns meet ${b.rows} rows`);
    }
    const left = this.split(a.e, isScalar);
    const right = this.split(b.e, isScalar);
    const scale = this.algebra.product([left.taken, right.taken]);
    const product = this.contracted({ ...a, e: left.rest }, { ...b, e: right.rest });
    return { e: this.algebra.product([scale, product]), rows: a.rows, cols: b.cols };
  }

  /** The factors of a product whose own shape is as asked, and the others. */
  private split(e: Expr, isTaken: (shape: Shape) => boolean): { taken: Expr; rest: Expr } {
    const { algebra } = this;
    if (e.kind !== 'product') {
      return isTaken(this.own(e)) ? { taken: e, rest: algebra.one } : { taken: algebra.one, rest: e };
    }
    const taken = e.args.filter((factor) => isTaken(this.own(factor)));
    const rest = e.args.filter((factor) => !taken.includes(factor));
    const number = algebra.num(e.coefficient);
    return { taken: algebra.product([number, ...taken]), rest: algebra.product([algebra.one, ...rest]) };
  }

  /** A product of factors without scalars; one that does not vary along the inner size leaves a sum of the other. */
  private contracted(a: Matrix, b: Matrix): Expr {
    const { algebra } = this;
    const [left, right] = [this.own(a.e), this.own(b.e)];
    const inner = a.cols;
    if (inner !== 1 && left.cols === 1) {
      return algebra.product([a.e, this.sum({ e: b.e, rows: inner, cols: right.cols }, 0).e]);
    }
    if (inner !== 1 && right.rows === 1) {
      return algebra.product([this.sum({ e: a.e, rows: left.rows, cols: inner }, 1).e, b.e]);
    }
    if (isScalar(left) || isScalar(right)) return algebra.product([a.e, b.e]);
    return this.chain([
      ...this.factors({ e: a.e, rows: left.rows, cols: inner }),
      ...this.factors({ e: b.e, rows: inner, cols: right.cols }),
    ]);
  }

  /** The factors of a matrix product, one by one. */
  factors(a: Matrix): Matrix[] {
    return a.e.kind === 'call' && a.e.name === 'matmul' ? chained(a.e.args) : [a];
  }

  /** A term as a scalar times a product of matrices, if it is one. */
  scaledFactors(term: Expr): { readonly scale: Expr; readonly factors: Matrix[] } | undefined {
    const { algebra } = this;
    const parts = term.kind === 'product' ? term.args : [term];
    const chain = parts.find((part) => part.kind === 'call' && part.name === 'matmul');
    if (!chain || parts.some((part) => part !== chain && !isScalar(this.own(part)))) return undefined;
    const number = term.kind === 'product' ? [algebra.num(term.coefficient)] : [];
    const scalars = parts.filter((part) => part !== chain);
    return {
      scale: algebra.product([algebra.one, ...number, ...scalars]),
      factors: this.factors(this.whole(chain)),
    };
  }

  /** A product of several matrices: identities and inverses side by side drop out, scalars in it come apart. */
  chain(factors: readonly Matrix[]): Expr {
    const { algebra } = this;
    const kept: Matrix[] = [];
    for (const factor of factors) {
      const last = kept.at(-1);
      if (isEye(factor.e)) continue;
      if (last && isInverse(last.e, factor.e)) kept.pop();
      else kept.push(factor);
    }
    if (kept.length === 0) return this.eye(factors[0]!.rows).e;
    if (kept.length === 1) return kept[0]!.e;
    const [first, last] = [kept[0]!, kept.at(-1)!];
    const cuts = kept.flatMap(({ rows }, i) => (i > 0 && rows === 1 ? [i] : []));
    const cut = first.rows === 1 ? cuts[0] : last.cols === 1 ? cuts.at(-1) : undefined;
    if (cut !== undefined) {
      return algebra.product([this.chain(kept.slice(0, cut)), this.chain(kept.slice(cut))]);
    }
    const sizes = [first.rows, ...kept.map(({ cols }) => cols)];
    return algebra.call('matmul', [...kept.map(({ e }) => e), ...sizes.map((size) => this.size(size))]);
  }

  transpose({ e, rows, cols }: Matrix): Matrix {
    return { e: this.flip(e), rows: cols, cols: rows };
  }

  /** The transpose of an expression of its own shape. */
  flip(e: Expr): Expr {
    arrive([e], this.flipped, (node) => this.flipped.set(node, this.flipAt(node)));
    return this.flipped.get(e)!;
  }

  private flipAt(node: Expr): Expr {
    const { algebra } = this;
    const own = this.own(node);
    const flip = (arg: Expr) => this.flipped.get(arg)!;
    if (isScalar(own)) return node;
    if (node.kind === 'sym') {
      return this.space.symbols.get(node.name)!.symmetric ? node : this.call('transpose', this.whole(node));
    }
    if (node.kind !== 'call' || !isStructure(node)) return algebra.rebuild(node, node.args.map(flip));
    if (node.name === 'eye') return node;
    const inside = operand(node.args);
    const turned = { e: flip(inside.e), rows: inside.cols, cols: inside.rows };
    switch (node.name) {
      case 'transpose':
        return inside.e;
      case 'matmul': {
        const factors = this.factors(this.whole(node)).toReversed();
        return this.chain(factors.map(({ e, rows, cols }) => ({ e: flip(e), rows: cols, cols: rows })));
      }
      case 'sum0':
        return this.sum(turned, 1).e;
      case 'sum1':
        return this.sum(turned, 0).e;
      case 'inv':
        return this.inv(turned).e;
      case 'softmax0':
      case 'softmax1':
        return this.softmax(turned, node.name === 'softmax0' ? 1 : 0).e;
      case 'logSumExp0':
      case 'logSumExp1':
        return this.logSumExp(turned, node.name === 'logSumExp0' ? 1 : 0).e;
      case 'diag':
        return node;
      default:
        return this.call('transpose', this.whole(node));
    }
  }

  private call(name: string, { e, rows, cols }: Matrix): Expr {
    return this.algebra.call(name, [e, this.size(rows), this.size(cols)]);
  }

  /** The sum of all elements, or down the rows (axis 0), or along the columns (axis 1). */
  sum(a: Matrix, axis: Axis): Matrix {
    const { algebra } = this;
    const shape = { rows: axis === 1 ? a.rows : 1, cols: axis === 0 ? a.cols : 1 };
    const isFixed = ({ rows, cols }: Shape) => (axis === 1 || rows === 1) && (axis === 0 || cols === 1);
    const { taken, rest } = this.split(a.e, isFixed);
    const own = this.own(rest);
    const stretched = [
      ...(axis !== 1 && own.rows === 1 ? [this.size(a.rows)] : []),
      ...(axis !== 0 && own.cols === 1 ? [this.size(a.cols)] : []),
    ];
    const reduced = this.reduced({ e: rest, rows: own.rows, cols: own.cols }, axis);
    return { e: algebra.product([taken, ...stretched, reduced]), ...shape };
  }

  private reduced(a: Matrix, axis: Axis): Expr {
    const { e, rows, cols } = a;
    if ((axis === 1 || rows === 1) && (axis === 0 || cols === 1)) return e;
    if (e.kind === 'call' && (e.name === 'sum0' || e.name === 'sum1'))
      return this.call('sum', operand(e.args));
    if (axis === 1 && e.kind === 'sym' && this.space.symbols.get(e.name)?.oneHot) return this.algebra.one;
    if (axis === 1 && e.kind === 'call' && e.name === 'softmax1') return this.algebra.one;
    if (axis === 0 && e.kind === 'call' && e.name === 'softmax0') return this.algebra.one;
    const isAll = axis === 'all' || (axis === 0 ? cols === 1 : rows === 1);
    return this.call(SUMS[isAll ? 'all' : axis], a);
  }

  trace(a: Matrix): Matrix {
    this.expectSquare('the trace', a);
    const { taken, rest } = this.split(a.e, isScalar);
    const own = this.own(rest);
    const value =
      rest.kind === 'call' && isEye(rest)
        ? this.size(a.rows)
        : isScalar(own)
          ? this.algebra.product([this.size(a.rows), rest])
          : this.call('trace', { e: rest, rows: a.rows, cols: a.cols });
    return { e: this.algebra.product([taken, value]), ...SCALAR };
  }

  /** The inverse of a square matrix; of a product of such, the product of the inverses; nothing of others. */
  private inverse(a: Matrix): Matrix | undefined {
    if (a.rows !== a.cols) return undefined;
    const { algebra } = this;
    const { taken, rest } = this.split(a.e, isScalar);
    const outside = taken === algebra.one ? taken : algebra.power(taken, algebra.minusOne);
    return { ...a, e: algebra.product([outside, this.inverseOf({ ...a, e: rest })]) };
  }

  private inverseOf(a: Matrix): Expr {
    const { e } = a;
    if (isScalar(a)) return this.algebra.power(e, this.algebra.minusOne);
    if (isEye(e)) return e;
    if (e.kind === 'call' && e.name === 'inv') return e.args[0]!;
    const inverses = this.factors(a).map((factor) => (factor.e === e ? undefined : this.inverse(factor)));
    if (inverses.every((factor) => factor !== undefined)) return this.chain(inverses.toReversed());
    return this.call('inv', a);
  }

  inv(a: Matrix): Matrix {
    this.expectSquare('the inverse', a);
    return this.inverse(a)!;
  }

  det(a: Matrix): Matrix {
    this.expectSquare('the determinant', a);
    const { algebra } = this;
    const { taken, rest } = this.split(a.e, isScalar);
    const outside = algebra.power(taken, this.size(a.rows));
    return { e: algebra.product([outside, this.detOf({ ...a, e: rest })]), ...SCALAR };
  }

  private detOf(a: Matrix): Expr {
    const { algebra } = this;
    if (isScalar(a)) return a.e;
    if (isEye(a.e)) return algebra.one;
    if (a.e.kind === 'call' && a.e.name === 'inv')
      return algebra.$.inv(this.call('det', { ...a, e: a.e.args[0]! }));
    const factors = this.factors(a);
    const areSquare = factors.length > 1 && factors.every(({ rows, cols }) => rows === cols);
    if (areSquare) return algebra.product(factors.map((factor) => this.det(factor).e));
    return this.call('det', { ...a, e: this.unturned(a.e) });
  }

  logdet(a: Matrix): Matrix {
    this.expectSquare('the determinant', a);
    if (isEye(a.e)) return { e: this.algebra.zero, ...SCALAR };
    return { e: this.call('logdet', { ...a, e: this.unturned(a.e) }), ...SCALAR };
  }

  private unturned(e: Expr): Expr {
    return e.kind === 'call' && e.name === 'transpose' ? e.args[0]! : e;
  }

  /** The square matrix with a column on its diagonal. */
  diag(a: Matrix): Matrix {
    if (a.cols !== 1) throw new ShapeError(`Cannot put ${show(a)} on a diagonal: it is no column`);
    const { taken, rest } = this.split(a.e, isScalar);
    const inside = isScalar(this.own(rest))
      ? this.scaled(rest, this.eye(a.rows)).e
      : this.call('diag', { ...a, e: rest });
    return { e: this.algebra.product([taken, inside]), rows: a.rows, cols: a.rows };
  }

  /** The diagonal of a square matrix, as a column. */
  diagonal(a: Matrix): Matrix {
    this.expectSquare('the diagonal', a);
    const { taken, rest } = this.split(a.e, isScalar);
    const inside = isEye(rest)
      ? this.algebra.one
      : isScalar(this.own(rest))
        ? rest
        : this.call('diagonal', { ...a, e: rest });
    return { e: this.algebra.product([taken, inside]), rows: a.rows, cols: 1 };
  }

  /** The square root of the sum of squares: Euclid's norm of a vector, Frobenius' of a matrix. */
  norm(a: Matrix): Matrix {
    const { algebra } = this;
    const { taken, rest } = this.split(a.e, isScalar);
    const inside = isScalar(a) ? algebra.$.abs(rest) : this.call('norm', { ...a, e: rest });
    return { e: algebra.product([algebra.$.abs(taken), inside]), ...SCALAR };
  }

  /** exp of each element over the sum of these down the rows (axis 0) or along the columns (axis 1). */
  softmax(a: Matrix, axis: 0 | 1): Matrix {
    return { ...a, e: this.algebra.call(`softmax${axis}`, [a.e, this.size(a.rows), this.size(a.cols)]) };
  }

  logSumExp(a: Matrix, axis: 0 | 1): Matrix {
    const e = this.algebra.call(`logSumExp${axis}`, [a.e, this.size(a.rows), this.size(a.cols)]);
    return { e, rows: axis === 0 ? 1 : a.rows, cols: axis === 0 ? a.cols : 1 };
  }

  private expectSquare(what: string, a: Matrix): void {
    if (a.rows !== a.cols) throw new ShapeError(`Cannot take ${what} of ${show(a)}: it is not square`);
  }

  /** A node built again over other arguments, with everything that the constructors do. */
  rebuild(node: Expr, args: readonly Expr[]): Expr {
    if (node.kind !== 'call' || !isStructure(node)) return this.algebra.rebuild(node, args);
    if (node.name === 'eye') return this.algebra.call('eye', args);
    if (node.name === 'matmul') return chained(args).reduce((left, right) => this.matmul(left, right)).e;
    const a = operand(args);
    switch (node.name) {
      case 'transpose':
        return this.transpose(a).e;
      case 'sum':
        return this.sum(a, 'all').e;
      case 'sum0':
        return this.sum(a, 0).e;
      case 'sum1':
        return this.sum(a, 1).e;
      case 'softmax0':
      case 'softmax1':
        return this.softmax(a, node.name === 'softmax0' ? 0 : 1).e;
      case 'logSumExp0':
      case 'logSumExp1':
        return this.logSumExp(a, node.name === 'logSumExp0' ? 0 : 1).e;
      default:
        return this[node.name](a).e;
    }
  }
}

/** Whether one is written as the inverse of the other. */
const isInverse = (a: Expr, b: Expr): boolean =>
  (a.kind === 'call' && a.name === 'inv' && a.args[0] === b) ||
  (b.kind === 'call' && b.name === 'inv' && b.args[0] === a);

export const isEye = (e: Expr): boolean => e.kind === 'call' && e.name === 'eye';

/** The operand among the arguments of a structure of one. */
export function operand(args: readonly Expr[]): Matrix {
  const [e, rows, cols] = args as [Expr, Expr, Expr];
  return { e, rows: sizeOf(rows), cols: sizeOf(cols) };
}

/** The factors among the arguments of a product of matrices. */
export function chained(args: readonly Expr[]): Matrix[] {
  const count = (args.length - 1) / 2;
  const sizes = args.slice(count).map(sizeOf);
  return args.slice(0, count).map((e, i) => ({ e, rows: sizes[i]!, cols: sizes[i + 1]! }));
}
