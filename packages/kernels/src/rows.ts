import {
  expectLength,
  type Float,
  type FloatArray,
  type FloatName,
  floats,
  type TypedArray,
} from './dtype.ts';
import { KernelError } from './errors.ts';
import { vectorsOf } from './lowering.ts';
import { instantiate, type Kernel } from './memory.ts';
import { expectApart, expectApartOrEqual } from './overlap.ts';
import { Recent } from './recent.ts';
import { reductions } from './reductions.ts';
import { isNarrow, levelBytes, rowFunctions, scratchBytes } from './rowCode.ts';
import { type Kind, planOf } from './rowPlan.ts';
import { INSTRUCTION, type RowArray, runRows } from './rowRun.ts';
import { type RowCarrier, rowTraceOf, type Trace } from './trace.ts';

/** A formula over a row: one result or several. */
export type RowFormula = <T, C>($: RowCarrier<T, C>, ...x: T[]) => T | readonly T[];

export interface RowOptions {
  readonly dtype: FloatName;
  /** What each input has one value for: each element, each column, each row, or all together. */
  readonly inputs: readonly Kind[];
}

export interface RowSizes {
  readonly m: number;
  readonly n: number;
}

/** Computes its formula for each row; `out` is an array, or one for each result, and may be a matrix of the inputs. */
export interface RowKernel {
  <Out extends FloatArray | readonly FloatArray[]>(
    out: Out,
    sizes: RowSizes,
    ...inputs: (TypedArray | number)[]
  ): Out;
  /** For each result, whether it has a value for each element, or else for each row. */
  readonly isMatrix: readonly boolean[];
}

/**
 * Compiles a formula over the rows of m × n matrices to one kernel. `$.reduce(name, x)` is the sum, product, maximum or
 * minimum of a value over its row, and can be used like any other value; `$.columns` is n. A result that differs along a
 * row is stored as a matrix; one that does not, as one value for each row. Reductions have the order of `reduce`, so
 * results are those of separate kernels, bit for bit.
 *
 * @throws KernelError if the formula is too long, or, when it is called, if arrays do not fit, or a maximum or minimum is
 * asked of rows without elements.
 * @example
 * import { compileRows } from '@leibniz/kernels';
 * const softmax = compileRows({ dtype: 'float64', inputs: ['matrix'] }, ($, x) => {
 *   const powers = $.exp($.sub(x, $.reduce('max', x)));
 *   return $.div(powers, $.reduce('sum', powers));
 * });
 * const x = Float64Array.of(1, 1, 0, 1000); // 2 × 2
 * softmax(new Float64Array(4), { m: 2, n: 2 }, x); // => Float64Array(4) [ 0.5, 0.5, 0, 1 ]
 *
 * const mean = compileRows({ dtype: 'float64', inputs: ['matrix'] }, ($, x) =>
 *   $.div($.reduce('sum', x), $.columns),
 * );
 * mean(new Float64Array(2), { m: 2, n: 2 }, x); // => Float64Array(2) [ 1, 500 ]
 */
export function compileRows({ dtype, inputs }: RowOptions, formula: RowFormula): RowKernel {
  const { trace, results } = rowTraceOf(inputs.length, formula);
  const key = `${dtype}|${inputs}|${results}|${trace.key}`;
  return compiled.get(key, () => kernelOf(floats[dtype], inputs, trace, results));
}

const compiled = new Recent<string, RowKernel>(1000);

