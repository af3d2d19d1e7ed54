import { Algebra } from '../algebra.ts';
import { type Ball, balls } from '../ball.ts';
import { equal } from '../equal.ts';
import { DomainError, LimitError } from '../errors.ts';
import type { Expr } from '../node.ts';
import { Rational } from '../rational.ts';
import { variables } from '../walk.ts';
import { countOf, type Dense, dense, evaluateMatrix, rowsOf, stretch } from './dense.ts';
import { Matrices, type Matrix } from './matrices.ts';
import type { Size, Space } from './shape.ts';
import { spread } from './spread.ts';

/** Matrices at which an element of the two sides differs, as enclosures show; anyone can check them again. */
export interface MatrixWitness {
  /** What the names of sizes were. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Rows of exact values. */
  readonly at: Readonly<Record<string, readonly (readonly Rational[])[]>>;
  readonly row: number;
  readonly col: number;
  /** The two elements, to 17 digits or as many as tell them apart. */
  readonly left: string;
  readonly right: string;
}

export interface MatrixEquality {
  readonly verdict: 'proved' | 'refuted' | 'unknown';
  readonly witness?: MatrixWitness;
  readonly why: string;
}

const PRECISION = 256;
const TRIES = 8;

/** Equal elements, wherever both sides have them. */
export function equalMatrices(space: Space, left: Matrix, right: Matrix): MatrixEquality {
  const proof = proveEqual(space, left, right);
  if (proof.verdict === 'proved') return proof;
  const witness = refute(space, left, right);
  if (!witness) return proof;
  return { verdict: 'refuted', witness, why: 'enclosures of an element of the two sides lie apart' };
}

export function proveEqual(space: Space, left: Matrix, right: Matrix): MatrixEquality {
  const algebra = new Algebra();
  const m = new Matrices(algebra, space);
  const [a, b] = algebra.adopt(left.e, right.e) as [Expr, Expr];
  try {
    if (equal(spread(m, a), spread(m, b)).verdict === 'proved') {
      return { verdict: 'proved', why: 'multiplied out, the two sides are the same' };
    }
  } catch (error) {
    if (!(error instanceof LimitError || error instanceof DomainError)) throw error;
    return { verdict: 'unknown', why: `the proof was given up: ${error.message}` };
  }
  return { verdict: 'unknown', why: `no proof was found, nor a difference at ${TRIES} points` };
}

function refute(space: Space, left: Matrix, right: Matrix): MatrixWitness | undefined {
  const $ = balls(PRECISION);
  const zero = $.int(0);
  const elements = { $: $ as never, size: sizeOfBall, isZero: (ball: Ball) => ball === zero };
  const names = [...new Set([...variables(left.e), ...variables(right.e)])];
  for (let i = 0; i < TRIES; i++) {
    const sizes = new Map([...space.sizes].sort().map((name, j) => [name, 2 + ((i + j) % 3)] as const));
    const count = (size: Size) => countOf(size, sizes);
    const points = new Map(
      names.flatMap((name, j) => {
        const declared = space.symbols.get(name);
        return declared
          ? [[name, sample(i, j, count(declared.rows), count(declared.cols), declared)] as const]
          : [];
      }),
    );
    const bindings = new Map(
      [...points].map(([name, { rows, cols, data }]) => [
        name,
        { rows, cols, data: data.map((value) => (value.isZero ? zero : $.rational(value.p, value.q))) },
      ]),
    );
    const [rows, cols] = [count(left.rows), count(left.cols)];
    const valuesOf = ({ e }: Matrix) =>
      stretch(evaluateMatrix<Ball, unknown>(elements, e, bindings, sizes), rows, cols).data;
    const [a, b] = [valuesOf(left), valuesOf(right)];
    const at = a.findIndex((value, k) => value && b[k] && $.equal(value, b[k]) === false);
    if (at === -1) continue;
    return {
      sizes: Object.fromEntries(sizes),
      at: Object.fromEntries([...points].map(([name, point]) => [name, rowsOf(point)])),
      row: Math.floor(at / cols),
      col: at % cols,
      ...decimals(a[at], b[at]),
    };
  }
  return undefined;
}

/** Both values with as many digits as tell them apart. */
function decimals(a: Ball, b: Ball): { left: string; right: string } {
  const value = (ball: Ball) => Rational.of(ball!.middle, 1n << BigInt(PRECISION));
  for (let digits = 17; ; digits *= 2) {
    const [left, right] = [value(a).toDecimal(digits), value(b).toDecimal(digits)];
    if (left !== right) return { left, right };
  }
}

/** Where a ball is, for the choice of a pivot; one that may hold 0 is the last choice. */
function sizeOfBall(ball: Ball): number {
  if (!ball) return -1;
  const middle = ball.middle < 0n ? -ball.middle : ball.middle;
  return middle <= ball.radius ? 0 : Number(middle >> BigInt(PRECISION - 30));
}

/** What lies outside a corner of this size is 0, or 1 on the diagonal, so that large matrices cost no more than small ones. */
const BLOCK = 6;

/** Fractions of both signs, the diagonal heavier; symmetric or of one 1 in every row where that is declared. */
function sample(
  i: number,
  j: number,
  rows: number,
  cols: number,
  { symmetric, oneHot }: { symmetric: boolean; oneHot: boolean },
): Dense<Rational> {
  return dense(rows, cols, (row, col) => {
    if (oneHot) return col === (row * 7 + i + j) % Math.min(cols, BLOCK) ? Rational.ONE : Rational.ZERO;
    if (row >= BLOCK || col >= BLOCK) return row === col ? Rational.ONE : Rational.ZERO;
    const [r, c] = symmetric && row > col ? [col, row] : [row, col];
    const k = (i * 7919 + j * 104_729 + r * 1009 + c * 9176 + 12_345) % 8191;
    const value = Rational.of(((k * 37) % 61) - 30, 16).add(Rational.of(1, 37));
    return row === col ? value.abs().add(Rational.of(3)) : value;
  });
}
