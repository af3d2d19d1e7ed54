// Formulas by operator precedence, with an explicit stack.

import { Algebra } from './algebra.ts';
import { type Assumptions, assumedFacts } from './assumption.ts';
import { declaredFunction } from './declared.ts';
import { LimitError, ParseError, suggestion, UnknownFunctionError, visible } from './errors.ts';
import { FUNCTIONS, GREEK_FUNCTIONS, type LanguageFunction } from './functions.ts';
import { LETTER_FUNCTIONS } from './greek.ts';
import type { ConstantName, Expr, Facts } from './node.ts';
import { BINARY, Operands, type Operator, PREFIX } from './operators.ts';
import { LEVEL } from './precedence.ts';
import { Rational } from './rational.ts';
import type { Token } from './tokens.ts';

export interface ParseOptions {
  /**
   * Names of further functions, kept as they are. Their derivatives are written f', f'', … and by the arguments of
   * several f'1(x, y), f'1'2(x, y), …
   */
  readonly functions?: readonly string[];
  /** What is known of variables besides that they are real. */
  readonly assume?: Assumptions;
}

/** A reading that not everyone would expect. */
export interface ParseWarning {
  /** Where, in UTF-16 units from 0. */
  readonly index: number;
  readonly message: string;
}

/** The most digits of a number, and the largest size of its decimal exponent. */
const MAX_DIGITS = 4300;

/** What a closing parenthesis or bar ends, or the whole text. */
interface Frame {
  readonly closer: ')' | '|' | 'the end';
  readonly start: number;
  readonly operators: Operator[];
  readonly args: Expr[];
  readonly call?: {
    readonly name: string;
    readonly fn: LanguageFunction;
    /** In sin^2(x), the 2. */
    readonly exponent: Expr | undefined;
  };
  /** Bars have closed here, and since then factors only stood side by side. */
  besideBars: boolean;
}

/** Reads tokens, whatever they were written in, by operator precedence with an explicit stack. */
export class Parser {
  readonly warnings: ParseWarning[] = [];
  private readonly algebra = new Algebra();
  private readonly operands = new Operands(this.algebra);
  private readonly frames: Frame[] = [];
  private readonly definitions = new Map<string, Expr>();
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private readonly declared: ReadonlyMap<string, LanguageFunction>;
  private readonly assumed: ReadonlyMap<string, Facts>;
  private position = 0;

  constructor(text: string, tokens: readonly Token[], { functions = [], assume = {} }: ParseOptions) {
    this.text = text;
    this.tokens = tokens;
    this.assumed = assumedFacts(assume);
    this.declared = new Map(functions.map((name) => [name, declaredFunction(name)]));
  }

