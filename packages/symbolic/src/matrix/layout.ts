// How a matrix formula is laid out for reading. What the marks look like is the style's concern.

import { grouped, type Piece, type Style } from '../layout.ts';
import type { Expr, Product, Sum } from '../node.ts';
import { LEVEL } from '../precedence.ts';
import { Rational } from '../rational.ts';
import { arrive, countNodes, memoise } from '../walk.ts';
import { chained, type Matrices, type Matrix, operand } from './matrices.ts';
import { isScalar, type Shape, sameShape } from './shape.ts';
import { isStructure, operandsOf, type StructureName, type StructureNode, sizeOf } from './structures.ts';

export interface MatrixStyle extends Style {
  /** Factors element by element, each grouped. */
  hadamard(factors: readonly string[]): string;
  /** A quotient element by element. */
  quotient(above: string, below: string): string;
  /** A power element by element. */
  elementPower(base: string, exponent: Piece): string;
  /** The product of matrices, each grouped. */
  matmul(factors: readonly string[]): string;
  /** A structure of one operand, which has the shape. */
  structure(name: Exclude<StructureName, 'matmul' | 'eye'>, operand: Piece, shape: Shape): Piece;
  eye(size: string): Piece;
  /** The inverse of a transpose, where there is a mark for it. */
  inverseTranspose?(operand: Piece): Piece;
  /** A matrix all of whose elements are 1. */
  ones(shape: Shape): string;
  zeros(shape: Shape): string;
}

interface Context {
  readonly m: Matrices;
  readonly style: MatrixStyle;
  readonly pieceOf: (arg: Expr) => Piece;
}

const atom = (text: string): Piece => ({ text, level: LEVEL.atom, degree: 0 });
const TIGHT = LEVEL.product + 0.5;

/** The text of an expression stretched to a shape. */
export function writeMatrix(m: Matrices, { e, ...shape }: Matrix, style: MatrixStyle): string {
  const turned = turnedParts(m);
  const partsOf = (node: Expr) => {
    const other = turned(node);
    return other ? [other] : isStructure(node) ? operandsOf(node) : node.args;
  };
  const [piece] = memoise<Piece>(
    [e],
    (node, pieceOf) => {
      const other = turned(node);
      return other
        ? style.structure('transpose', pieceOf(other), m.own(other))
        : write({ m, style, pieceOf }, node);
    },
    partsOf,
  );
  const own = m.own(e);
  if (sameShape(own, shape)) return piece!.text;
  if (e.kind === 'num' && e.value.isZero) return style.zeros(shape);
  if (e.kind === 'num' && e.value.isOne) return style.ones(shape);
  const text = grouped(style, piece!, LEVEL.product);
  return isScalar(own) ? style.product([text, style.ones(shape)]) : style.hadamard([text, style.ones(shape)]);
}

/** What is better read as a transpose: (A*B)' instead of B'*A'. */
function turnedParts(m: Matrices): (node: Expr) => Expr | undefined {
  const marks = new Map<Expr, number>();
  const marksIn = (e: Expr): number => {
    arrive([e], marks, (node) => {
      const inside = node.args.reduce((sum, arg) => sum + marks.get(arg)!, 0);
      marks.set(node, inside + (isStructure(node) && node.name === 'transpose' ? 1 : 0));
    });
    return marks.get(e)!;
  };
  const known = new Map<Expr, Expr | undefined>();
  return (node) => {
    if (!known.has(node)) {
      const isPlain =
        isScalar(m.own(node)) ||
        (isStructure(node) && node.name === 'transpose') ||
        (node.kind === 'product' && node.args.filter((arg) => !isScalar(m.own(arg))).length === 1);
      const other = isPlain ? undefined : m.flip(node);
      known.set(node, other && marksIn(other) + 1 < marksIn(node) ? other : undefined);
    }
    return known.get(node);
  };
}

function write(context: Context, node: Expr): Piece {
  const { style, pieceOf } = context;
  if (isStructure(node)) return writeStructure(context, node);
  switch (node.kind) {
    case 'num':
      return signed(style, node.value, writeSize(style, node.value.abs()));
    case 'sym':
    case 'constant':
      return atom(style.name(node.name));
    case 'sum':
      return writeSum(context, node);
    case 'product':
      return writeProduct(context, node.coefficient, node.args);
    case 'power':
      return writeProduct(context, Rational.ONE, [node]);
    case 'call':
      return style.call(node.name, node.args.map(pieceOf));
  }
}

function writeStructure({ style, pieceOf }: Context, node: StructureNode): Piece {
  if (node.name === 'eye') return style.eye(String(sizeOf(node.args[0]!)));
  if (node.name === 'matmul') {
    const factors = chained(node.args).map(({ e }) => grouped(style, pieceOf(e), TIGHT));
    return { text: style.matmul(factors), level: LEVEL.product, degree: 0 };
  }
  const { e, ...shape } = operand(node.args);
  if (node.name === 'inv' && isStructure(e) && e.name === 'transpose' && style.inverseTranspose) {
    return style.inverseTranspose(pieceOf(e.args[0]!));
  }
  return style.structure(node.name, pieceOf(e), shape);
}

function writeSize(style: Style, size: Rational): Piece {
  const whole = atom(style.integer(size.p));
  return size.isInteger ? whole : style.fraction(whole, atom(style.integer(size.q)));
}