function kernelOf(float: Float, inputs: readonly Kind[], trace: Trace, steps: readonly number[]): RowKernel {
  const { imports, needed, results } = vectorsOf(float, trace, steps);
  const reads = [...inputs, 'columns'].map((_, at) => needed.some((vector) => vector.input === at));
  const kinds = [...inputs, 'scalar' as const].map((kind, at) => (reads[at] ? kind : 'unread'));
  const program = { float, kinds, needed, results, isShort: true };
  const plan = planOf(program);
  const kernels: { narrow?: Kernel; wide?: Kernel } = {};
  const kernelFor = (n: number): Kernel => {
    const rows = isNarrow(float, n) ? 'narrow' : 'wide';
    kernels[rows] ??= instantiate(
      rowFunctions(program, plan, imports.length, rows === 'narrow'),
      imports,
    ).run;
    return kernels[rows];
  };
  const work = (plan.passes.flatMap(({ each }) => each).length * INSTRUCTION) / float.lanes;
  const reduced = needed.flatMap(({ reduction }) => reduction ?? []);
  const valueless = reduced.find((name) => reductions[name].empty === undefined);
  const rows = <Out extends FloatArray | readonly FloatArray[]>(
    out: Out,
    sizes: RowSizes,
    ...values: (TypedArray | number)[]
  ): Out => {
    const { m, n } = sizes;
    const outs = (Array.isArray(out) ? out : [out]) as FloatArray[];
    expectFit({ float, kinds: inputs, isMatrix: plan.isLong }, sizes, outs, values);
    if (m > 0 && n === 0 && valueless !== undefined)
      throw new KernelError('empty', `Cannot take the ${valueless} of no elements: it has no value`);
    const all = [...values, n];
    const used = all.flatMap((value, at) => (reads[at] ? { value, kind: kinds[at] as Kind } : []));
    runRows({
      kernel: kernelFor(n),
      ...{ float, m, n, work },
      reduces:
        reduced.length === 0
          ? undefined
          : { scratch: scratchBytes(float, plan, n), level: levelBytes(float, n) },
      inputs: used.flatMap(({ value, kind }) => (typeof value === 'number' ? [] : byRows(value, kind, n))),
      outs: outs.map((data, at) => byRows(data, plan.isLong[at] ? 'matrix' : 'column', n)),
      scalars: used.flatMap(({ value }) => (typeof value === 'number' ? value : [])),
    });
    return out;
  };
  return Object.assign(rows, { isMatrix: plan.isLong });
}

/** How an array of a kind lies over rows of n elements. */
const byRows = (data: TypedArray, kind: Kind, n: number): RowArray => ({
  data,
  offset: 0,
  stride: { matrix: n, row: 0, column: 1, scalar: 0 }[kind],
  step: kind === 'column' ? 0 : 1,
});

interface Expected {
  readonly float: Float;
  readonly kinds: readonly Kind[];
  readonly isMatrix: readonly boolean[];
}

function expectFit(
  { float, kinds, isMatrix }: Expected,
  { m, n }: RowSizes,
  outs: readonly FloatArray[],
  values: readonly (TypedArray | number)[],
): void {
  if (!(Number.isSafeInteger(m) && m >= 0 && Number.isSafeInteger(n) && n >= 0))
    throw new KernelError('length', `Cannot run over ${m} rows of ${n} elements: give whole numbers`);
  if (outs.length !== isMatrix.length || values.length !== kinds.length) {
    throw new KernelError(
      'length',
      `Cannot run over rows with ${values.length} inputs and ${outs.length} results: the formula has ${kinds.length} and ${isMatrix.length}`,
    );
  }
  for (const [at, out] of outs.entries()) {
    if (!(out instanceof float.array))
      throw new KernelError(
        'dtype',
        `Cannot run over rows of ${float.name} into ${(out as object)?.constructor.name}`,
      );
    expectLength(`over ${m} rows of ${n} elements into result ${at}`, out, isMatrix[at] ? m * n : m);
  }
  for (const [at, value] of values.entries()) {
    const kind = kinds[at]!;
    if ((typeof value === 'number') !== (kind === 'scalar'))
      throw new KernelError(
        'dtype',
        `Cannot run over rows: input ${at} must be a ${kind}, got ${typeof value}`,
      );
    if (typeof value === 'number') continue;
    const length = { matrix: m * n, row: n, column: m, scalar: 1 }[kind];
    expectLength(`over ${m} rows of ${n} elements on input ${at}, a ${kind}`, value, length);
    for (const [result, out] of outs.entries()) {
      if (kind === 'matrix' && isMatrix[result]) expectApartOrEqual('over rows', out, value);
      else expectApart('over rows', out, value);
    }
  }
}
