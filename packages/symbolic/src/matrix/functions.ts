// What the language of matrices can call: structures, a few compositions of them, and every elementwise function.

import { FUNCTIONS } from '../functions.ts';
import type { Expr } from '../node.ts';
import type { Axis, Matrices, Matrix } from './matrices.ts';
import { broadcast, isScalar, type Shape, ShapeError, type Size, show } from './shape.ts';
import { sizeOf } from './structures.ts';

export interface MatrixFunction {
  readonly arity: readonly [least: number, most: number];
  build(m: Matrices, args: readonly Matrix[], name: string): Matrix;
}

const unary = (build: (m: Matrices, a: Matrix) => Matrix): MatrixFunction => ({
  arity: [1, 1],
  build: (m, [a]) => build(m, a!),
});

/** The axis given second: 0 or 1. */
function axisOf(name: string, given: Matrix | undefined): 0 | 1 | undefined {
  if (!given) return undefined;
  const { e } = given;
  const axis = e.kind === 'num' && e.value.isInteger ? e.value.toNumber() : undefined;
  if (axis === 0 || axis === 1) return axis;
  throw new ShapeError(`${name} takes an axis of 0 (down the rows) or 1 (along the columns), found ${e}`);
}

const reduction = (build: (m: Matrices, a: Matrix, axis: Axis) => Matrix): MatrixFunction => ({
  arity: [1, 2],
  build: (m, [a, axis], name) => build(m, a!, axisOf(name, axis) ?? 'all'),
});

/** Along the columns of a matrix, down a column vector. */
const normalising = (build: (m: Matrices, a: Matrix, axis: 0 | 1) => Matrix): MatrixFunction => ({
  arity: [1, 2],
  build: (m, [a, axis], name) => build(m, a!, axisOf(name, axis) ?? (a!.cols === 1 ? 0 : 1)),
});

function mean(m: Matrices, a: Matrix, axis: Axis): Matrix {
  const sizes: Size[] = [...(axis === 1 ? [] : [a.rows]), ...(axis === 0 ? [] : [a.cols])];
  const count = m.algebra.product([m.algebra.one, ...sizes.map((size) => m.size(size))]);
  return m.scaled(m.algebra.$.inv(count), m.sum(a, axis));
}

function vectorNorm(m: Matrices, a: Matrix): Matrix {
  if (a.rows === 1 || a.cols === 1) return m.norm(a);
  throw new ShapeError(`Cannot take norm2 of ${show(a)}: it is no vector; Frobenius' norm is normF`);
}

function dot(m: Matrices, a: Matrix, b: Matrix): Matrix {
  if (a.cols !== 1 || b.cols !== 1)
    throw new ShapeError(`Cannot take dot of ${show(a)} and ${show(b)}: columns only`);
  return m.matmul(m.transpose(a), b);
}

function sizeGiven(name: string, { e }: Matrix): Size {
  if (e.kind === 'sym' || (e.kind === 'num' && e.value.isInteger && e.value.sign > 0)) return sizeOf(e);
  throw new ShapeError(`${name} takes sizes, whole numbers or names, found ${e}`);
}

const filled = (value: (m: Matrices) => Expr): MatrixFunction => ({
  arity: [1, 2],
  build: (m, [rows, cols], name) => ({
    e: value(m),
    rows: sizeGiven(name, rows!),
    cols: cols ? sizeGiven(name, cols) : 1,
  }),
});

const OWN: Readonly<Record<string, MatrixFunction>> = {
  sum: reduction((m, a, axis) => m.sum(a, axis)),
  mean: reduction(mean),
  trace: unary((m, a) => m.trace(a)),
  transpose: unary((m, a) => m.transpose(a)),
  inv: unary((m, a) => m.inv(a)),
  det: unary((m, a) => m.det(a)),
  logdet: unary((m, a) => m.logdet(a)),
  diag: unary((m, a) => (a.cols === 1 ? m.diag(a) : m.diagonal(a))),
  norm1: unary((m, a) => m.sum({ ...a, e: m.algebra.$.abs(a.e) }, 'all')),
  norm2: unary(vectorNorm),
  normF: unary((m, a) => m.norm(a)),
  softmax: normalising((m, a, axis) => m.softmax(a, axis)),
  logSumExp: normalising((m, a, axis) => m.logSumExp(a, axis)),
  dot: { arity: [2, 2], build: (m, [a, b]) => dot(m, a!, b!) },
  outer: { arity: [2, 2], build: (m, [a, b]) => m.matmul(a!, m.transpose(b!)) },
  ones: filled((m) => m.algebra.one),
  zeros: filled((m) => m.algebra.zero),
  eye: { arity: [1, 1], build: (m, [n], name) => m.eye(sizeGiven(name, n!)) },
};

const ALIASES: Readonly<Record<string, string>> = {
  tr: 'trace',
  norm: 'normF',
  logsumexp: 'logSumExp',
  lse: 'logSumExp',
};

/** An elementwise function of the language. */
const elementwise = (name: string): MatrixFunction | undefined => {
  const fn = FUNCTIONS.get(name);
  return (
    fn && {
      arity: fn.arity,
      build: (m, args) => ({
        e: fn.build(
          m.algebra,
          args.map(({ e }) => e),
          name,
        ),
        ...stretched(name, args),
      }),
    }
  );
};

export const MATRIX_FUNCTIONS: ReadonlyMap<string, MatrixFunction> = new Map([
  ...[...FUNCTIONS.keys()].map((name) => [name, elementwise(name)!] as const),
  ...Object.entries(OWN),
  ...Object.entries(ALIASES).map(([alias, name]) => [alias, OWN[name]!] as const),
]);

/** The shape of an elementwise operation, of which one operand at least must have it whole. */
export function stretched(what: string, shapes: readonly Shape[]): Shape {
  const shape = broadcast(shapes);
  const isWhole = shape && shapes.some(({ rows, cols }) => rows === shape.rows && cols === shape.cols);
  if (shape && (isWhole || shapes.every(isScalar))) return shape;
  throw new ShapeError(`Cannot take ${what} of ${shapes.map(show).join(' and ')}: the shapes do not agree`);
}
