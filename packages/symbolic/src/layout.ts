// How an expression is laid out for reading: signs, fractions and roots, the terms of a sum by falling degree.
// What the marks look like is the style's concern: see `text.ts` and `tex.ts`.

import { type Call, type Expr, HELD_DERIVATIVE, type Sum } from './node.ts';
import { LEVEL } from './precedence.ts';
import { Rational } from './rational.ts';
import { arrive } from './walk.ts';

/** A piece of writing; `degree` orders the terms of a sum. */
export interface Piece {
  readonly text: string;
  readonly level: number;
  readonly degree: number;
}

export interface Style {
  integer(value: bigint): string;
  name(name: string): string;
  parenthesised(text: string): string;
  /** The terms of a sum with their signs. */
  sum(terms: readonly { readonly negative: boolean; readonly text: string }[]): string;
  product(factors: readonly string[]): string;
  /** A fraction, grouped as its bar or slash needs. */
  fraction(above: Piece, below: Piece): Piece;
  /** A power, whose base is already grouped. */
  power(base: string, exponent: Piece): string;
  root(degree: bigint, radicand: Piece): string;
  /** A call, a comparison or a connective; `notEqual` stands for the negation of `equal`. */
  call(name: string, args: readonly Piece[]): Piece;
}

const atom = (text: string, degree = 0): Piece => ({ text, level: LEVEL.atom, degree });

/** The text of a piece where at least `level` is asked for. */
export function grouped(style: Style, piece: Piece, level: number): string {
  return piece.level < level ? style.parenthesised(piece.text) : piece.text;
}

/** What the writing of a node needs: the style, the pieces of its arguments, and the nodes that go by a name. */
interface Context {
  readonly style: Style;
  readonly given: ReadonlyMap<Expr, string>;
  readonly pieceOf: (arg: Expr) => Piece;
}

/** Up to this many nodes a piece is written out as a tree; in a larger one, parts get names. */
const TREE_LIMIT = 1000;

/** An expression in a style, after the definitions that it makes use of. */
export interface Written {
  readonly definitions: readonly (readonly [name: string, text: string])[];
  readonly text: string;
}

export function written(e: Expr, style: Style): Written {
  const { parts, definitions } = layOut(e, style);
  return { definitions, text: parts.get(e)!.piece!.text };
}

/** Every node from the outside in, each once; the terms of a sum in the order in which they are written. */
export function readingOrder(e: Expr, style: Style): Expr[] {
  const { parts } = layOut(e, style);
  const pieceOf = (node: Expr) => parts.get(node)!.piece!;
  const seen = new Set<Expr>();
  const pending = [e];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const args =
      node.kind === 'sum' ? node.args.toSorted((a, b) => compareTerms(pieceOf(a), pieceOf(b))) : node.args;
    pending.push(...args.toReversed());
  }
  return [...seen];
}

function layOut(e: Expr, style: Style): { parts: ReadonlyMap<Expr, Part>; definitions: [string, string][] } {
  const parts = partsOf(e);
  const definitions: [string, string][] = [];
  const given = new Map<Expr, string>();
  const context = { style, given, pieceOf: (arg: Expr) => parts.get(arg)!.piece! };
  nameParts(parts, e);
  for (const part of parts.values()) {
    const { node, name } = part;
    const piece = write(context, node);
    part.piece = name === undefined ? piece : atom(style.name(name), 1);
    if (name === undefined) continue;
    given.set(node, name);
    definitions.push([style.name(name), piece.text]);
  }
  return { parts, definitions };
}

/** What is known of a node while it is written. */
interface Part {
  readonly node: Expr;
  readonly args: readonly Part[];
  /** How many nodes stand in its tree. */
  readonly size: number;
  /** How many nodes mention it. */
  uses: number;
  /** How many nodes of it are written where it is mentioned. */
  shown: number;
  name: string | undefined;
  piece: Piece | undefined;
}

