// From the record of a formula to vectors, and which of them are needed.

import type { Float } from './dtype.ts';
import { type Reduction, reductions } from './reductions.ts';
import { type Graph, simd, type Vector } from './simd.ts';
import type { Trace } from './trace.ts';

/** Runs the trace over the carrier of vectors. */
export function lowered(graph: Graph, float: Float, trace: Trace): Vector[] {
  const reduce = Object.keys(reductions).map((name) => [
    `reduce ${name}`,
    (x: Vector) => graph.reduce(name as Reduction, x),
  ]);
  const $ = { ...simd(graph, float), ...Object.fromEntries(reduce) };
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

/** The vectors that the outputs are made of, in the order of their making. */
export function neededBy({ vectors }: Graph, outputs: readonly Vector[]): Vector[] {
  const needed = new Set(outputs);
  for (const vector of vectors.toReversed()) {
    if (needed.has(vector)) for (const arg of vector.args) needed.add(arg);
  }
  return vectors.filter((vector) => needed.has(vector));
}
