// What each primitive is in ONNX.

import type { Reduction } from '@leibniz/kernels';
import { type BinaryName, type Carrier, ops, type UnaryName } from '@leibniz/ops';
import type { DType, FloatDType } from './dtype.ts';
import type { FormulaOptions } from './elementwise.ts';
import { TransformError } from './errors.ts';
import { ONNX_TYPES, type OnnxGraph } from './onnxGraph.ts';
import type { RowwiseOptions } from './rowwise.ts';
import { type Shape, sameShape } from './shape.ts';
import type { AxisPart } from './slice.ts';
import type { MatmulOptions, Tensor } from './tensor.ts';
import type { Window } from './windows.ts';

/** Scalar functions that ONNX has, by our names; others are written out as the table defines them. */
const SCALAR: Readonly<Partial<Record<UnaryName | BinaryName, string>>> = {
  neg: 'Neg',
  inv: 'Reciprocal',
  sqrt: 'Sqrt',
  abs: 'Abs',
  sign: 'Sign',
  floor: 'Floor',
  ceil: 'Ceil',
  exp: 'Exp',
  log: 'Log',
  sin: 'Sin',
  cos: 'Cos',
  tan: 'Tan',
  asin: 'Asin',
  acos: 'Acos',
  atan: 'Atan',
  sinh: 'Sinh',
  cosh: 'Cosh',
  asinh: 'Asinh',
  acosh: 'Acosh',
  atanh: 'Atanh',
  tanh: 'Tanh',
  erf: 'Erf',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  softplus: 'Softplus',
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  pow: 'Pow',
  max: 'Max',
  min: 'Min',
};

/** Primitives that are one node. */
const PLAIN: Readonly<Record<string, string>> = {
  less: 'Less',
  lessEqual: 'LessOrEqual',
  greater: 'Greater',
  greaterEqual: 'GreaterOrEqual',
  equal: 'Equal',
  logicalAnd: 'And',
  logicalOr: 'Or',
  logicalXor: 'Xor',
  logicalNot: 'Not',
  add: 'Add',
  sub: 'Sub',
  mul: 'Mul',
  neg: 'Neg',
  abs: 'Abs',
  max: 'Max',
  min: 'Min',
  isnan: 'IsNaN',
  isinf: 'IsInf',
  round: 'Round',
};

type Inputs = readonly (readonly [name: string, dtype: DType])[];

/** Writes the nodes of a primitive; gives the name of its result. */
export function lowered<O>(
  graph: OnnxGraph,
  name: string,
  inputs: Inputs,
  inner: readonly Tensor[],
  y: Tensor,
  options: O,
): string {
  const rule = RULES[name];
  if (rule !== undefined)
    return rule({ graph, inputs, names: inputs.map(([each]) => each), inner, y }, options as never);
  const plain = PLAIN[name];
  if (plain !== undefined)
    return graph.node(
      plain,
      inputs.map(([each]) => each),
    );
  throw unsupported(name);
}

const unsupported = (name: string): TransformError =>
  new TransformError(
    'ERR_TRANSFORM_UNSUPPORTED',
    `Cannot export ${name} to ONNX: there is no counterpart for it; compute it before or after the model`,
  );

interface Call {
  readonly graph: OnnxGraph;
  readonly inputs: Inputs;
  readonly names: readonly string[];
  readonly inner: readonly Tensor[];
  readonly y: Tensor;
}

/** Stands for "beyond the start", for slices that go backwards. */
const BEFORE_START = -(2 ** 31);

const reduced =
  (type: string) =>
  (call: Call, { axes }: { axes: readonly number[] }) => {
    // No axes are none here, and all there.
    if (axes.length === 0) return call.graph.node('Identity', call.names);
    return call.graph.node(type, [call.names[0]!, call.graph.integers(axes)], { keepdims: 0 });
  };

const extremum =
  (type: string) =>
  ({ graph, names }: Call, { axis }: { axis: number }) =>
    graph.node('Cast', [graph.node(type, names, { axis, keepdims: 0 })], { to: ONNX_TYPES.int32 });

