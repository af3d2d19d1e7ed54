import { ops } from '@leibniz/ops';
import { Algebra } from './algebra.ts';
import { LimitError, ParseError, suggestion, UnknownFunctionError, visible } from './errors.ts';
import { FUNCTIONS, GREEK_FUNCTIONS, type LanguageFunction } from './functions.ts';
import { LEVEL } from './layout.ts';
import type { ConstantName, Expr } from './node.ts';
import { Rational } from './rational.ts';

export interface ParseOptions {
  /** Names of further functions, kept as they are; their derivatives are written f', f'', … */
  readonly functions?: readonly string[];
}

/** The longest text, in UTF-16 units. */
const MAX_LENGTH = 1 << 20;
/** The most digits of a number, and the largest size of its decimal exponent. */
const MAX_DIGITS = 4300;

interface Token {
  readonly type: 'number' | 'name' | 'mark' | 'end';
  readonly text: string;
  readonly index: number;
}

const TOKEN =
  /\s+|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*'*)|(?<mark>\*\*|:=|<=|>=|==|!=|[-+*/^(),;<>=−·×÷≤≥≠])/uy;

/** Other ways to write the same mark. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '**': '^',
  '−': '-',
  '·': '*',
  '×': '*',
  '÷': '/',
  '==': '=',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
};

function tokenize(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw new LimitError('the length of a text', MAX_LENGTH, text.length);
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const index = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match)
      throw new ParseError(
        `Unexpected "${visible(String.fromCodePoint(text.codePointAt(index)!))}"`,
        text,
        index,
      );
    const { number, name, mark } = match.groups!;
    if (number !== undefined) tokens.push({ type: 'number', text: number, index });
    else if (name !== undefined) tokens.push({ type: WORDS.has(name) ? 'mark' : 'name', text: name, index });
    else if (mark !== undefined) tokens.push({ type: 'mark', text: SPELLINGS[mark] ?? mark, index });
  }
  tokens.push({ type: 'end', text: '', index: text.length });
  return tokens;
}

const WORDS = new Set(['and', 'or', 'not']);

/** A left operand that more terms or factors may still join, so that long chains are built once. */
interface Chain {
  readonly chain: 'sum' | 'product';
  readonly items: Expr[];
}
type Operand = Expr | Chain;

interface Operator {
  readonly precedence: number;
  readonly right: boolean;
  apply(parser: Parser): void;
}

/** An open parenthesis or call, or the whole text. */
interface Frame {
  readonly operators: Operator[];
  readonly start: number;
  readonly call?: {
    readonly name: string;
    readonly build: (args: Expr[]) => Expr;
    readonly arity: LanguageFunction['arity'];
  };
  readonly args: Expr[];
}

const { add, sub, mul, div, pow } = ops.binary;
const { neg } = ops.unary;

const binaryOperator = (
  precedence: number,
  right: boolean,
  build: (parser: Parser, a: Operand, b: Expr) => Operand,
): Operator => ({
  precedence,
  right,
  apply(parser) {
    const b = parser.settle(parser.operands.pop()!);
    const a = parser.operands.pop()!;
    parser.operands.push(build(parser, a, b));
  },
});

const chained =
  (chain: Chain['chain'], item: (parser: Parser, b: Expr) => Expr) =>
  (parser: Parser, a: Operand, b: Expr): Chain => {
    if ('chain' in a && a.chain === chain) {
      a.items.push(item(parser, b));
      return a;
    }
    return { chain, items: [parser.settle(a), item(parser, b)] };
  };

const call =
  (name: 'less' | 'lessEqual' | 'equal' | 'and' | 'or', swapped = false) =>
  (parser: Parser, a: Operand, b: Expr) => {
    const left = parser.settle(a);
    return swapped ? parser.$[name](b, left) : parser.$[name](left, b);
  };