/** Every node under the expression, arguments first. */
function partsOf(e: Expr): Map<Expr, Part> {
  const parts = new Map<Expr, Part>();
  arrive([e], parts, (node) => {
    const args = node.args.map((arg) => parts.get(arg)!);
    let size = 1;
    for (const arg of args) {
      size += arg.size;
      arg.uses++;
    }
    parts.set(node, { node, args, size, uses: 0, shown: 1, name: undefined, piece: undefined });
  });
  return parts;
}

/** Names the parts to be defined: none in a small expression. */
function nameParts(parts: ReadonlyMap<Expr, Part>, e: Expr): void {
  if (parts.get(e)!.size <= TREE_LIMIT) return;
  const taken = new Set<string>();
  for (const node of parts.keys()) if (node.kind === 'sym' || node.kind === 'call') taken.add(node.name);
  let next = 1;
  for (const part of parts.values()) {
    const shown = part.args.reduce((sum, arg) => sum + arg.shown, 1);
    const isShared = part.uses > 1 && part.size > 2;
    const isNamed = part.node !== e && (isShared || shown > TREE_LIMIT);
    if (!isNamed) {
      part.shown = shown;
      continue;
    }
    while (taken.has(`t${next}`)) next++;
    part.name = `t${next++}`;
  }
}

function write(context: Context, node: Expr): Piece {
  const { style } = context;
  switch (node.kind) {
    case 'num':
      return writeRational(style, node.value);
    case 'sym':
      return atom(style.name(node.name), 1);
    case 'constant':
      return atom(style.name(node.name));
    case 'sum':
      return writeSum(context, node);
    case 'product':
      return writeProduct(context, node.coefficient, node.args);
    case 'power':
      return writeProduct(context, Rational.ONE, [node]);
    case 'call':
      return writeCall(context, node);
  }
}

function writeCall({ style, given, pieceOf }: Context, { name, args }: Call): Piece {
  const [inner] = args;
  if (name === 'not' && inner!.kind === 'call' && inner!.name === 'equal' && !given.has(inner!)) {
    return style.call('notEqual', inner!.args.map(pieceOf));
  }
  const piece = style.call(name, args.map(pieceOf));
  return name === HELD_DERIVATIVE ? { ...piece, degree: pieceOf(inner!).degree } : piece;
}

function writeRational(style: Style, value: Rational): Piece {
  const size = atom(style.integer(value.p < 0n ? -value.p : value.p));
  const piece = value.isInteger ? size : style.fraction(size, atom(style.integer(value.q)));
  return value.sign < 0 ? negated(style, piece) : piece;
}

function negated(style: Style, piece: Piece): Piece {
  const text = style.sum([{ negative: true, text: grouped(style, piece, LEVEL.product) }]);
  return { text, level: LEVEL.sum, degree: piece.degree };
}

const compareTerms = (a: Piece, b: Piece) => b.degree - a.degree || (a.text < b.text ? -1 : 1);

function writeSum(context: Context, node: Sum): Piece {
  const { style, given, pieceOf } = context;
  const terms = node.args.map((term) => {
    const negative = term.kind === 'product' && term.coefficient.sign < 0 && !given.has(term);
    return {
      negative,
      piece: negative ? writeProduct(context, term.coefficient.neg(), term.args) : pieceOf(term),
    };
  });
  terms.sort((a, b) => compareTerms(a.piece, b.piece));
  const written = terms.map(({ negative, piece }) => ({
    negative,
    text: grouped(style, piece, LEVEL.product),
  }));
  const degree = Math.max(...terms.map(({ piece }) => piece.degree), 0);
  if (node.constant.isZero) {
    const positive = written.findIndex((term) => !term.negative);
    if (positive > 0) written.unshift(...written.splice(positive, 1));
    return { text: style.sum(written), level: LEVEL.sum, degree };
  }
  const constant = {
    negative: node.constant.sign < 0,
    text: grouped(style, writeRational(style, node.constant.abs()), LEVEL.product),
  };
  const leads = written[0]!.negative && !constant.negative;
  return {
    text: style.sum(leads ? [constant, ...written] : [...written, constant]),
    level: LEVEL.sum,
    degree,
  };
}

