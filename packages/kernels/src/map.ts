import type { Carrier } from '@leibniz/ops';
import { type Code, type FunctionSpec, get, type Local, load, loop, op, set, store } from './assembler.ts';
import {
  expectApart,
  expectLength,
  type Float,
  type FloatArray,
  type FloatName,
  floatOf,
  floats,
  type TypedArray,
} from './dtype.ts';
import { KernelError } from './errors.ts';
import { instantiate, layout, view } from './memory.ts';
import { Graph, narrow, simd, type Vector } from './simd.ts';
import { expectInside, merged, readStrided, type Strided, sizeOf } from './strided.ts';
import { type Trace, traceOf } from './trace.ts';

/** Elements that are copied in, computed and copied out at a time: the buffers of a chunk stay in the L2 cache. */
const CHUNK = 1 << 14;

/** A formula over any carrier: one result or several. */
export type Formula = <T, C>($: Carrier<T, C>, ...x: T[]) => T | readonly T[];

export interface MapOptions {
  readonly dtype: FloatName;
  /** How many arrays the formula takes, or for each input whether it is an array or one number for all elements. */
  readonly inputs: number | readonly ('array' | 'scalar')[];
}

/** What an input may be: an array as long as the result, a strided array of as many elements, or a number. */
export type MapInput = TypedArray | Strided | number;

/** Computes its formula for each element: `out` is an array, or one for each result; they may be inputs as well. */
export interface MapKernel {
  <Out extends FloatArray | readonly FloatArray[]>(out: Out, ...inputs: MapInput[]): Out;
  /** How many results the formula has. */
  readonly results: number;
  /** For each input, whether the formula depends on it; others are not looked at. */
  readonly reads: readonly boolean[];
  /** The input that the formula gives back unchanged, if it does just that. */
  readonly passes: number | undefined;
}

/**
 * Compiles a formula to a kernel that runs it over arrays in one pass. A formula that was compiled before, whatever
 * closure it comes from, is not compiled again.
 *
 * @example
 * import { compileMap } from '@leibniz/kernels';
 * const axpy = compileMap({ dtype: 'float64', inputs: ['scalar', 'array', 'array'] }, ($, a, x, y) =>
 *   $.add($.mul(a, x), y),
 * );
 * axpy(new Float64Array(3), 2, Float64Array.of(1, 2, 3), Float64Array.of(10, 10, 10));
 * // => Float64Array(3) [ 12, 14, 16 ]
 */
export function compileMap({ dtype, inputs }: MapOptions, formula: Formula): MapKernel {
  const kinds = typeof inputs === 'number' ? new Array<Kind>(inputs).fill('array') : inputs;
  const { trace, results } = traceOf(kinds.length, formula);
  const key = `${dtype}|${kinds}|${results}|${trace.key}`;
  const known = cache.get(key);
  cache.delete(key);
  const kernel = known ?? kernelOf(floats[dtype], kinds, trace, results);
  cache.set(key, kernel);
  if (cache.size > CACHE_SIZE) cache.delete(cache.keys().next().value!);
  return kernel;
}

type Kind = 'array' | 'scalar';

/** Kernels by the structure of their formula, the one used last at the end. */
const cache = new Map<string, MapKernel>();
const CACHE_SIZE = 1000;

/** Each vector is a local of the kernel, and engines allow 50,000 of these. */
const MAX_VECTORS = 49_000;

