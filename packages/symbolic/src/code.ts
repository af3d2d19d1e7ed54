// Expressions as source text of other languages: the same fold that evaluates them, over a carrier of lines of code.

import { type Carrier, ops } from '@leibniz/ops';
import { DomainError, UnboundSymbolError, visible } from './errors.ts';
import { fold } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import { LEVEL } from './precedence.ts';
import { type Dialect, TARGETS, type Target } from './targets.ts';
import { variables as variablesOf } from './walk.ts';

export type { Target } from './targets.ts';

export interface CodeOptions {
  readonly target: Target;
  /** The name of the function (default `f`); what is no safe identifier is changed into one. */
  readonly name?: string;
  /** The order of the parameters (default: alphabetical). */
  readonly variables?: readonly string[];
}

/** A value in the code, used some number of times. */
export interface Value {
  readonly template: string;
  readonly args: readonly Value[];
  readonly level: number;
  readonly isCondition: boolean;
  uses: number;
}

/**
 * The source text of a function in another language, its shared parts as local constants. JavaScript, C and Python
 * (NumPy) compute in double precision, the shading languages in single. Names never become anything but identifiers.
 *
 * @throws DomainError for a function that the target lacks, UnboundSymbolError for a variable that is not listed.
 * @example
 * import { toCode } from '@leibniz/symbolic';
 * toCode('sin(x)^2 + y', { target: 'wgsl' }).split('\n')[0]; // => fn f(x: f32, y: f32) -> f32 {
 */
export function toCode(e: Input, { target, name = 'f', variables }: CodeOptions): string {
  const expr = toExpr(e);
  const dialect = Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined;
  if (!dialect)
    throw new DomainError(`Cannot write ${visible(target)}: targets are ${Object.keys(TARGETS).join(', ')}`);
  const parameters = variables ?? variablesOf(expr);
  const missing = variablesOf(expr).find((variable) => !parameters.includes(variable));
  if (missing !== undefined) throw new UnboundSymbolError(missing);
  const [fn, ...identifiers] = safeNames([name, ...parameters], dialect);
  const code = new Code(target, dialect);
  const bindings = Object.fromEntries(
    parameters.map((parameter, i) => [parameter, code.leaf(identifiers[i]!)]),
  );
  const result = fold(expr, code.carrier, bindings);
  const { lines, text } = code.lines(result, new Set([fn!, ...identifiers]));
  const source = dialect.define(fn!, identifiers, lines, text);
  const preamble =
    target === 'python'
      ? `import math\n\nimport numpy as np\n\n`
      : target === 'c'
        ? '#include <math.h>\n\n'
        : '';
  return `${preamble}${code.helpers.map((helper) => `${dialect.helpers[helper]!}\n`).join('')}${source}`;
}

