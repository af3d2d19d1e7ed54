import type { Carrier } from '@leibniz/ops';
import {
  expectLength,
  type Float,
  type FloatArray,
  type FloatName,
  floatOf,
  floats,
  type TypedArray,
} from './dtype.ts';
import { KernelError } from './errors.ts';
import { addressOf, layout, ownsItsEnd, view } from './heap.ts';
import { type Kind, lowered, mapFunction, neededBy } from './lowering.ts';
import { instantiate, type Kernel } from './memory.ts';
import { expectApart } from './overlap.ts';
import { Recent } from './recent.ts';
import { Graph } from './simd.ts';
import { expectInside, merged, readStrided, type Strided, sizeOf } from './strided.ts';
import { fork, parts } from './threads.ts';
import { type Trace, traceOf } from './trace.ts';

/** What is copied in, computed and copied out at a time stays in the L2 cache. */
const CHUNK_BYTES = 1 << 20;

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
  return compiled.get(key, () => kernelOf(floats[dtype], kinds, trace, results));
}

/** Kernels by the structure of their formula. */
const compiled = new Recent<string, MapKernel>(1000);

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
  const { run: kernel } = instantiate([mapFunction(float, used, needed, outputs)], graph.imports);
  const map = <Out extends FloatArray | readonly FloatArray[]>(out: Out, ...inputs: MapInput[]): Out => {
    const outs = [out].flat() as FloatArray[];
    expectFit(float, kinds, results.length, outs, inputs);
    const arrays = inputs.filter((_, at) => used[at] === 'array') as (TypedArray | Strided)[];
    const scalars = inputs.filter((_, at) => used[at] === 'scalar') as number[];
    run(kernel, needed.length, float, { outs, inputs: arrays, scalars });
    return out;
  };
  const first = trace.steps[results[0]!]!;
  return Object.assign(map, {
    results: results.length,
    reads,
    passes: results.length === 1 && first.kind === 'input' ? first.input : undefined,
  });
}

/** The address of an array that the kernel may work on where it is. */
const placeOf = (float: Float, array: TypedArray | Strided): number | undefined =>
  array instanceof float.array ? addressOf(array) : undefined;

/** Nanoseconds that a vector instruction takes, roughly. */
const INSTRUCTION = 0.15;

/** Parts for threads begin at multiples of this many elements: at cache lines, whatever the type. */
const UNIT = 64;

interface Arrays {
  readonly outs: readonly FloatArray[];
  readonly inputs: readonly (TypedArray | Strided)[];
  readonly scalars: readonly number[];
}

/** Works in place if all arrays live in the memory; what whole vectors would overshoot is copied, as are other arrays. */
function run(kernel: Kernel, instructions: number, float: Float, arrays: Arrays): void {
  const { outs, inputs, scalars } = arrays;
  const { length } = outs[0]!;
  const places = [...inputs, ...outs].map((array) => placeOf(float, array));
  const rest = outs.every(ownsItsEnd) ? 0 : length % float.lanes;
  const inPlace = places.includes(undefined) ? 0 : length - rest;
  /** Runs so many elements, which lie at these addresses. */
  const compute = (count: number, addresses: readonly number[]) => {
    const work = (count / float.lanes) * instructions * INSTRUCTION;
    const rows = parts(count, UNIT, work).map(([from, to]) => [
      Math.ceil((to - from) / float.lanes) * 16,
      ...addresses.map((address) => address + from * float.bytes),
      ...scalars,
    ]);
    fork(kernel, rows);
  };
  if (inPlace > 0) compute(inPlace, places as number[]);
  if (inPlace < length) runInChunks(compute, float, arrays, inPlace);
}

/** Copies elements in, computes them and copies the results out, from number `first` on. */
function runInChunks(
  compute: (count: number, addresses: readonly number[]) => void,
  float: Float,
  { outs, inputs }: Arrays,
  first: number,
): void {
  const { length } = outs[0]!;
  const sources = inputs.map((input) => ({
    source: ArrayBuffer.isView(input) ? input : merged(input),
    place: placeOf(float, input),
  }));
  const arrays = inputs.length + outs.length;
  const size = Math.min(Math.ceil(CHUNK_BYTES / (arrays * float.bytes * UNIT)) * UNIT, length - first);
  const addresses = layout(...new Array<number>(arrays).fill(size * float.bytes));
  for (let start = first; start < length; start += size) {
    const count = Math.min(size, length - start);
    const at = addresses.map((address, index) => {
      const { source, place } = sources[index] ?? {};
      if (place !== undefined) return place + start * float.bytes;
      if (source !== undefined) read(view(outs[0]!, address, count), source, start);
      return address;
    });
    compute(count, at);
    for (const [index, out] of outs.entries()) {
      out.set(view(out, addresses[inputs.length + index]!, count), start);
    }
  }
}

function read(to: FloatArray, input: TypedArray | Strided, start: number): void {
  if (!ArrayBuffer.isView(input)) readStrided(to, input, start);
  else to.set(input.length === to.length ? input : input.subarray(start, start + to.length));
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
