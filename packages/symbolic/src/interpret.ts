// A list of instructions over registers: how an expression runs that is too large for one compiled function.

import { type Carrier, ops } from '@leibniz/ops';
import { foldAll } from './fold.ts';
import type { Expr } from './node.ts';

/** A register gets the value of an operation on up to three others. */
interface Instruction {
  readonly operation: (a: number, b: number, c: number) => number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The expression as a function of the named variables, every shared part computed once. */
export function interpreted(e: Expr, names: readonly string[]): (...values: number[]) => number {
  const { instructions, carrier } = tape(names.length);
  const [result] = foldAll([e], carrier, Object.fromEntries(names.map((name, i) => [name, i])));
  const registers = new Float64Array(names.length + instructions.length);
  return (...values) => {
    registers.set(values.slice(0, names.length));
    let next = names.length;
    for (const { operation, a, b, c } of instructions) {
      registers[next++] = operation(registers[a]!, registers[b]!, registers[c]!);
    }
    return registers[result!]!;
  };
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
  return { instructions, carrier: operations as unknown as Carrier<number, number> };
}