/** A factor as it stands above or below the bar. */
interface Factor {
  readonly base: Expr;
  readonly exponent: Rational | Expr;
}

function factorOf({ given }: Context, node: Expr): Factor {
  if (node.kind !== 'power' || given.has(node)) return { base: node, exponent: Rational.ONE };
  const [base, exponent] = node.args as readonly [Expr, Expr];
  return { base, exponent: exponent.kind === 'num' ? exponent.value : exponent };
}

const goesBelow = ({ exponent }: Factor) => exponent instanceof Rational && exponent.sign < 0;

function writeProduct(context: Context, coefficient: Rational, args: readonly Expr[]): Piece {
  const { style } = context;
  const factors = args.map((factor) => factorOf(context, factor));
  const pieces = (chosen: readonly Factor[]) =>
    chosen
      .map((factor) => ({ rank: rank(factor), piece: writeFactor(context, factor) }))
      .sort((a, b) => a.rank - b.rank || (a.piece.text < b.piece.text ? -1 : 1))
      .map(({ piece }) => piece);
  const above = pieces(factors.filter((factor) => !goesBelow(factor)));
  const below = pieces(
    factors.filter(goesBelow).map(({ base, exponent }) => ({ base, exponent: (exponent as Rational).neg() })),
  );
  const size = coefficient.abs();
  if (size.isZero && above.length > 0 && below.length > 0) {
    // A numerator 0·x, read by itself, would be 0.
    const rest = writeProduct(context, Rational.ONE, args);
    return joined(style, [atom(style.integer(0n)), rest]);
  }
  if (size.p !== 1n || above.length === 0) above.unshift(atom(style.integer(size.p)));
  if (size.q !== 1n) below.unshift(atom(style.integer(size.q)));
  const numerator = joined(style, above);
  const isStacked = below.length > 1 && factors.some((factor) => goesBelow(factor) && hasOwnBar(factor.base));
  const denominators = below.length === 0 ? [] : isStacked ? below : [joined(style, below)];
  const piece = denominators.reduce((value, divisor) => style.fraction(value, divisor), numerator);
  const degree = sumOf(above) - sumOf(below);
  return { ...(coefficient.sign < 0 ? negated(style, piece) : piece), degree };
}

/** Whether a divisor must stand alone: read in a product with others, it would join them. */
function hasOwnBar(base: Expr): boolean {
  if (base.kind === 'num') return base.value.isZero;
  if (base.kind === 'product' && base.coefficient.isZero) return true;
  const factors = base.kind === 'product' ? base.args : [base];
  return factors.some(
    ({ kind, args }) => kind === 'power' && args[1]!.kind === 'num' && args[1]!.value.sign < 0,
  );
}

const sumOf = (pieces: readonly Piece[]) => pieces.reduce((sum, piece) => sum + piece.degree, 0);

function joined(style: Style, pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0]!;
  const text = style.product(pieces.map((piece) => grouped(style, piece, LEVEL.product + 0.5)));
  return { text, level: LEVEL.product, degree: sumOf(pieces) };
}

/** The order of factors: constants, powers of variables, functions, sums; a formula for exponent after a number. */
function rank({ base, exponent }: Factor): number {
  const kind = { num: 0, constant: 1, sym: 2, power: 3, call: 4, product: 5, sum: 6 }[base.kind];
  return exponent instanceof Rational ? kind : kind + 0.5;
}

function writeFactor({ style, pieceOf }: Context, { base, exponent }: Factor): Piece {
  const basePiece = pieceOf(base);
  if (!(exponent instanceof Rational)) {
    const text = style.power(grouped(style, basePiece, LEVEL.atom), pieceOf(exponent));
    return { text, level: LEVEL.power, degree: basePiece.degree };
  }
  const degree = basePiece.degree * exponent.toNumber();
  if (exponent.isOne) return basePiece;
  if (exponent.equals(Rational.HALF)) return atom(style.root(2n, basePiece), degree);
  const text = style.power(grouped(style, basePiece, LEVEL.atom), writeRational(style, exponent));
  return { text, level: LEVEL.power, degree };
}
