// A function of single examples as one of batches: inside vmap a tensor stands for each of a batch, which lies along
// the first axis of the tensor one level out, and each primitive is applied to all of them at once.

import { applyCustom } from './customGrad.ts';
import { ShapeError, TransformError } from './errors.ts';
import { permuteDims, spread } from './movement.ts';
import { type Interpreter, transformed } from './op.ts';
import { sum } from './reduction.ts';
import { expectAxis, show } from './shape.ts';
import { internals, type Level, Tensor } from './tensor.ts';
import { mapTensors, tensorsOf } from './tree.ts';

export interface VmapOptions {
  /** For each argument the axis of its batch, or null if all examples share it; one for all arguments; 0 by default. */
  readonly inAxes?: number | null | readonly (number | null)[];
  /** The axis of the batch in the results; 0 by default. */
  readonly outAxes?: number;
}

/** One axis moved to another place. */
function moved(x: Tensor, from: number, to: number): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return permuteDims(x, axes.toSpliced(from, 1).toSpliced(to, 0, from));
}

const traced = (level: Level, inner: Tensor): Tensor =>
  new Tensor(inner.shape.slice(1), inner.dtype, { level, inner });

function batchAt(level: Level, x: Tensor): { inner: Tensor; isBatched: boolean } {
  const trace = internals.trace(x);
  return trace?.level === level ? { inner: trace.inner, isBatched: true } : { inner: x, isBatched: false };
}

const interpreterOf =
  (size: number) =>
  (level: Level): Interpreter => ({
    apply: (op, inputs, options) => {
      const batches = inputs.map((x) => batchAt(level, x));
      const y = op.batch(
        batches.map(({ inner }) => inner),
        batches.map(({ isBatched }) => isBatched),
        options,
        size,
      );
      return traced(level, y);
    },
    // The gradient is computed in a batch of its own, because it may be asked for when this one is over.
    custom: (f, inputs) => {
      const batches = inputs.map((x) => batchAt(level, x));
      const inAxes = batches.map(({ isBatched }) => (isBatched ? 0 : null));
      const ofBatch = (...x: Tensor[]) => ({
        value: vmap((...x: Tensor[]) => f(...x).value, { inAxes })(...x),
        gradient: (g: Tensor): Tensor[] => {
          const all = vmap((g: Tensor, ...x: Tensor[]) => [f(...x).gradient(g)].flat(), {
            inAxes: [0, ...inAxes],
          });
          return all(g, ...x).map((each, at) => (inAxes[at] === 0 ? each : sum(each, 0)));
        },
      });
      return traced(
        level,
        applyCustom(
          ofBatch,
          batches.map(({ inner }) => inner),
        ),
      );
    },
  });

/**
 * A function of single examples as a function of batches: it is run once, over all of them together. Arguments and
 * results may be tensors, or arrays and objects of tensors; an argument that is none is passed on.
 *
 * Inside the function no elements can be read, and random tensors are the same for all examples.
 *
 * @example
 * import { grad, tensor, vmap } from '@leibniz/tensor';
 * const f = (x, y) => x.mul(y).sum();
 * const xs = tensor([[1, 2], [3, 4]]);
 * vmap(f, { inAxes: [0, null] })(xs, tensor([1, 10])).toArray(); // => [ 21, 43 ]
 * vmap(grad((x) => x.square().sum()))(xs).toArray(); // => [ [ 2, 4 ], [ 6, 8 ] ]
 */
export function vmap<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  { inAxes = 0, outAxes = 0 }: VmapOptions = {},
): (...args: A) => R {
  return (...args: A) => {
    const axisOf = (at: number) => (typeof inAxes === 'number' || inAxes === null ? inAxes : inAxes[at]);
    const batches = args.map((arg, at) =>
      mapTensors(arg, (x) => {
        const axis = axisOf(at);
        if (axis === undefined) {
          throw new TransformError(
            'ERR_TRANSFORM_ARGUMENT',
            `Cannot map argument ${at} in vmap: inAxes has no entry for it; give an axis, or null if all share it`,
          );
        }
        return axis === null ? x : moved(x, expectAxis('vmap', axis, x.ndim), 0);
      }),
    );
    const mapped = batches.flatMap((batch, at) => (axisOf(at) === null ? [] : tensorsOf(batch)));
    const size = mapped[0]?.shape[0];
    const odd = mapped.find((x) => x.shape[0] !== size);
    if (size === undefined || odd !== undefined) {
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        odd === undefined
          ? 'Cannot map over no batch in vmap: at least one tensor needs an axis in inAxes'
          : `Cannot map over batches of ${size} and ${odd.shape[0]} in vmap, of ${show(mapped[0]!.shape)} and ${show(odd.shape)}: they must be as long`,
      );
    }
    return transformed('vmap', interpreterOf(size), (level) => {
      const examples = batches.map((batch, at) =>
        axisOf(at) === null ? batch : mapTensors(batch, (x) => traced(level, x)),
      );
      return mapTensors(f(...(examples as unknown as A)), (y) => {
        const { inner, isBatched } = batchAt(level, y);
        const whole = spread(inner, isBatched, size);
        return moved(whole, 0, expectAxis('vmap', outAxes, whole.ndim));
      }) as R;
    });
  };
}