function kernelOf(float: Float, kinds: readonly Kind[], trace: Trace, results: readonly number[]): MapKernel {
  const graph = new Graph();
  const vectors = lowered(graph, float, trace);
  const outputs = results.map((step) => vectors[step]!);
  const needed = neededBy(graph, outputs);
  if (needed.length > MAX_VECTORS) {
    throw new KernelError(
      'formula',
      `Cannot compile a formula of ${needed.length} instructions: at most ${MAX_VECTORS} fit a kernel; split it`,
    );
  }
  const reads = kinds.map((_, at) => needed.some((vector) => vector.input === at));
  const used = kinds.map((kind, at) => (reads[at] ? kind : 'unread'));
  const { run } = instantiate([mapFunction(float, used, needed, outputs)], graph.imports);
  const kernel = <Out extends FloatArray | readonly FloatArray[]>(out: Out, ...inputs: MapInput[]): Out => {
    const outs = [out].flat() as FloatArray[];
    expectFit(float, kinds, results.length, outs, inputs);
    const arrays = inputs.filter((_, at) => used[at] === 'array') as (TypedArray | Strided)[];
    const scalars = inputs.filter((_, at) => used[at] === 'scalar') as number[];
    runInChunks(run, float, outs, arrays, scalars);
    return out;
  };
  const first = trace.steps[results[0]!]!;
  return Object.assign(kernel, {
    results: results.length,
    reads,
    passes: results.length === 1 && first.kind === 'input' ? first.input : undefined,
  });
}

function runInChunks(
  run: (...args: number[]) => void,
  float: Float,
  outs: readonly FloatArray[],
  inputs: readonly (TypedArray | Strided)[],
  scalars: readonly number[],
): void {
  const { length } = outs[0]!;
  const arrays = inputs.map((input) => (ArrayBuffer.isView(input) ? input : merged(input)));
  const size = Math.min(CHUNK, length) * float.bytes;
  const addresses = layout(...[...arrays, ...outs].map(() => size));
  for (let start = 0; start < length; start += CHUNK) {
    const count = Math.min(CHUNK, length - start);
    for (const [at, array] of arrays.entries()) read(view(outs[0]!, addresses[at]!, count), array, start);
    run(Math.ceil(count / float.lanes) * 16, ...addresses, ...scalars);
    for (const [at, out] of outs.entries()) out.set(view(out, addresses[arrays.length + at]!, count), start);
  }
}

function read(to: FloatArray, input: TypedArray | Strided, start: number): void {
  if (!ArrayBuffer.isView(input)) readStrided(to, input, start);
  else to.set(input.length === to.length ? input : input.subarray(start, start + to.length));
}

/** Runs the trace over the carrier of vectors. */
function lowered(graph: Graph, float: Float, trace: Trace): Vector[] {
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
function mapFunction(
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
function neededBy({ vectors }: Graph, outputs: readonly Vector[]): Vector[] {
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

function expectFit(
  float: Float,
  kinds: readonly Kind[],
  results: number,
  outs: readonly FloatArray[],
  inputs: readonly MapInput[],
): void {
  if (outs.length !== results || inputs.length !== kinds.length) {
    throw new KernelError(
      'length',
      `Cannot run a map of ${kinds.length} inputs and ${results} results with ${inputs.length} and ${outs.length}`,
    );
  }
  if (!(outs[0] instanceof float.array)) {
    throw new KernelError('dtype', `Cannot run a map of ${float.name} into ${outs[0]?.constructor.name}`);
  }
  floatOf('a map', ...outs);
  const { length } = outs[0];
  for (const out of outs) expectLength('a map', out, length);
  for (const [at, input] of inputs.entries()) {
    if ((typeof input === 'number') !== (kinds[at] === 'scalar')) {
      throw new KernelError(
        'dtype',
        `Cannot run a map: its input ${at} must be ${kinds[at]}, got ${typeof input}`,
      );
    }
    if (ArrayBuffer.isView(input)) expectLength(`a map on its input ${at}`, input, length);
    else if (typeof input === 'object') expectStrided(input, length);
    if (typeof input === 'object') for (const out of outs) expectApartOrEqual(out, input);
  }
}

/** An input may be replaced by a result: each element is read before it is written. */
function expectApartOrEqual(out: FloatArray, input: TypedArray | Strided): void {
  const isEqual =
    ArrayBuffer.isView(input) && input.constructor === out.constructor && input.byteOffset === out.byteOffset;
  if (!isEqual) expectApart('a map', out, ArrayBuffer.isView(input) ? input : input.data);
}

function expectStrided(input: Strided, length: number): void {
  expectInside(input);
  if (sizeOf(input.shape) === length) return;
  throw new KernelError(
    'length',
    `Cannot run a map of ${length} elements on an input of shape [${input.shape}]`,
  );
}