function signed(style: Style, value: Rational, piece: Piece): Piece {
  if (value.sign >= 0) return piece;
  const text = style.sum([{ negative: true, text: grouped(style, piece, LEVEL.product) }]);
  return { text, level: LEVEL.sum, degree: 0 };
}

/** Positive terms first, longer ones before shorter ones, a number at the end. */
function writeSum(context: Context, node: Sum): Piece {
  const { style } = context;
  const terms = node.args.map((term) => {
    const negative = term.kind === 'product' && term.coefficient.sign < 0;
    const piece = negative ? writeProduct(context, term.coefficient.neg(), term.args) : context.pieceOf(term);
    return { negative, size: countNodes(term), text: grouped(style, piece, LEVEL.product) };
  });
  terms.sort(
    (a, b) => Number(a.negative) - Number(b.negative) || b.size - a.size || (a.text < b.text ? -1 : 1),
  );
  const { constant } = node;
  const number = { negative: constant.sign < 0, text: writeSize(style, constant.abs()).text };
  const leads = terms[0]!.negative && constant.sign > 0;
  const all = constant.isZero ? terms : leads ? [number, ...terms] : [...terms, number];
  return { text: style.sum(all), level: LEVEL.sum, degree: 0 };
}

interface Factor {
  readonly piece: Piece;
  readonly isScalar: boolean;
  readonly isBelow: boolean;
  /** A product of matrices needs parentheses among elementwise factors. */
  readonly isChain: boolean;
}

function factorOf({ m, style, pieceOf }: Context, node: Expr): Factor {
  const scalar = isScalar(m.own(node));
  const isChain = isStructure(node) && node.name === 'matmul';
  if (node.kind !== 'power') return { piece: pieceOf(node), isScalar: scalar, isBelow: false, isChain };
  const [base, exponent] = node.args as [Expr, Expr];
  const value = exponent.kind === 'num' ? exponent.value : undefined;
  const isBelow = value !== undefined && value.sign < 0;
  const size = value?.abs();
  const isBaseChain = isStructure(base) && base.name === 'matmul';
  if (size?.isOne) return { piece: pieceOf(base), isScalar: scalar, isBelow, isChain: isBaseChain };
  if (size?.equals(Rational.HALF)) {
    return { piece: atom(style.root(2n, pieceOf(base))), isScalar: scalar, isBelow, isChain: false };
  }
  const raised = grouped(style, pieceOf(base), LEVEL.atom);
  const power = size ? writeSize(style, size) : pieceOf(exponent);
  const text = scalar ? style.power(raised, power) : style.elementPower(raised, power);
  return { piece: { text, level: LEVEL.power, degree: 0 }, isScalar: scalar, isBelow, isChain: false };
}

/** Scalars, then matrices, over scalars; matrices below divide element by element. */
function writeProduct(context: Context, coefficient: Rational, args: Product['args']): Piece {
  const { style } = context;
  const factors = args
    .map((arg) => factorOf(context, arg))
    .sort((a, b) => (a.piece.text < b.piece.text ? -1 : 1));
  const pick = (scalar: boolean, below: boolean) =>
    factors.filter((factor) => factor.isScalar === scalar && factor.isBelow === below);
  const size = coefficient.abs();
  const number = (n: bigint) => (n === 1n ? [] : [atom(style.integer(n))]);
  const above = [...number(size.p), ...pick(true, false).map(({ piece }) => piece)];
  const below = [...number(size.q), ...pick(true, true).map(({ piece }) => piece)];
  const divisor = hadamard(style, pick(false, true));
  const matrices = hadamard(style, pick(false, false));
  const numerator = divisor ? overElements(style, matrices ?? scalars(style, above), divisor) : matrices;
  const isScaled = numerator !== undefined && (!divisor || matrices !== undefined);
  const whole = !numerator
    ? scalars(style, above)
    : isScaled && above.length > 0
      ? product(style, [...above, numerator])
      : numerator;
  const piece = below.length > 0 ? style.fraction(whole, scalars(style, below)) : whole;
  return signed(style, coefficient, piece);
}

function hadamard(style: MatrixStyle, factors: readonly Factor[]): Piece | undefined {
  if (factors.length < 2) return factors[0]?.piece;
  const parts = factors.map(({ piece, isChain }) => grouped(style, piece, isChain ? LEVEL.atom : TIGHT));
  return { text: style.hadamard(parts), level: LEVEL.product, degree: 0 };
}

function overElements(style: MatrixStyle, above: Piece, below: Piece): Piece {
  const text = style.quotient(grouped(style, above, LEVEL.product), grouped(style, below, TIGHT));
  return { text, level: LEVEL.product, degree: 0 };
}

const scalars = (style: Style, pieces: readonly Piece[]): Piece =>
  pieces.length === 0 ? atom(style.integer(1n)) : product(style, pieces);

/** The last factor may be a product itself: from the left it reads the same. */
function product(style: Style, pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0]!;
  const last = pieces.length - 1;
  const texts = pieces.map((piece, i) => grouped(style, piece, i === last ? LEVEL.product : TIGHT));
  return { text: style.product(texts), level: LEVEL.product, degree: 0 };
}
