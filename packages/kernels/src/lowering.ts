// From the record of a formula to vectors, and which of them are needed.

import type { Float } from './dtype.ts';
import { KernelError } from './errors.ts';
import { type Reduction, reductions } from './reductions.ts';
import { Graph, simd, type Vector } from './simd.ts';
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

/** Each vector is a local of the kernel, and engines allow 50,000 of these. */
const MAX_VECTORS = 49_000;

/** The vectors of a trace whose results are these steps, and the functions that they call. */
export function vectorsOf(float: Float, trace: Trace, steps: readonly number[]) {
  const graph = new Graph();
  const vectors = lowered(graph, float, trace);
  const results = steps.map((step) => vectors[step]!);
  const needed = neededBy(graph, results);
  if (needed.length <= MAX_VECTORS) return { imports: graph.imports, needed, results };
  throw new KernelError(
    'formula',
    `Cannot compile a formula of ${needed.length} instructions: at most ${MAX_VECTORS} fit a kernel; split it`,
  );
}
