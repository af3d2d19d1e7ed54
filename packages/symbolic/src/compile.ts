// Execution: an expression as a plain function. Nothing is ever turned into source text.

import { compileMap } from '@leibniz/kernels';
import { type Carrier, ops } from '@leibniz/ops';
import { DomainError, UnboundSymbolError } from './errors.ts';
import { foldAll } from './fold.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { variables } from './walk.ts';

/** One instruction: a register gets the value of an operation on up to three others. */
interface Instruction {
  readonly operation: (a: number, b: number, c: number) => number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/**
 * The expression as a function of the named variables, in this order. Every shared part is computed once; values are
 * those of `evaluate`.
 *
 * @throws UnboundSymbolError if the expression has a variable that is not named.
 * @example
 * import { compile } from '@leibniz/symbolic/compile';
 * const f = compile('x^2 + 3*y', ['x', 'y']);
 * f(2, 1); // => 7
 */
export function compile(e: Input, names: readonly string[]): (...values: number[]) => number {
  const expr = expectBound(toExpr(e), names);
  const { registers, instructions, carrier } = tape(names.length);
  const [result] = foldAll([expr], carrier, Object.fromEntries(names.map((name, i) => [name, i])));
  return (...values) => {
    if (values.length !== names.length) {
      throw new DomainError(`Cannot call the function of (${names.join(', ')}) with ${values.length} values`);
    }
    for (let i = 0; i < values.length; i++) registers[i] = values[i]!;
    let next = values.length;
    for (const { operation, a, b, c } of instructions) {
      registers[next++] = operation(registers[a]!, registers[b]!, registers[c]!);
    }
    return registers[result!]!;
  };
}

/**
 * The expression as a function of columns of equal length, computed by one kernel with SIMD; exp and log are within
 * 2 units in the last place of `evaluate`.
 *
 * @throws UnboundSymbolError if the expression has a variable that is not named.
 * @example
 * import { compileBatch } from '@leibniz/symbolic/compile';
 * const f = compileBatch('x^2 + 1', ['x']);
 * f([Float64Array.of(1, 2, 3)]); // => Float64Array(3) [ 2, 5, 10 ]
 */
export function compileBatch(
  e: Input,
  names: readonly string[],
): (columns: readonly Float64Array[], out?: Float64Array) => Float64Array {
  const expr = expectBound(toExpr(e), names);
  const kernel = compileMap({ dtype: 'float64', inputs: names.length }, ($, ...x) => {
    return foldAll([expr], $, Object.fromEntries(names.map((name, i) => [name, x[i]!])))[0]!;
  });
  return (columns, out = new Float64Array(columns[0]?.length ?? 1)) => kernel(out, ...columns);
}

function expectBound(e: Expr, names: readonly string[]): Expr {
  const missing = variables(e).find((name) => !names.includes(name));
  if (missing !== undefined) throw new UnboundSymbolError(missing);
  return e;
}

/** A carrier whose values are registers: each operation adds an instruction, unless it was there before. */
function tape(inputs: number) {
  const instructions: Instruction[] = [];
  const known = new Map<string, number>();
  const emit = (name: string, operation: Instruction['operation'], a = 0, b = 0, c = 0): number => {
    const key = `${name} ${a} ${b} ${c}`;
    const register = known.get(key) ?? inputs + instructions.push({ operation, a, b, c }) - 1;
    known.set(key, register);
    return register;
  };
  const constant = (value: number) => emit(`= ${value}`, () => value);
  const truth = (c: boolean) => (c ? 1 : 0);
  const operations: Record<string, unknown> = {
    int: (n: number | bigint) => constant(ops.numbers.int(n)),
    rational: (p: number | bigint, q: number | bigint) => constant(ops.numbers.rational(p, q)),
    less: (a: number, b: number) => emit('less', (x, y) => truth(x < y), a, b),
    lessEqual: (a: number, b: number) => emit('lessEqual', (x, y) => truth(x <= y), a, b),
    equal: (a: number, b: number) => emit('equal', (x, y) => truth(x === y), a, b),
    not: (c: number) => emit('not', (x) => 1 - x, c),
    and: (c: number, d: number) => emit('and', (x, y) => x * y, c, d),
    or: (c: number, d: number) => emit('or', (x, y) => Math.max(x, y), c, d),
    where: (c: number, a: number, b: number) => emit('where', (x, y, z) => (x ? y : z), c, a, b),
  };
  for (const [name, { value }] of Object.entries(ops.unary))
    operations[name] = (a: number) => emit(name, value, a);
  for (const [name, { value }] of Object.entries(ops.binary)) {
    // Math.min and the like would take the third register as a third argument.
    const operation = (x: number, y: number) => value(x, y);
    operations[name] = (a: number, b: number) => emit(name, operation, a, b);
  }
  Object.defineProperty(operations, 'pi', { get: () => constant(Math.PI) });
  const registers: number[] = [];
  return { registers, instructions, carrier: operations as unknown as Carrier<number, number> };
}