  /** Statements `name := expression;` and the expression that the text stands for. */
  run(): Expr {
    for (;;) {
      const [first, second] = [this.peek(), this.peek(1)];
      const defines = first.type === 'name' && second.text === ':=';
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

  private expression(): Expr {
    this.open('the end', this.peek());
    const outermost = this.frames.length;
    for (;;) {
      this.operand();
      // After an operand: postfixes and closings, then an operator, a comma, or the end.
      for (;;) {
        const token = this.peek();
        const frame = this.frames.at(-1)!;
        if (this.postfix(token)) continue;
        if (this.infix(token, frame)) break;
        if (this.frames.length === outermost) return this.close();
        if (token.text === ',' && frame.call) {
          this.position++;
          frame.args.push(this.finish());
          frame.besideBars = false;
          break;
        }
        if (token.text !== frame.closer) throw this.unclosed(token, frame);
        this.position++;
        this.operands.push(this.close(token));
      }
    }
  }

  private open(closer: Frame['closer'], { index }: Token, call?: Frame['call']): void {
    const common = { closer, start: index, operators: [], args: [], besideBars: false };
    this.frames.push(call ? { ...common, call } : common);
  }

  /** n! and x², which take the atom before them. */
  private postfix(token: Token): boolean {
    if (token.type === 'superscript') {
      this.operands.push(this.algebra.power(this.operands.pop(), this.number(token)));
    } else if (token.text === '!') {
      if (this.peek(1).text === '!') {
        throw this.error('Unexpected "!!"', token, 'write (n!)!; there is no double factorial');
      }
      this.operands.push(FUNCTIONS.get('factorial')!.build(this.algebra, [this.operands.pop()], '!'));
    } else {
      return false;
    }
    this.position++;
    return true;
  }

  /** Puts an operator, written or implied, to wait for its right operand; false if there is none. */
  private infix(token: Token, frame: Frame): boolean {
    const operator = token.type === 'mark' ? BINARY.get(token.text) : undefined;
    if (operator) {
      this.position++;
      this.push(operator);
      frame.besideBars = false;
      return true;
    }
    const implied = token.text === '|' ? frame.closer !== '|' : startsOperand(token);
    if (implied) this.impliedProduct(token, frame);
    return implied;
  }

  private impliedProduct(token: Token, frame: Frame): void {
    const before = this.tokens[this.position - 1]!;
    if (token.type === 'number' && before.type === 'number') {
      throw this.error('Two numbers side by side', token, 'write * between them');
    }
    if (token.text === '|' && before.text !== '|' && frame.besideBars) {
      throw this.error('Ambiguous "|"', token, 'write abs(…), or * between the factors');
    }
    const waiting = frame.operators.findLast(({ level }) => level <= LEVEL.product);
    this.push(BINARY.get('*')!);
    if (waiting?.sign === '/') {
      this.warn(token, 'a/bc is read as (a/b)*c: write a/(b*c), or * before the last factor');
    }
  }

  private warn({ index }: Token, message: string): void {
    this.warnings.push({ index, message });
  }

  /** Reads prefixes and openings up to one atom. */
  private operand(): void {
    for (;;) {
      const token = this.next();
      const operator = token.type === 'mark' ? PREFIX.get(token.text) : undefined;
      if (operator) this.frames.at(-1)!.operators.push(operator);
      else if (token.text === '(') this.open(')', token);
      else if (token.text === '|') this.open('|', token, ABSOLUTE_VALUE);
      else if (token.type === 'name') {
        if (!this.name(token)) return;
      } else {
        if (token.type !== 'number') throw this.unexpected(token);
        this.operands.push(this.number(token));
        return;
      }
    }
  }

  /** Pushes what a name stands for; true if it opened the arguments of a call. */
  private name(token: Token): boolean {
    const name = token.text;
    const constant = CONSTANTS.get(name);
    const known = this.definitions.get(name) ?? (constant && this.algebra.constant(constant));
    if (!known && this.opensCall(token)) return true;
    this.operands.push(known ?? this.algebra.sym(name, this.assumed.get(name)));
    return false;
  }

  private opensCall(token: Token): boolean {
    const exponent = this.exponentBeforeArgument();
    const width = exponent ? exponent.width : 0;
    if (this.peek(width).text !== '(') {
      if (this.isFunction(token) && !GREEK_FUNCTIONS.has(token.text)) throw this.withoutArgument(token);
      return false;
    }
    if (exponent && !this.isFunction(token)) return false;
    const fn = this.functionNamed(token);
    if (!fn) {
      this.warn(token, `${token.text}(…) is read as a product: if it is a function, declare it`);
      return false;
    }
    if (exponent && (GREEK_FUNCTIONS.has(token.text) || this.declared.has(token.text))) {
      throw this.error('Ambiguous power', token, `write ${token.text}(…)^n, or * before the parenthesis`);
    }
    this.position += width;
    this.open(')', this.next(), { name: token.text, fn, exponent: exponent?.value });
    return true;
  }

  /** The exponent of sin^2(x) or sin²(x), and over how many tokens it is written. */
  private exponentBeforeArgument(): { readonly value: Expr; readonly width: number } | undefined {
    const [token, after] = [this.peek(), this.peek(1)];
    if (token.type === 'superscript' && !token.text.startsWith('-')) {
      return { value: this.number(token), width: 1 };
    }
    if (token.text !== '^' || after.type !== 'number') return undefined;
    return { value: this.number(after), width: 2 };
  }

  private isFunction({ text, letter }: Token): boolean {
    return (!letter && FUNCTIONS.has(text)) || this.declared.has(text);
  }

  private withoutArgument(token: Token): ParseError {
    const name = token.text;
    const raised = this.peek().text === '^' || this.peek().type === 'superscript';
    const hint = raised
      ? `write ${name}^2(x) or ${name}(x)^2; inverse functions have names such as asin`
      : `write ${name}(x)`;
    return this.error(`The function ${name} needs its argument in parentheses`, token, hint);
  }

  private functionNamed(token: Token): LanguageFunction | undefined {
    const name = token.text;
    const declared = this.declared.get(name.split("'")[0]!);
    if (declared) return declared;
    if (token.letter) return FUNCTIONS.get(LETTER_FUNCTIONS.get(name) ?? '');
    const fn = FUNCTIONS.get(name);
    if (fn) return fn;
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
      if (top.level < operator.level || (top.level === operator.level && operator.right)) break;
      operators.pop()!.apply(this.operands);
    }
    operators.push(operator);
  }

  /** The value of the innermost frame up to here. */
  private finish(): Expr {
    const { operators } = this.frames.at(-1)!;
    while (operators.length > 0) operators.pop()!.apply(this.operands);
    return this.operands.pop();
  }

  private close(token?: Token): Expr {
    const value = this.finish();
    const { call, args, closer } = this.frames.pop()!;
    if (closer === '|') this.frames.at(-1)!.besideBars = true;
    if (!call) return value;
    args.push(value);
    const { name, fn, exponent } = call;
    const [least, most] = fn.arity;
    if (args.length < least || args.length > most) {
      const wanted = least === most ? `${least}` : `${least} to ${most}`;
      throw this.error(
        `${name} takes ${wanted} argument${most === 1 ? '' : 's'}, found ${args.length}`,
        token!,
      );
    }
    const result = fn.build(this.algebra, args, name);
    return exponent ? this.algebra.power(result, exponent) : result;
  }

  private peek(ahead = 0): Token {
    return this.tokens[this.position + ahead] ?? this.tokens.at(-1)!;
  }

  private next(): Token {
    return this.tokens[this.position++] ?? this.tokens.at(-1)!;
  }

  private unclosed(token: Token, { closer, start }: Frame): ParseError {
    const mismatched = token.text === ')' && closer === '|';
    if (token.type !== 'end' && !mismatched) return this.unexpected(token);
    const opened = closer === ')' ? 'parenthesis' : 'bar';
    return this.error(`Expected "${closer}"`, token, `the ${opened} at column ${start + 1} is not closed`);
  }

  private unexpected(token: Token): ParseError {
    if (this.tokens.length === 1) return this.error('The expression is empty', token);
    return this.error(token.type === 'end' ? 'Unexpected end' : `Unexpected "${visible(token.text)}"`, token);
  }

  private error(problem: string, token: Token, hint?: string): ParseError {
    return new ParseError(problem, this.text, token.index, hint);
  }
}

const ABSOLUTE_VALUE = { name: '|', fn: FUNCTIONS.get('abs')!, exponent: undefined };

const startsOperand = ({ type, text }: Token) =>
  type === 'number' || type === 'name' || text === '(' || text === '√' || text === '∛';

const CONSTANTS: ReadonlyMap<string, ConstantName> = new Map([
  ['pi', 'pi'],
  ['e', 'e'],
  ['true', 'true'],
  ['false', 'false'],
]);
