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
import { gridOf } from './grid.ts';
import { addressOf } from './heap.ts';
import { vectorsOf } from './lowering.ts';
import { instantiate, type Kernel } from './memory.ts';
import { expectApart, expectApartOrEqual } from './overlap.ts';
import { Recent } from './recent.ts';
import { rowFunctions } from './rowCode.ts';
import { type Kind, planOf } from './rowPlan.ts';
import { INSTRUCTION, type RowJob, runEach, runRows, SMALL } from './rowRun.ts';
import { expectInside, type Strided, sizeOf } from './strided.ts';
import { type Trace, traceOf } from './trace.ts';

/** A formula over any carrier: one result or several. */
export type Formula = <T, C>($: Carrier<T, C>, ...x: T[]) => T | readonly T[];

type InputKind = 'array' | 'scalar';

export interface MapOptions {
  readonly dtype: FloatName;
  /** How many arrays the formula takes, or for each input whether it is an array or one number for all elements. */
  readonly inputs: number | readonly InputKind[];
}

/**
 * What an input may be: an array as long as the result, a strided array of as many elements, or a number. A strided array is
 * read where it lies if all of them are rows or columns of one matrix: each row contiguous, or of one value.
 */
export type MapInput = TypedArray | Strided | number;

/** A result, or a list of them, and the inputs. */
export type MapCall = readonly [out: FloatArray | readonly FloatArray[], ...inputs: MapInput[]];

/** Computes its formula for each element: `out` is an array, or one for each result; they may be inputs as well. */
export interface MapKernel {
  <Out extends FloatArray | readonly FloatArray[]>(out: Out, ...inputs: MapInput[]): Out;
  /**
   * The same for several sets of arrays, on which the kernel runs in one go. No result may be an input of another set.
   */
  each(calls: readonly MapCall[]): void;
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
  const kinds = typeof inputs === 'number' ? new Array<InputKind>(inputs).fill('array') : inputs;
  const { trace, results } = traceOf(kinds.length, formula);
  const key = `${dtype}|${kinds}|${results}|${trace.key}`;
  return compiled.get(key, () => kernelOf(floats[dtype], kinds, trace, results));
}

/** Kernels by the structure of their formula. */
const compiled = new Recent<string, MapKernel>(1000);

function kernelOf(
  float: Float,
  kinds: readonly InputKind[],
  trace: Trace,
  steps: readonly number[],
): MapKernel {
  const { imports, needed, results } = vectorsOf(float, trace, steps);
  const reads = kinds.map((_, at) => needed.some((vector) => vector.input === at));
  const variants = new Map<string, Kernel>();
  /** The kernel for inputs of which some have but one value a row. */
  const variant = (steps: readonly (0 | 1)[]): Kernel => {
    const known = variants.get(String(steps));
    if (known !== undefined) return known;
    const rest = steps.map((step): Kind => (step === 0 ? 'column' : 'matrix'));
    const used = kinds.map((kind, at) => (!reads[at] ? 'unread' : kind === 'scalar' ? kind : rest.shift()!));
    const program = { float, kinds: used, needed, results, isShort: false };
    const { run } = instantiate(rowFunctions(program, planOf(program), imports.length), imports);
    variants.set(String(steps), run);
    return run;
  };
  const work = (needed.length * INSTRUCTION) / float.lanes;
  const arrays = kinds.filter((kind, at) => kind === 'array' && reads[at]).length;
  let whole: Kernel | undefined;
  const map = <Out extends FloatArray | readonly FloatArray[]>(out: Out, ...inputs: MapInput[]): Out => {
    const outs = (Array.isArray(out) ? out : [out]) as FloatArray[];
    const row = oneRow(float, kinds, reads, outs, inputs, work, results.length);
    if (row !== undefined) {
      whole ??= variant(new Array<1>(arrays).fill(1));
      whole(...row);
      return out;
    }
    runRows(jobOf(outs, inputs));
    return out;
  };
  const isUsed = (kind: InputKind) => (_: MapInput, at: number) => reads[at] && kinds[at] === kind;
  const jobOf = (outs: readonly FloatArray[], inputs: readonly MapInput[]): RowJob => {
    expectFit(float, kinds, results.length, outs, inputs);
    const grid = gridOf(outs[0]!.length, inputs.filter(isUsed('array')) as (TypedArray | Strided)[]);
    return {
      kernel: variant(grid.arrays.map((array) => ('step' in array ? array.step : 1))),
      ...{ float, work, m: grid.m, n: grid.n },
      inputs: grid.arrays,
      outs: outs.map((data) => ({ data, offset: 0, stride: grid.n, step: 1 })),
      scalars: inputs.filter(isUsed('scalar')) as number[],
    };
  };
  const each = (calls: readonly MapCall[]): void => {
    const byKernel = new Map<Kernel, RowJob[]>();
    for (const [out, ...inputs] of calls) {
      const job = jobOf([out].flat() as FloatArray[], inputs);
      const others = byKernel.get(job.kernel);
      if (others) others.push(job);
      else byKernel.set(job.kernel, [job]);
    }
    for (const jobs of byKernel.values()) runEach(jobs);
  };
  const first = trace.steps[steps[0]!]!;
  return Object.assign(map, {
    each,
    results: results.length,
    reads,
    passes: results.length === 1 && first.kind === 'input' ? first.input : undefined,
  });
}

/**
 * The arguments for small arrays that all live in the memory and fit, all of them one row: the most common case, in which a
 * call should cost little. Undefined in every other case.
 */
function oneRow(
  float: Float,
  kinds: readonly InputKind[],
  reads: readonly boolean[],
  outs: readonly FloatArray[],
  inputs: readonly MapInput[],
  work: number,
  results: number,
): number[] | undefined {
  if (outs.length !== results || inputs.length !== kinds.length) return undefined;
  const { length } = outs[0]!;
  if (length * work > SMALL) return undefined;
  const size = length * float.bytes;
  const args = [1, size, 0, 0];
  for (const [at, input] of inputs.entries()) {
    if (typeof input === 'number') {
      if (kinds[at] !== 'scalar') return undefined;
      continue;
    }
    if (kinds[at] !== 'array' || !(input instanceof float.array) || input.length !== length) return undefined;
    const address = addressOf(input);
    if (address === undefined) return undefined;
    if (reads[at]) args.push(address, 0);
    for (const out of outs) {
      const distance = Math.abs(out.byteOffset - address);
      if (distance !== 0 && distance < size) return undefined;
    }
  }
  for (const out of outs) {
    if (!(out instanceof float.array) || out.length !== length) return undefined;
    const address = addressOf(out);
    if (address === undefined) return undefined;
    args.push(address, 0);
  }
  for (const [at, input] of inputs.entries()) {
    if (typeof input === 'number' && reads[at]) args.push(input);
  }
  return args;
}

function expectFit(
  float: Float,
  kinds: readonly InputKind[],
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
    if (typeof input === 'number') continue;
    if (ArrayBuffer.isView(input)) expectLength(`a map on its input ${at}`, input, length);
    else expectStrided(input, length);
    for (const out of outs) {
      if (ArrayBuffer.isView(input)) expectApartOrEqual('a map', out, input);
      else expectApart('a map', out, input.data);
    }
  }
}

function expectStrided(input: Strided, length: number): void {
  expectInside(input);
  if (sizeOf(input.shape) === length) return;
  throw new KernelError(
    'length',
    `Cannot run a map of ${length} elements on an input of shape [${input.shape}]`,
  );
}