const RULES: Readonly<Record<string, (call: Call, options: never) => string>> = {
  elementwise,
  rowwise,
  reshape: ({ graph, names }, { shape }: { shape: Shape }) =>
    graph.node('Reshape', [names[0]!, graph.integers(shape)], { allowzero: 1 }),
  permuteDims: ({ graph, names }, { axes }: { axes: readonly number[] }) =>
    graph.node('Transpose', names, { perm: axes }),
  broadcastTo: ({ graph, names }, { shape }: { shape: Shape }) =>
    graph.node('Expand', [names[0]!, graph.integers(shape)]),
  slice: ({ graph, names }, { parts }: { parts: readonly AxisPart[] }) => {
    const ends = parts.map(({ start, step, count }) => {
      const end = start + step * count;
      return end < 0 ? BEFORE_START : end;
    });
    const lists = [
      parts.map(({ start }) => start),
      ends,
      parts.map((_, axis) => axis),
      parts.map(({ step }) => step),
    ];
    return parts.length === 0
      ? graph.node('Identity', names)
      : graph.node('Slice', [names[0]!, ...lists.map((list) => graph.integers(list))]);
  },
  embed: ({ graph, names }, { parts, shape }: { parts: readonly AxisPart[]; shape: Shape }) => {
    if (parts.some(({ step }) => step !== 1)) throw unsupported('embed with steps');
    const before = parts.map(({ start }) => start);
    const behind = parts.map(({ start, count }, axis) => shape[axis]! - start - count);
    return graph.node('Pad', [names[0]!, graph.integers([...before, ...behind])]);
  },
  gather: ({ graph, names }) => graph.node('Gather', names, { axis: 0 }),
  concat: ({ graph, inputs, y }, { axis }: { axis: number }) =>
    graph.node(
      'Concat',
      inputs.map((input) => cast(graph, input, y.dtype)),
      { axis },
    ),
  astype: ({ graph, names }, { dtype }: { dtype: DType }) =>
    graph.node('Cast', names, { to: ONNX_TYPES[dtype] }),
  sum: reduced('ReduceSum'),
  max: (call, options: { axes?: readonly number[] } | undefined) =>
    options?.axes === undefined
      ? call.graph.node('Max', call.names)
      : reduced('ReduceMax')(call, { axes: options.axes }),
  min: (call, options: { axes?: readonly number[] } | undefined) =>
    options?.axes === undefined
      ? call.graph.node('Min', call.names)
      : reduced('ReduceMin')(call, { axes: options.axes }),
  argmax: extremum('ArgMax'),
  argmin: extremum('ArgMin'),
  notEqual: ({ graph, names }) => graph.node('Not', [graph.node('Equal', names)]),
  isfinite: ({ graph, names }) => {
    const nan = graph.node('IsNaN', names);
    return graph.node('Not', [graph.node('Or', [nan, graph.node('IsInf', names)])]);
  },
  cumulativeSum: ({ graph, names }, { axis }: { axis: number }) =>
    graph.node('CumSum', [names[0]!, graph.node('Squeeze', [graph.integers([axis])])]),
  matmul: ({ graph, inputs, inner, y }, { transposeA = false, transposeB = false }: MatmulOptions) => {
    const operand = (at: number, isTransposed: boolean) => {
      const name = cast(graph, inputs[at]!, y.dtype);
      const axes = inner[at]!.shape.map((_, axis) => axis);
      const swapped = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
      return isTransposed ? graph.node('Transpose', [name], { perm: swapped }) : name;
    };
    return graph.node('MatMul', [operand(0, transposeA), operand(1, transposeB)]);
  },
  linear: ({ graph, inputs, y }) => {
    const [x, weight, bias] = inputs.map((input) => cast(graph, input, y.dtype)) as [string, string, string];
    return graph.node('Add', [graph.node('MatMul', [x, weight]), bias]);
  },
  windows: ({ graph, names, inner, y }, { axis, size, stride, dilation }: Window) => {
    const count = y.shape[axis]!;
    const places = Array.from(
      { length: count * size },
      (_, i) => Math.floor(i / size) * stride + (i % size) * dilation,
    );
    const table = graph.node('Reshape', [graph.integers(places), graph.integers([count, size])]);
    const picked = graph.node('Gather', [names[0]!, table], { axis });
    const axes = Array.from({ length: inner[0]!.ndim + 1 }, (_, at) => at);
    return graph.node('Transpose', [picked], { perm: [...axes.toSpliced(axis + 1, 1), axis + 1] });
  },
};