/** Precedences come from the table; those of comparisons and connectives lie below. */
const BINARY: Readonly<Record<string, Operator>> = {
  '+': binaryOperator(
    add.notation!.precedence,
    false,
    chained('sum', (_, b) => b),
  ),
  '-': binaryOperator(
    sub.notation!.precedence,
    false,
    chained('sum', ({ $ }, b) => $.neg(b)),
  ),
  '*': binaryOperator(
    mul.notation!.precedence,
    false,
    chained('product', (_, b) => b),
  ),
  '/': binaryOperator(
    div.notation!.precedence,
    false,
    chained('product', ({ $ }, b) => $.inv(b)),
  ),
  '^': binaryOperator(pow.notation!.precedence, true, (parser, a, b) => parser.$.pow(parser.settle(a), b)),
  '<': binaryOperator(LEVEL.compare, false, call('less')),
  '>': binaryOperator(LEVEL.compare, false, call('less', true)),
  '<=': binaryOperator(LEVEL.compare, false, call('lessEqual')),
  '>=': binaryOperator(LEVEL.compare, false, call('lessEqual', true)),
  '=': binaryOperator(LEVEL.compare, false, call('equal')),
  '!=': binaryOperator(LEVEL.compare, false, (parser, a, b) =>
    parser.$.not(parser.$.equal(parser.settle(a), b)),
  ),
  and: binaryOperator(LEVEL.and, false, call('and')),
  or: binaryOperator(LEVEL.or, false, call('or')),
};

const prefix = (precedence: number, build: (parser: Parser, x: Expr) => Expr): Operator => ({
  precedence,
  right: true,
  apply: (parser) => parser.operands.push(build(parser, parser.settle(parser.operands.pop()!))),
});

const PREFIX: Readonly<Record<string, Operator>> = {
  '-': prefix(neg.notation!.precedence, ({ $ }, x) => $.neg(x)),
  '+': prefix(neg.notation!.precedence, (_, x) => x),
  not: prefix(LEVEL.not, ({ $ }, x) => $.not(x)),
};

class Parser {
  readonly operands: Operand[] = [];
  readonly algebra = new Algebra();
  readonly $ = this.algebra.$;
  private readonly frames: Frame[] = [];
  private readonly definitions = new Map<string, Expr>();
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly declared: ReadonlySet<string>;
  private position = 0;

  constructor(text: string, options: ParseOptions) {
    this.text = text;
    this.tokens = tokenize(text);
    this.declared = new Set(options.functions);
  }

  /** Statements `name := expression;` and the expression that the text stands for. */
  run(): Expr {
    for (;;) {
      const [first, second] = [this.peek(), this.tokens[this.position + 1]];
      const defines = first.type === 'name' && second?.text === ':=';
      if (defines) this.position += 2;
      const value = this.expression();
      const token = this.next();
      if (!defines) {
        if (token.type === 'end') return value;
        throw this.unexpected(token);
      }
      if (token.text !== ';') throw this.error('Expected ";" after the definition', token);
      this.definitions.set(first.text, value);
    }
  }

  settle(operand: Operand): Expr {
    if (!('chain' in operand)) return operand;
    return operand.chain === 'sum' ? this.algebra.sum(operand.items) : this.algebra.product(operand.items);
  }

  private expression(): Expr {
    this.frames.push({ operators: [], start: this.peek().index, args: [] });
    const outermost = this.frames.length;
    for (;;) {
      this.operand();
      // After an operand: an operator, an implicit product, or the end of one or more frames.
      for (;;) {
        const token = this.peek();
        if (Object.hasOwn(BINARY, token.text)) {
          this.position++;
          this.push(BINARY[token.text]!);
          break;
        }
        if (this.startsOperand(token)) {
          this.push(BINARY['*']!);
          break;
        }
        if (this.frames.length === outermost) return this.close();
        if (token.text === ',' && this.frames.at(-1)!.call) {
          this.position++;
          this.frames.at(-1)!.args.push(this.finish());
          break;
        }
        if (token.text !== ')') {
          if (token.type !== 'end') throw this.unexpected(token);
          throw this.error(
            'Expected ")"',
            token,
            `the parenthesis at column ${this.frames.at(-1)!.start + 1} is not closed`,
          );
        }
        this.position++;
        this.operands.push(this.close(token));
      }
    }
  }

  private startsOperand(token: Token): boolean {
    return token.type === 'number' || token.type === 'name' || token.text === '(';
  }

  /** Reads prefixes and opening parentheses up to one atom. */
  private operand(): void {
    for (;;) {
      const token = this.next();
      if (Object.hasOwn(PREFIX, token.text)) {
        this.frames.at(-1)!.operators.push(PREFIX[token.text]!);
      } else if (token.text === '(') {
        this.frames.push({ operators: [], start: token.index, args: [] });
      } else if (token.type === 'number') {
        this.operands.push(this.number(token));
        return;
      } else if (token.type === 'name') {
        if (!this.name(token)) return;
      } else {
        throw this.unexpected(token);
      }
    }
  }

