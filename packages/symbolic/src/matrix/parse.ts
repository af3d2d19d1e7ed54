// Matrix formulas by operator precedence, with an explicit stack. `*` is the product of matrices, or by a scalar; `.*`,
// `./` and `.^` work element by element; `'` transposes.

import type { Carrier } from '@leibniz/ops';
import { ParseError, suggestion, visible } from '../errors.ts';
import type { Expr } from '../node.ts';
import { LEVEL } from '../precedence.ts';
import { Rational } from '../rational.ts';
import { expectShort, unexpectedCharacter } from '../tokens.ts';
import { MATRIX_FUNCTIONS, type MatrixFunction, stretched } from './functions.ts';
import type { Matrices, Matrix } from './matrices.ts';
import { isScalar, SCALAR, ShapeError, show } from './shape.ts';

const TOKEN =
  /\s+|(?<number>(?:\d+(?:\.(?![*/^])\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{Nd}_]*)|(?<mark>\.[*/^]|<=|>=|!=|[-+*/^@'(),<>=])/uy;

interface Token {
  readonly kind: 'number' | 'name' | 'mark' | 'end';
  readonly text: string;
  readonly index: number;
}

interface Operator {
  readonly sign: string;
  readonly level: number;
  readonly side: 'left' | 'right' | 'prefix';
  readonly apply: (m: Matrices, a: Matrix, b: Matrix) => Matrix;
}

const elementwise =
  (what: string, name: 'add' | 'sub' | 'mul' | 'div' | 'pow') =>
  (m: Matrices, a: Matrix, b: Matrix): Matrix => ({
    e: m.algebra.$[name](a.e, b.e),
    ...stretched(what, [a, b]),
  });

function multiply(m: Matrices, a: Matrix, b: Matrix): Matrix {
  if (isScalar(a)) return m.scaled(a.e, b);
  return isScalar(b) ? m.scaled(b.e, a) : m.matmul(a, b);
}

function divide(m: Matrices, a: Matrix, b: Matrix): Matrix {
  if (isScalar(b)) return m.scaled(m.algebra.$.inv(b.e), a);
  throw new ShapeError(
    `Cannot divide by ${show(b)}: divide element by element with ./ or multiply by inv(…)`,
  );
}

/** The largest whole power of a matrix that is multiplied out. */
const MAX_POWER = 100;

function raise(m: Matrices, a: Matrix, b: Matrix): Matrix {
  if (!isScalar(b)) throw new ShapeError(`Cannot raise to a ${show(b)} matrix: element by element is .^`);
  if (isScalar(a)) return { ...SCALAR, e: m.algebra.power(a.e, b.e) };
  const { e } = b;
  const n = e.kind === 'num' && e.value.isInteger ? e.value.toNumber() : Number.NaN;
  if (!(Math.abs(n) <= MAX_POWER) || a.rows !== a.cols) {
    throw new ShapeError(`Cannot raise ${show(a)} to the power ${e}: element by element is .^`);
  }
  const factor = n < 0 ? m.inv(a) : a;
  return Array.from({ length: Math.abs(n) }, () => factor).reduce((x, y) => m.matmul(x, y), m.eye(a.rows));
}

const binary = (sign: string, level: number, apply: Operator['apply'], side: Operator['side'] = 'left') =>
  [sign, { sign, level, side, apply }] as const;

const comparison =
  (build: ($: Carrier<Expr, Expr>, a: Expr, b: Expr) => Expr) =>
  (m: Matrices, a: Matrix, b: Matrix): Matrix => ({
    e: build(m.algebra.$, a.e, b.e),
    ...stretched('the comparison', [a, b]),
  });

const BINARY: ReadonlyMap<string, Operator> = new Map([
  binary(
    'or',
    LEVEL.or,
    comparison(($, a, b) => $.or(a, b)),
  ),
  binary(
    'and',
    LEVEL.and,
    comparison(($, a, b) => $.and(a, b)),
  ),
  binary(
    '<',
    LEVEL.compare,
    comparison(($, a, b) => $.less(a, b)),
  ),
  binary(
    '<=',
    LEVEL.compare,
    comparison(($, a, b) => $.lessEqual(a, b)),
  ),
  binary(
    '>',
    LEVEL.compare,
    comparison(($, a, b) => $.less(b, a)),
  ),
  binary(
    '>=',
    LEVEL.compare,
    comparison(($, a, b) => $.lessEqual(b, a)),
  ),
  binary(
    '=',
    LEVEL.compare,
    comparison(($, a, b) => $.equal(a, b)),
  ),
  binary(
    '!=',
    LEVEL.compare,
    comparison(($, a, b) => $.not($.equal(a, b))),
  ),
  binary('+', LEVEL.sum, elementwise('the sum', 'add')),
  binary('-', LEVEL.sum, elementwise('the difference', 'sub')),
  binary('*', LEVEL.product, multiply),
  binary('@', LEVEL.product, multiply),
  binary('/', LEVEL.product, divide),
  binary('.*', LEVEL.product, elementwise('the elementwise product', 'mul')),
  binary('./', LEVEL.product, elementwise('the elementwise quotient', 'div')),
  binary('^', LEVEL.power, raise, 'right'),
  binary('.^', LEVEL.power, elementwise('the elementwise power', 'pow'), 'right'),
]);

const PREFIX: ReadonlyMap<string, Operator> = new Map([
  binary('-', LEVEL.negation, (m, a) => m.scaled(m.algebra.minusOne, a), 'prefix'),
  binary('not', LEVEL.not, (m, a) => ({ ...a, e: m.algebra.$.not(a.e) }), 'prefix'),
]);

/** What an open parenthesis stands for. */
interface Frame {
  readonly operators: Operator[];
  readonly call?: { readonly name: string; readonly fn: MatrixFunction };
  readonly args: Matrix[];
  readonly start: number;
}

export function parseMatrix(m: Matrices, text: string): Matrix {
  const tokens = tokenize(text);
  const operands: Matrix[] = [];
  const frames: Frame[] = [{ operators: [], args: [], start: 0 }];
  const fail = (problem: string, { index }: Token, hint?: string) =>
    new ParseError(problem, text, index, hint);
  const reduce = (level: number) => {
    const { operators } = frames.at(-1)!;
    for (let top = operators.at(-1); top && top.level >= level; top = operators.at(-1)) {
      operators.pop();
      const right = operands.pop()!;
      operands.push(
        top.side === 'prefix' ? top.apply(m, right, right) : top.apply(m, operands.pop()!, right),
      );
    }
  };
  let expectsOperand = true;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const frame = frames.at(-1)!;
    if (expectsOperand) {
      const prefix = token.kind === 'mark' ? PREFIX.get(token.text) : undefined;
      if (prefix) {
        frame.operators.push(prefix);
      } else if (token.text === '(' && token.kind === 'mark') {
        frames.push({ operators: [], args: [], start: token.index });
      } else if (token.kind === 'name' && tokens[i + 1]!.text === '(') {
        frames.push({
          operators: [],
          args: [],
          start: token.index,
          call: { name: token.text, fn: functionAt(m, text, token) },
        });
        i++;
      } else if (token.kind === 'number' || token.kind === 'name') {
        operands.push(token.kind === 'number' ? numberAt(m, token) : symbolAt(m, text, token));
        expectsOperand = false;
      } else {
        throw fail(token.kind === 'end' ? 'Something is missing' : `Unexpected "${token.text}"`, token);
      }
      continue;
    }
    const operator = token.kind === 'mark' ? BINARY.get(token.text) : undefined;
    if (operator) {
      reduce(operator.side === 'right' ? operator.level + 1 : operator.level);
      frame.operators.push(operator);
      expectsOperand = true;
    } else if (token.text === "'") {
      operands.push(m.transpose(operands.pop()!));
    } else if (token.text === ',' && frame.call) {
      reduce(Number.NEGATIVE_INFINITY);
      frame.args.push(operands.pop()!);
      expectsOperand = true;
    } else if (token.text === ')' && frames.length > 1) {
      reduce(Number.NEGATIVE_INFINITY);
      frames.pop();
      if (!frame.call) continue;
      const { name, fn } = frame.call;
      const args = [...frame.args, operands.pop()!];
      const [least, most] = fn.arity;
      if (args.length < least || args.length > most) {
        const wanted = least === most ? `${least}` : `${least} to ${most}`;
        throw new ParseError(`${name} takes ${wanted} arguments, found ${args.length}`, text, frame.start);
      }
      operands.push(fn.build(m, args, name));
    } else if (token.kind === 'end' && frames.length === 1) {
      reduce(Number.NEGATIVE_INFINITY);
    } else if (token.kind === 'end') {
      throw new ParseError('Unclosed "("', text, frame.start);
    } else {
      throw fail(`Unexpected "${visible(token.text)}"`, token, 'products are written with * or .*');
    }
  }
  return operands[0]!;
}

const WORDS = new Set(['and', 'or', 'not']);

function tokenize(text: string): Token[] {
  expectShort(text);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const index = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw unexpectedCharacter(text, index);
    for (const kind of ['number', 'name', 'mark'] as const) {
      const found = match.groups![kind];
      if (found !== undefined) tokens.push({ kind: WORDS.has(found) ? 'mark' : kind, text: found, index });
    }
  }
  tokens.push({ kind: 'end', text: '', index: text.length });
  return tokens;
}

const numberAt = (m: Matrices, { text }: Token): Matrix => ({
  ...SCALAR,
  e: m.algebra.num(Rational.decimal(text)),
});

function symbolAt(m: Matrices, text: string, { text: name, index }: Token): Matrix {
  const { algebra, space } = m;
  const declared = space.symbols.get(name);
  if (declared) return { rows: declared.rows, cols: declared.cols, e: algebra.sym(name) };
  if (space.sizes.has(name)) return { ...SCALAR, e: m.size(name) };
  if (name === 'pi' || name === 'e') return { ...SCALAR, e: algebra.constant(name) };
  const near = suggestion(name, [...space.symbols.keys()]);
  throw new ParseError(
    `Unknown symbol ${visible(name)}`,
    text,
    index,
    near ? `did you mean ${near}?` : 'declare its shape',
  );
}

function functionAt(m: Matrices, text: string, { text: name, index }: Token): MatrixFunction {
  const fn = m.space.symbols.has(name) ? undefined : MATRIX_FUNCTIONS.get(name);
  if (fn) return fn;
  const near = suggestion(name, [...MATRIX_FUNCTIONS.keys()]);
  const hint = m.space.symbols.has(name) ? `${name}*(…) is a product` : near && `did you mean ${near}?`;
  throw new ParseError(`Unknown function ${visible(name)}`, text, index, hint);
}