const cast = (graph: OnnxGraph, [name, dtype]: readonly [string, DType], to: DType): string =>
  dtype === to ? name : graph.node('Cast', [name], { to: ONNX_TYPES[to] });

/** A formula, run over the carrier of nodes. */
function elementwise({ graph, inputs, inner, y }: Call, options: FormulaOptions): string {
  const { dtype, formula, operands, shape } = options;
  const $ = carrierOf(graph, dtype);
  const rest = inputs.map((input) => cast(graph, input, dtype));
  const values = operands.map((x) => {
    if (x === null) return rest.shift()!;
    return typeof x === 'number' ? graph.number(x, dtype) : $.int(0);
  });
  const result = formula($, ...values);
  // What does not depend on the largest operand has not its shape.
  return inner.some((x) => sameShape(x.shape, shape))
    ? result
    : graph.node('Expand', [result, graph.integers(y.shape)]);
}

/** A formula over the last axis: its reductions keep that axis, with length 1. */
function rowwise({ graph, inputs }: Call, { dtype, formula, operands, shape }: RowwiseOptions): string {
  const $ = carrierOf(graph, dtype);
  const rest = inputs.map((input) => cast(graph, input, dtype));
  const values = operands.map((x) => (x === null ? rest.shift()! : graph.number(x, dtype)));
  const reduce = (name: Reduction, x: string) =>
    graph.node(REDUCED[name], [x, graph.integers([-1])], { keepdims: 1 });
  const columns = graph.number(shape.at(-1)!, dtype);
  return formula({ ...$, reduce, columns, stop: (x) => x }, ...values);
}

const REDUCED: Readonly<Record<Reduction, string>> = {
  sum: 'ReduceSum',
  max: 'ReduceMax',
  min: 'ReduceMin',
  prod: 'ReduceProd',
};

function carrierOf(graph: OnnxGraph, dtype: FloatDType): Carrier<string, string> {
  const operations: Record<string, unknown> = {};
  for (const name of Object.keys(ops.unary) as UnaryName[]) {
    const { code, means } = ops.unary[name];
    operations[name] = (x: string): string => {
      const type = SCALAR[name];
      if (type !== undefined) return graph.node(type, [x]);
      const written = code ?? means;
      if (written === undefined) throw unsupported(name);
      return written($, x);
    };
  }
  for (const name of Object.keys(ops.binary) as BinaryName[]) {
    const { code, means } = ops.binary[name];
    operations[name] = (a: string, b: string): string => {
      const type = SCALAR[name];
      if (type !== undefined) return graph.node(type, [a, b]);
      const written = code ?? means;
      if (written === undefined) throw unsupported(name);
      return written($, a, b);
    };
  }
  const node =
    (type: string) =>
    (...x: string[]) =>
      graph.node(type, x);
  const $ = {
    ...operations,
    int: (n: number | bigint) => graph.number(Number(n), dtype),
    rational: (p: number | bigint, q: number | bigint) => graph.number(ops.numbers.rational(p, q), dtype),
    get pi() {
      return graph.number(Math.PI, dtype);
    },
    less: node('Less'),
    lessEqual: node('LessOrEqual'),
    equal: node('Equal'),
    not: node('Not'),
    and: node('And'),
    or: node('Or'),
    where: node('Where'),
  } as unknown as Carrier<string, string>;
  return $;
}