  /** Pushes what a name stands for; true if it opened the arguments of a call. */
  private name(token: Token): boolean {
    const name = token.text;
    const constant = CONSTANTS.get(name);
    const known = this.definitions.get(name) ?? (constant && this.algebra.constant(constant));
    const called = this.peek().text === '(';
    const fn = called && !known ? this.functionNamed(token) : undefined;
    if (fn) {
      const start = this.next().index;
      const build = (args: Expr[]) => fn.build(this.algebra, args);
      this.frames.push({ operators: [], start, args: [], call: { name, build, arity: fn.arity } });
      return true;
    }
    if (!known && !called && FUNCTIONS.has(name) && !GREEK_FUNCTIONS.has(name)) {
      throw this.error(`The function ${name} needs its argument in parentheses`, token, `write ${name}(x)`);
    }
    this.operands.push(known ?? this.algebra.sym(name));
    return false;
  }

  private functionNamed(token: Token): LanguageFunction | undefined {
    const name = token.text;
    if (this.declared.has(name.replace(/'+$/, ''))) {
      return { arity: [1, 1], build: (algebra, args) => algebra.call(name, args) };
    }
    const fn = FUNCTIONS.get(name);
    if (fn || [...name].length === 1) return fn;
    const near = suggestion(name, FUNCTIONS.keys());
    const hint = near
      ? `did you mean ${near}(…)?`
      : `write ${visible(name)}*(…) for a product, or declare it in functions`;
    throw new UnknownFunctionError(`Unknown function "${visible(name)}"`, this.text, token.index, hint);
  }

  private number(token: Token): Expr {
    const [mantissa = '', exponent = '0'] = token.text.toLowerCase().split('e');
    const size = Math.max(mantissa.length, Math.abs(Number(exponent)));
    if (size > MAX_DIGITS) throw new LimitError('the number of digits', MAX_DIGITS, size);
    return this.algebra.num(Rational.decimal(token.text));
  }

  /** Applies the operators that bind tighter than the new one, then waits with it. */
  private push(operator: Operator): void {
    const { operators } = this.frames.at(-1)!;
    for (let top = operators.at(-1); top; top = operators.at(-1)) {
      if (top.precedence < operator.precedence || (top.precedence === operator.precedence && operator.right))
        break;
      operators.pop()!.apply(this);
    }
    operators.push(operator);
  }

  /** The value of the innermost frame up to here. */
  private finish(): Expr {
    const { operators } = this.frames.at(-1)!;
    while (operators.length > 0) operators.pop()!.apply(this);
    return this.settle(this.operands.pop()!);
  }

  private close(token?: Token): Expr {
    const value = this.finish();
    const { call, args } = this.frames.pop()!;
    if (!call) return value;
    args.push(value);
    const [least, most] = call.arity;
    if (args.length < least || args.length > most) {
      const wanted = least === most ? `${least}` : `${least} to ${most}`;
      throw this.error(
        `${call.name} takes ${wanted} argument${most === 1 ? '' : 's'}, found ${args.length}`,
        token!,
      );
    }
    return call.build(args);
  }

  private peek(): Token {
    return this.tokens[this.position]!;
  }

  private next(): Token {
    return this.tokens[this.position++] ?? this.tokens.at(-1)!;
  }

  private unexpected(token: Token): ParseError {
    if (this.tokens.length === 1) return this.error('The expression is empty', token);
    return this.error(token.type === 'end' ? 'Unexpected end' : `Unexpected "${visible(token.text)}"`, token);
  }

  private error(problem: string, token: Token, hint?: string): ParseError {
    return new ParseError(problem, this.text, token.index, hint);
  }
}

const CONSTANTS: ReadonlyMap<string, ConstantName> = new Map([
  ['pi', 'pi'],
  ['π', 'pi'],
  ['e', 'e'],
  ['true', 'true'],
  ['false', 'false'],
]);

/**
 * Reads a formula. Numbers are exact (`0.1` is 1/10); `e` and `pi` are the constants; `2x(x+1)` is a product;
 * `name(` is a call if the name is in the table or declared, a product after a single letter, else an error.
 *
 * From loosest to tightest: `or`, `and`, `not`, comparisons, `+ -`, `* /` and implicit products, signs, `^` (from
 * the right). Shared parts may be named first: `t := x + 1; t^2 + t`.
 *
 * @throws ParseError with the position, UnknownFunctionError with a suggestion, LimitError.
 * @example
 * import { parse } from '@leibniz/symbolic';
 * String(parse('2x(x+1) - 0.5')); // => 2*x*(x + 1) - 1/2
 */
export function parse(text: string, options: ParseOptions = {}): Expr {
  return new Parser(text, options).run();
}
