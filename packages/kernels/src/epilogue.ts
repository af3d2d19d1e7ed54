// What is done to the elements of a matrix product while they are still in registers: a bias, an activation.

import {
  type Allocate,
  type Code,
  get,
  type Local,
  load,
  type Operand,
  op,
  set,
  type ValueType,
} from './assembler.ts';
import type { Float, FloatArray } from './dtype.ts';
import { KernelError } from './errors.ts';
import { lowered, neededBy } from './lowering.ts';
import type { Formula } from './map.ts';
import { Recent } from './recent.ts';
import { Graph, narrow, type Vector } from './simd.ts';
import { type Trace, traceOf } from './trace.ts';

/** A formula of each element of a product and of further inputs: `($, product, bias) => …`. */
export interface Epilogue {
  readonly formula: Formula;
  /** Each an m × n array, a row of n elements for all rows alike, or one number. */
  readonly inputs?: readonly (FloatArray | number)[];
}

/** Where in the product a vector lies: `column` begins a tile, `at` bytes further the vector. */
export interface Place {
  readonly sum: Local;
  readonly row: Local;
  readonly column: Local;
  readonly at: number;
}

/** Code that replaces sums by what is to be stored, and the parameters that it takes besides those of the product. */
export interface Finish {
  readonly key: string;
  readonly params: readonly ValueType[];
  readonly graph: Graph;
  readonly code: (local: Allocate, params: readonly Local[], n: Local) => (place: Place) => Code;
}

export const NOTHING: Finish = { key: '', params: [], graph: new Graph(), code: () => () => [] };

type InputKind = 'matrix' | 'row' | 'scalar';

/** How an input is spread over an m × n product. */
export function inputKind(input: FloatArray | number, m: number, n: number): InputKind {
  if (typeof input === 'number') return 'scalar';
  if (input.length === n) return 'row';
  if (input.length === m * n) return 'matrix';
  throw new KernelError(
    'length',
    `Cannot combine a product of ${m} × ${n} with ${input.length} elements: expected ${n} or ${m * n}`,
  );
}

const known = new WeakMap<Formula, Map<string, Finish>>();

/** What a formula does at the end of a product; one that comes again is not looked through again. */
export function finishOf(float: Float, formula: Formula, kinds: readonly InputKind[]): Finish {
  let finishes = known.get(formula);
  if (finishes === undefined) {
    finishes = new Map();
    known.set(formula, finishes);
  }
  const key = `${float.name} ${kinds}`;
  let found = finishes.get(key);
  if (found === undefined) {
    found = made(float, formula, kinds);
    finishes.set(key, found);
  }
  return found;
}

/** What formulas of the same structure do, by the type and that structure. */
const compiled = new Recent<string, Finish>(1000);

function made(float: Float, formula: Formula, kinds: readonly InputKind[]): Finish {
  const { trace, results } = traceOf(kinds.length + 1, formula);
  if (results.length !== 1) {
    throw new KernelError(
      'formula',
      `Cannot store ${results.length} results for each element of a product: expected 1`,
    );
  }
  const key = `${kinds}|${results}|${trace.key}`;
  return compiled.get(`${float.name} ${key}`, () => finish(float, key, kinds, trace, results[0]!));
}

function finish(
  float: Float,
  key: string,
  kinds: readonly InputKind[],
  trace: Trace,
  result: number,
): Finish {
  const graph = new Graph();
  const output = lowered(graph, float, trace)[result]!;
  const needed = neededBy(graph, [output]);
  return {
    key,
    params: kinds.map((kind) => (kind === 'scalar' ? 'f64' : 'i32')),
    graph,
    code: (local, params, n) => {
      const locals = new Map<Vector, Local>(needed.map((vector) => [vector, local('v128')]));
      return ({ sum, row, column, at }) => {
        const elementOf: Record<InputKind, (param: Local) => Code> = {
          scalar: (param) => op(`${float.vector}.splat`, narrow(float, get(param))),
          row: (param) => load('v128.load', address(float, param, column), at),
          matrix: (param) =>
            load('v128.load', address(float, param, op('i32.add', op('i32.mul', row, n), column)), at),
        };
        const inputs = [get(sum), ...kinds.map((kind, index) => elementOf[kind](params[index]!))];
        const compute = needed.map((vector) => {
          const made = locals.get(vector)!;
          if (vector.input !== undefined) return set(made, inputs[vector.input]!);
          return set(made, vector.emit(vector.args.map((arg) => locals.get(arg)!)));
        });
        return [compute, set(sum, locals.get(output)!)];
      };
    },
  };
}

const address = ({ bytes }: Float, base: Local, element: Operand): Code =>
  op('i32.add', base, op('i32.mul', element, bytes));
