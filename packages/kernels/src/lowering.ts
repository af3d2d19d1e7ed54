// From the record of a formula to the code of a kernel: the vectors it needs, and the loop that computes them.

import { type Code, type FunctionSpec, get, type Local, load, loop, op, set, store } from './assembler.ts';
import type { Float } from './dtype.ts';
import { type Graph, narrow, simd, type Vector } from './simd.ts';
import type { Trace } from './trace.ts';

/** What an input is: different for each element, or the same for all. */
export type Kind = 'array' | 'scalar';

/** Runs the trace over the carrier of vectors. */
export function lowered(graph: Graph, float: Float, trace: Trace): Vector[] {
  const $ = simd(graph, float);
  const vectors: Vector[] = [];
  for (const step of trace.steps) {
    if (step.kind === 'input') vectors.push(graph.input(step.input));
    else if (step.kind === 'constant') vectors.push(step.over($));
    else {
      const operation = $[step.name] as (...args: Vector[]) => Vector;
      vectors.push(operation(...step.args.map((arg) => vectors[arg]!)));
    }
  }
  return vectors;
}

/** run(bytes, address of each array and result …, scalars …); what depends on no array is computed before the loop. */
export function mapFunction(
  float: Float,
  kinds: readonly (Kind | 'unread')[],
  needed: readonly Vector[],
  outputs: readonly Vector[],
) {
  const count = (wanted: Kind) => kinds.filter((kind) => kind === wanted).length;
  const arrays = count('array');
  const addresses = arrays + outputs.length;
  return {
    name: 'run',
    params: ['i32', ...Array<'i32'>(addresses).fill('i32'), ...Array<'f64'>(count('scalar')).fill('f64')],
    body: (local, [bytes, ...params]) => {
      const at = local('i32');
      const element = (address: Local) => op('i32.add', address, at);
      const [arrayParams, scalarParams] = [params.slice(0, arrays), params.slice(addresses)];
      const inputCode = {
        array: () => load('v128.load', element(arrayParams.shift()!)),
        scalar: () => op(`${float.vector}.splat`, narrow(float, get(scalarParams.shift()!))),
        unread: () => [],
      };
      const inputs = kinds.map((kind) => inputCode[kind]());
      const locals = new Map<Vector, Local>();
      const compute = (vector: Vector): Code => {
        const made = local('v128');
        locals.set(vector, made);
        if (vector.input !== undefined) return set(made, inputs[vector.input]!);
        return set(made, vector.emit(vector.args.map((arg) => locals.get(arg)!)));
      };
      const varies = varying(needed, kinds);
      const results = outputs.map((vector, result) => ({ vector, address: params[arrays + result]! }));
      return [
        needed.filter((vector) => !varies.has(vector)).map(compute),
        loop(at, 0, bytes!, 16, [
          needed.filter((vector) => varies.has(vector)).map(compute),
          results.map(({ vector, address }) => store('v128.store', element(address), locals.get(vector)!)),
        ]),
      ];
    },
  } as const satisfies FunctionSpec;
}

/** The vectors that the outputs are made of, in the order of their making. */
export function neededBy({ vectors }: Graph, outputs: readonly Vector[]): Vector[] {
  const needed = new Set(outputs);
  for (const vector of vectors.toReversed()) {
    if (needed.has(vector)) for (const arg of vector.args) needed.add(arg);
  }
  return vectors.filter((vector) => needed.has(vector));
}

/** The vectors that differ from element to element. */
function varying(vectors: readonly Vector[], kinds: readonly (Kind | 'unread')[]): Set<Vector> {
  const varies = new Set<Vector>();
  for (const vector of vectors) {
    const isArray = vector.input !== undefined && kinds[vector.input] === 'array';
    if (isArray || vector.args.some((arg) => varies.has(arg))) varies.add(vector);
  }
  return varies;
}
