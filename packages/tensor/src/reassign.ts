// What optimizers do to variables: new values in the place of the old ones, for all of them as one run of a kernel.

import type { FloatArray, MapCall, MapKernel } from '@leibniz/kernels';
import {
  broadcast,
  commonFloat,
  type Formulas,
  fuse,
  isTensor,
  kernelInput,
  kernelOf,
} from './elementwise.ts';
import { ShapeError } from './errors.ts';
import { sameShape, show, sizeOf } from './shape.ts';
import { roomFor } from './storage.ts';
import { internals, type Operand, Tensor } from './tensor.ts';

/**
 * The gradient that `backward` left at a leaf, lent: the place of one that nobody else has seen is given back by
 * `zeroGrad`, so this is for those who do not keep it. For others there is `x.grad`.
 *
 * @example
 * import { lentGrad, tensor } from '@leibniz/tensor';
 * const x = tensor([3, 4], { requiresGrad: true });
 * x.square().sum().backward();
 * lentGrad(x)?.toArray(); // => [ 6, 8 ]
 */
export const lentGrad = (x: Tensor): Tensor | undefined => internals.grad(x);

/** Leaves, and what a formula is given to compute the new values of them. */
export interface Assignment {
  readonly targets: readonly Tensor[];
  readonly operands: readonly Operand[];
}

/**
 * Assigns to leaves what a formula with several results gives, for all assignments together as one run of a kernel. It
 * does what `assign` does with the results of `fuse`, but writes over the old elements where nothing else looks at them.
 * Each assignment sees the values from before; none may read or assign to the target of another.
 *
 * @throws ShapeError where a leaf and its result differ in shape or type, or assignments are not apart.
 * @example
 * import { reassign, tensor } from '@leibniz/tensor';
 * const [w, v] = [tensor([1, 2]), tensor([0, 0])];
 * const step = { targets: [w, v], operands: [w, v, tensor([1, 1])] };
 * reassign(($, w, v, g) => [$.sub(w, g), $.add(v, g)], [step]);
 * w.toArray(); // => [ 0, 1 ]
 */
export function reassign(formula: Formulas, assignments: readonly Assignment[]): void {
  expectDisjoint(assignments);
  const calls = new Map<MapKernel, MapCall[]>();
  const moved: { target: Tensor; out: FloatArray }[] = [];
  for (const { targets, operands } of assignments) {
    const tensors = [...operands.filter(isTensor), ...targets];
    const shape = broadcast('reassign', operands);
    const dtype = commonFloat('reassign', tensors);
    const isPlain = tensors.every((x) => internals.trace(x) === undefined);
    const fits = targets.every((target) => sameShape(target.shape, shape) && target.dtype === dtype);
    if (!isPlain || !fits) {
      for (const [at, value] of fuse(formula, ...operands).entries()) targets[at]!.assign(value);
      continue;
    }
    const kernel = kernelOf(dtype, operands, formula);
    const inputs = operands.map((x) => kernelInput(x, shape));
    const outs = targets.map((target) => {
      const own = internals.writable(target) as FloatArray | undefined;
      if (own) return own;
      const out = roomFor(dtype, sizeOf(shape)) as FloatArray;
      moved.push({ target, out });
      return out;
    });
    const known = calls.get(kernel);
    if (known) known.push([outs, ...inputs]);
    else calls.set(kernel, [[outs, ...inputs]]);
  }
  for (const [kernel, each] of calls) kernel.each(each);
  for (const { target, out } of moved) {
    const value = new Tensor(target.shape, target.dtype, out);
    target.assign(value);
    value.dispose();
  }
}

function expectDisjoint(assignments: readonly Assignment[]): void {
  if (assignments.length < 2) return;
  const ownerOf = new Map<Tensor, Assignment>();
  for (const assignment of assignments) {
    for (const target of assignment.targets) {
      if (ownerOf.has(target)) throw notApart(target);
      ownerOf.set(target, assignment);
    }
  }
  for (const assignment of assignments) {
    const foreign = assignment.operands.find((x) => {
      const owner = isTensor(x) ? ownerOf.get(x) : undefined;
      return owner !== undefined && owner !== assignment;
    });
    if (foreign !== undefined) throw notApart(foreign as Tensor);
  }
}

const notApart = (x: Tensor): ShapeError =>
  new ShapeError(
    'ERR_SHAPE_INVALID',
    `Cannot reassign together: a leaf of shape ${show(x.shape)} belongs to two assignments; run them one after the other`,
  );
