// Running a formula over the carrier of traces records it: which operation was applied to which earlier results, each
// distinct one once. A trace is cheap to make, and its key tells whether the same formula was compiled before.

import { type Carrier, ops } from '@leibniz/ops';
import { KernelError } from './errors.ts';
import { type Reduction, reductions } from './reductions.ts';

const CONDITIONS = ['less', 'lessEqual', 'equal', 'not', 'and', 'or'] as const;
type Constants = 'int' | 'rational' | 'pi';
export type Operation = Exclude<keyof Carrier<unknown, unknown>, Constants> | `reduce ${Reduction}`;

/** The operations of a formula over a row: those of its elements, and what makes one value of all of them. */
export interface RowCarrier<T, C> extends Carrier<T, C> {
  /** The sum, product, maximum or minimum of a value over the row. */
  reduce(name: Reduction, x: T): T;
  /** The number of elements of the row. */
  readonly columns: T;
}

/** A constant of a formula; it belongs to no trace until an operation uses it. */
class Constant {
  readonly key: string;
  readonly over: <T>($: Carrier<T, unknown>) => T;
  constructor(key: string, over: Constant['over']) {
    this.key = key;
    this.over = over;
  }
}

/** A recorded value or condition: the number of the step that makes it. */
class Recorded {
  readonly trace: Trace;
  readonly step: number;
  constructor(trace: Trace, step: number) {
    this.trace = trace;
    this.step = step;
  }
}

export type Traced = Constant | Recorded;

export type Step =
  | { readonly kind: 'input'; readonly input: number }
  | { readonly kind: 'constant'; readonly over: Constant['over'] }
  | { readonly kind: 'operation'; readonly name: Operation; readonly args: readonly number[] };

export class Trace {
  readonly steps: Step[] = [];
  readonly #recorded = new Map<string, Recorded>();

  /** Tells traces of different formulas apart. */
  get key(): string {
    return [...this.#recorded.keys()].join(';');
  }

  input(input: number): Traced {
    return this.#record(`input ${input}`, { kind: 'input', input });
  }

  operation(name: Operation, values: readonly Traced[]): Traced {
    const args = values.map((value) => this.stepOf(value));
    return this.#record(`${name} ${args}`, { kind: 'operation', name, args });
  }

  stepOf(value: Traced): number {
    if (value instanceof Recorded && value.trace === this) return value.step;
    if (!(value instanceof Constant)) {
      const what = value instanceof Recorded ? 'a value of another formula' : String(value);
      throw new KernelError(
        'formula',
        `Cannot use ${what} in a formula: take it as an input, or write $.int(n) or $.rational(p, q)`,
      );
    }
    return this.#record(value.key, { kind: 'constant', over: value.over }).step;
  }

  #record(key: string, step: Step): Recorded {
    const known = this.#recorded.get(key);
    if (known !== undefined) return known;
    const recorded = new Recorded(this, this.steps.length);
    this.steps.push(step);
    this.#recorded.set(key, recorded);
    return recorded;
  }
}

let current: Trace | undefined;

/** Runs the formula, recording what it does. */
export function traceOf(
  inputs: number,
  formula: ($: Carrier<Traced, Traced>, ...x: Traced[]) => Traced | readonly Traced[],
) {
  return recorded(inputs, (x) => formula(carrier(), ...x));
}

/** The same for a formula with reductions; the number of columns is one more input, after the others. */
export function rowTraceOf(
  inputs: number,
  formula: ($: RowCarrier<Traced, Traced>, ...x: Traced[]) => Traced | readonly Traced[],
) {
  return recorded(inputs + 1, (x) => {
    const columns = x.at(-1)!;
    return formula({ ...carrier(), columns, reduce }, ...x.slice(0, -1));
  });
}

function recorded(inputs: number, run: (x: Traced[]) => Traced | readonly Traced[]) {
  const outer = current;
  const trace = new Trace();
  const x = Array.from({ length: inputs }, (_, input) => trace.input(input));
  try {
    current = trace;
    const results = [run(x)].flat() as Traced[];
    return { trace, results: results.map((result) => trace.stepOf(result)) };
  } finally {
    current = outer;
  }
}

function operation(name: Operation, args: readonly Traced[]): Traced {
  if (current !== undefined) return current.operation(name, args);
  throw new KernelError(
    'formula',
    `Cannot apply ${name} outside of the formula that its arguments belong to`,
  );
}

function reduce(name: Reduction, x: Traced): Traced {
  if (Object.hasOwn(reductions, name)) return operation(`reduce ${name}`, [x]);
  const known = Object.keys(reductions).join(', ');
  throw new KernelError('formula', `Cannot reduce by ${name}: there are ${known}`);
}

const isInt = (value: Traced, n: number) => value instanceof Constant && value.key === `int ${n}`;

/** A product, unless it is by 1 or -1, as in derivatives; those are exact for every number. */
function product(a: Traced, b: Traced): Traced {
  if (isInt(a, 1)) return b;
  if (isInt(b, 1)) return a;
  if (isInt(a, -1)) return operation('neg', [b]);
  return isInt(b, -1) ? operation('neg', [a]) : operation('mul', [a, b]);
}

let shared: Carrier<Traced, Traced> | undefined;

function carrier(): Carrier<Traced, Traced> {
  shared ??= makeCarrier();
  return shared;
}

function makeCarrier(): Carrier<Traced, Traced> {
  const names = [
    ...Object.keys(ops.unary),
    ...Object.keys(ops.binary),
    ...CONDITIONS,
    'where',
  ] as Operation[];
  return {
    ...Object.fromEntries(names.map((name) => [name, (...args: Traced[]) => operation(name, args)])),
    mul: product,
    int: (n: number | bigint) => new Constant(`int ${n}`, ($) => $.int(n === 0 ? 0 : n)),
    rational: (p: number | bigint, q: number | bigint) =>
      new Constant(`rational ${p} ${q}`, ($) => $.rational(p, q)),
    pi: new Constant('pi', ($) => $.pi),
  } as unknown as Carrier<Traced, Traced>;
}
