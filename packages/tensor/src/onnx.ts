// Export to ONNX: a function is run once on examples of its arguments, one level further in, and every primitive that is
// applied becomes nodes of a graph. https://onnx.ai/onnx/repo-docs/IR.html

import type { DType } from './dtype.ts';
import { TransformError } from './errors.ts';
import { OnnxGraph } from './onnxGraph.ts';
import { lowered } from './onnxOps.ts';
import { apply, type Interpreter, transformed } from './op.ts';
import { internals, type Level, Tensor } from './tensor.ts';

export interface OnnxOptions {
  /** Names of the arguments; x0, x1, … by default. */
  readonly inputs?: readonly string[];
  /** The name of the result; y by default. */
  readonly output?: string;
  /** Names of tensors that the function uses, as `model.tensors()` gives them. */
  readonly tensors?: ReadonlyMap<string, Tensor>;
}

/**
 * The bytes of an ONNX model (opset 18) of a function: of its result for arguments of the shapes and types of the
 * examples. Other tensors that it uses become part of the model.
 *
 * @throws TransformError with ERR_TRANSFORM_UNSUPPORTED where ONNX has no counterpart of an operation.
 *
 * @example
 * import { encodeOnnx, Linear, zeros } from '@leibniz/tensor';
 * const model = new Linear(3, 2);
 * encodeOnnx((x) => model.call(x).relu(), [zeros([5, 3])], { tensors: model.tensors() }).length > 100; // => true
 */
export function encodeOnnx(
  f: (...x: Tensor[]) => Tensor,
  examples: readonly Tensor[],
  { inputs = examples.map((_, i) => `x${i}`), output = 'y', tensors = new Map() }: OnnxOptions = {},
): Uint8Array {
  if (inputs.length !== examples.length) {
    throw new TransformError(
      'ERR_TRANSFORM_ARGUMENT',
      `Cannot name ${examples.length} arguments by ${inputs.length} names in encodeOnnx: each needs one`,
    );
  }
  const graph = new OnnxGraph([...inputs, output]);
  const known = new Map([...tensors].map(([name, x]) => [x, name]));
  const constants = new Map<Tensor, string>();
  const traceAt = (level: Level, x: Tensor) => {
    const trace = internals.trace(x);
    return trace?.level === level ? trace : undefined;
  };
  const nameOf = (level: Level, x: Tensor): string => {
    const name = traceAt(level, x)?.name ?? constants.get(x) ?? graph.constant(x, known.get(x));
    if (traceAt(level, x) === undefined) constants.set(x, name);
    return name;
  };
  const traced = (level: Level, inner: Tensor, name: string): Tensor =>
    new Tensor(inner.shape, inner.dtype, { level, inner, name });
  const interpreterAt = (level: Level): Interpreter => ({
    apply: (op, inputs, options) => {
      const inner = inputs.map((x) => traceAt(level, x)?.inner ?? x);
      const y = apply(op, inner, options);
      const given = inputs.map((x): [string, DType] => [nameOf(level, x), x.dtype]);
      return traced(level, y, lowered(graph, op.name, given, inner, y, options));
    },
    custom: (f, inputs) => f(...inputs).value,
  });
  return transformed('onnx', interpreterAt, (level) => {
    const y = f(...examples.map((x, i) => traced(level, x, inputs[i]!)));
    graph.node('Identity', [nameOf(level, y)], {}, output);
    return graph.bytes(
      examples.map((x, i) => ({ name: inputs[i]!, dtype: x.dtype, shape: x.shape })),
      { name: output, dtype: y.dtype, shape: y.shape },
    );
  });
}