/** Identifiers that stand for the names: themselves where they are safe, else the same with what is unsafe left out. */
export function safeNames(names: readonly string[], dialect: Dialect): string[] {
  const called = Object.values(dialect.functions).flatMap((template) => template.match(/\w+/g) ?? []);
  const taken = new Set([...dialect.reserved.split(' '), ...called, ...Object.keys(dialect.helpers)]);
  return names.map((name) => {
    const ascii = name
      .replace(/[^A-Za-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
      .slice(0, 60);
    const stem =
      /^[A-Za-z]/.test(ascii) &&
      !/^(gl|t\d)/.test(ascii) &&
      !(dialect.hasMacros && /^[A-Z][A-Z0-9_]+$/.test(ascii))
        ? ascii
        : `v_${ascii}`;
    let safe = stem.replace(/_+$/, '');
    for (let i = 1; taken.has(safe); i++) safe = `${stem}_${i}`.replace('__', '_');
    taken.add(safe);
    return safe;
  });
}

/** Values longer than this, written out, become local constants even if used once. */
const MAX_INLINE = 100;

/** A carrier of lines of code in a dialect. */
export class Code {
  readonly carrier: Carrier<Value, Value>;
  readonly helpers: string[] = [];
  private readonly target: string;
  private readonly dialect: Dialect;
  private readonly known = new Map<string, Value>();
  private readonly ids = new Map<Value, number>();
  private readonly order: Value[] = [];

  constructor(target: string, dialect: Dialect) {
    this.target = target;
    this.dialect = dialect;
    this.carrier = this.makeCarrier();
  }

  leaf(text: string, level: number = LEVEL.atom): Value {
    return this.value(text, [], level);
  }

  /** The value of a template over others; the same one again if it was there before. */
  value(template: string, args: readonly Value[], level: number, isCondition = false): Value {
    const key = `${template} ${args.map((arg) => this.ids.get(arg))}`;
    const found = this.known.get(key);
    if (found) return found;
    const value = { template, args, level, isCondition, uses: 0 };
    for (const arg of args) arg.uses++;
    this.known.set(key, value);
    this.ids.set(value, this.order.push(value));
    return value;
  }

  private number(value: number): Value {
    const { infinity, nan, largest = Number.MAX_VALUE } = this.dialect;
    if (Number.isNaN(value) && nan) return this.leaf(nan);
    if (Math.abs(value) > largest) {
      if (!infinity || this.dialect.largest)
        throw new DomainError(`Cannot write ${value} in ${this.target}: it is too large`);
      return value > 0 ? this.leaf(infinity) : this.leaf(`-${infinity}`, LEVEL.negation);
    }
    const text = String(value);
    return this.leaf(
      /[.e]/.test(text) ? text : this.dialect.whole(text),
      value < 0 ? LEVEL.negation : LEVEL.atom,
    );
  }

  private operation(name: string, args: readonly Value[]): Value {
    const template = Object.hasOwn(this.dialect.functions, name) ? this.dialect.functions[name] : undefined;
    if (template !== undefined) {
      const helper = template.slice(0, template.indexOf('('));
      if (Object.hasOwn(this.dialect.helpers, helper) && !this.helpers.includes(helper))
        this.helpers.push(helper);
      return this.value(template, args, LEVEL.atom);
    }
    const entry = { ...ops.unary, ...ops.binary }[name as 'relu'];
    if (entry.code) return (entry.code as (...all: unknown[]) => Value)(this.carrier, ...args);
    throw new DomainError(`Cannot write ${name}(…) in ${this.target}: the language has no such function`);
  }

  private makeCarrier(): Carrier<Value, Value> {
    const { connectives, functions, where } = this.dialect;
    const [and, or, not] = connectives;
    const infix = (sign: string, level: number, isCondition = false) => ({
      template: `#1 ${sign} #2`,
      level,
      isCondition,
    });
    const operations: Record<string, unknown> = {};
    for (const name of Object.keys(ops.unary)) operations[name] = (x: Value) => this.operation(name, [x]);
    for (const name of Object.keys(ops.binary))
      operations[name] = (a: Value, b: Value) => this.operation(name, [a, b]);
    Object.assign(operations, {
      int: (n: number | bigint) => this.number(ops.numbers.int(n)),
      rational: (p: number | bigint, q: number | bigint) => this.number(ops.numbers.rational(p, q)),
      neg: (x: Value) => this.value(functions.neg ?? '-#1', [x], functions.neg ? LEVEL.atom : LEVEL.negation),
      inv: (x: Value) =>
        functions.inv
          ? this.operation('inv', [x])
          : this.value('#1 / #2', [this.number(1), x], LEVEL.product),
      square: (x: Value) =>
        functions.square ? this.operation('square', [x]) : this.value('#1 * #2', [x, x], LEVEL.product),
      where: (condition: Value, a: Value, b: Value) => this.value(where, [condition, a, b], LEVEL.atom),
    });
    const between = {
      add: infix('+', LEVEL.sum),
      sub: infix('-', LEVEL.sum),
      mul: infix('*', LEVEL.product),
      div: infix('/', LEVEL.product),
      less: infix('<', LEVEL.or, true),
      lessEqual: infix('<=', LEVEL.or, true),
      equal: infix('==', LEVEL.or, true),
      and: { template: `({#1}) ${and} ({#2})`, level: LEVEL.or, isCondition: true },
      or: { template: `({#1}) ${or} ({#2})`, level: LEVEL.or, isCondition: true },
      not: { template: `${not}({#1})`, level: LEVEL.negation, isCondition: true },
    };
    for (const [name, { template, level, isCondition }] of Object.entries(between)) {
      const own = functions[name];
      operations[name] = (...args: Value[]) =>
        own ? this.value(own, args, LEVEL.atom, isCondition) : this.value(template, args, level, isCondition);
    }
    Object.defineProperty(operations, 'pi', { get: () => this.leaf(this.dialect.pi) });
    return operations as unknown as Carrier<Value, Value>;
  }

  /** Lines that compute what is used more than once, and the text of the result. */
  lines(result: Value, taken: ReadonlySet<string>): { lines: string[]; text: string } {
    const texts = new Map<Value, { text: string; level: number }>();
    const lines: string[] = [];
    const needed = new Set([result]);
    for (const value of [...this.order].reverse())
      if (needed.has(value)) for (const arg of value.args) needed.add(arg);
    let next = 1;
    for (const value of this.order) {
      if (!needed.has(value)) continue;
      const text = value.template.replace(/\{#(\d)\}|#(\d)/g, (_, braced?: string, bare?: string) => {
        const arg = texts.get(value.args[Number(braced ?? bare) - 1]!)!;
        // A right operand on the same level is grouped: a - (b - c).
        const isStrict = bare === '2' || (value.template === '-#1' && arg.text.startsWith('-'));
        const isLoose = isStrict ? arg.level <= value.level : arg.level < value.level;
        return !braced && isLoose ? `(${arg.text})` : arg.text;
      });
      const isNamed =
        value !== result && value.args.length > 0 && (value.uses > 1 || text.length > MAX_INLINE);
      if (!isNamed) {
        texts.set(value, { text, level: value.level });
        continue;
      }
      while (taken.has(`t${next}`)) next++;
      const name = `t${next++}`;
      lines.push(this.dialect.line(name, text, value.isCondition));
      texts.set(value, { text: name, level: LEVEL.atom });
    }
    return { lines, text: texts.get(result)!.text };
  }
}
