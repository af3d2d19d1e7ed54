// Reverse-mode differentiation: the record is walked from the result back, newest first, so that each gradient is
// complete before it is passed on. Iterative, because a record may be as deep as a training run is long.

import { astype } from './astype.ts';
import { allocate } from './dtype.ts';
import { binary } from './elementwise.ts';
import { GradientError } from './errors.ts';
import { reshape } from './movement.ts';
import { allowingToWait } from './pending.ts';
import { alias, isResult, noGrad, release, withGrad } from './record.ts';
import { sum } from './reduction.ts';
import { sameShape, show } from './shape.ts';
import { tidy } from './storage.ts';
import { type BackwardOptions, internals, Tensor } from './tensor.ts';

const { history } = internals;
const add = binary('add');

/** What a result was computed from: the recorded tensors, newest first, and the leaves. */
export interface Reach {
  readonly recorded: readonly Tensor[];
  readonly leaves: readonly Tensor[];
}

export function reachOf(y: Tensor): Reach {
  const seen = new Set([y]);
  const stack = [y];
  for (let x = stack.pop(); x !== undefined; x = stack.pop()) {
    for (const input of history(x)?.inputs ?? []) {
      if (!input.requiresGrad || seen.has(input)) continue;
      seen.add(input);
      stack.push(input);
    }
  }
  const recorded = [...seen].filter((x) => history(x) !== undefined);
  recorded.sort((a, b) => history(b)!.order - history(a)!.order);
  return { recorded, leaves: [...seen].filter((x) => history(x) === undefined) };
}

/** The tensors through which a gradient passes on its way to those that are wanted, and these themselves. */
export function leadingTo(wanted: readonly Tensor[], { recorded }: Reach): Set<Tensor> {
  const leading = new Set(wanted);
  for (const x of recorded.toReversed()) {
    if (history(x)!.inputs.some((input) => leading.has(input))) leading.add(x);
  }
  return leading;
}

/** Rules that users write, who may keep what they are given. */
const OF_USERS = new Set(['customGrad', 'checkpoint']);

/** Told of the gradients that an operation got and made, and of those that still wait to be passed on. */
type Done = (gradients: readonly Tensor[], waiting: ReadonlySet<Tensor>, op: string) => void;

/** Passes the gradient by `y` on from each recorded tensor to its inputs, as far as they receive one. */
export function propagate(
  y: Tensor,
  seed: Tensor,
  recorded: readonly Tensor[],
  receives: (x: Tensor) => boolean,
  { done }: { readonly done?: Done } = {},
): Map<Tensor, Tensor> {
  const gradients = new Map([[y, seed]]);
  for (const x of recorded) {
    const gradient = gradients.get(x);
    if (gradient === undefined) continue;
    gradients.delete(x);
    const { inputs, op, pullback } = history(x)!;
    if (OF_USERS.has(op)) internals.settle(gradient);
    const passed = [gradient];
    for (const [at, thunk] of pullback(gradient).entries()) {
      const input = inputs[at]!;
      if (thunk === undefined || !receives(input)) continue;
      const steps = fitted(allowingToWait(done !== undefined && isResult(input), thunk), input);
      const share = steps.at(-1)!;
      const others = gradients.get(input);
      passed.push(...steps, ...(others ? [others] : []));
      gradients.set(input, others === undefined ? share : add(others, share));
    }
    done?.(passed, new Set(gradients.values()), op);
  }
  for (const gradient of gradients.values()) internals.settle(gradient);
  return gradients;
}

/** Gives the places of gradients back that were made since it was asked for, and that nobody else has seen. */
function discarding(seed: Tensor): Done {
  const start = internals.births();
  const seen = new Set([seed]);
  return (gradients, waiting, op) => {
    for (const gradient of gradients) {
      if (OF_USERS.has(op)) seen.add(gradient);
      else if (internals.birth(gradient) > start && !seen.has(gradient) && !waiting.has(gradient)) {
        gradient.dispose();
      }
    }
  };
}

/** Undoes broadcasting and promotion, step by step: a repeated element receives the sum of its copies' gradients. */
function fitted(gradient: Tensor, x: Tensor): Tensor[] {
  const steps = [gradient];
  if (!sameShape(gradient.shape, x.shape)) {
    const missing = gradient.ndim - x.ndim;
    const axes = gradient.shape.flatMap((n, axis) =>
      axis < missing || x.shape[axis - missing] !== n ? [axis] : [],
    );
    steps.push(sum(gradient, axes));
    if (axes.length > missing) steps.push(reshape(steps[1]!, x.shape));
  }
  if (gradient.dtype !== x.dtype) steps.push(astype(steps.at(-1)!, x.dtype));
  return steps;
}

/** Adds the gradients by all leaves that this tensor was computed from to their `.grad`. */
export function backward(y: Tensor, { gradient, createGraph = false }: BackwardOptions = {}): void {
  if (!y.requiresGrad) {
    throw new GradientError(
      'ERR_GRADIENT_NOT_RECORDED',
      'Cannot take gradients of a tensor that depends on none with requiresGrad: create a leaf with { requiresGrad: true }, outside of noGrad',
    );
  }
  const seed = gradient ?? scalarSeed(y);
  if (!sameShape(seed.shape, y.shape)) {
    throw new GradientError(
      'ERR_GRADIENT_NOT_SCALAR',
      `Cannot start from a gradient of shape ${show(seed.shape)} for a tensor of shape ${show(y.shape)}: they must agree`,
    );
  }
  const { recorded, leaves } = reachOf(y);
  const mode = createGraph ? withGrad : noGrad;
  mode(() => {
    const done = createGraph ? undefined : discarding(seed);
    const gradients = propagate(y, seed, recorded, (x) => x.requiresGrad, done && { done });
    for (const leaf of leaves) {
      const share = gradients.get(leaf);
      if (share === undefined) continue;
      const before = internals.grad(leaf);
      internals.setGrad(leaf, before === undefined ? alias(share) : add(before, share));
    }
    done?.([...gradients.values()], new Set(), 'leaf');
  });
  if (!createGraph) for (const x of recorded) release(x);
  tidy();
}

export function scalarSeed(y: Tensor): Tensor {
  if (y.size === 1) return new Tensor(y.shape, y.dtype, allocate(y.dtype, 1).fill(1));
  throw new GradientError(
    'ERR_GRADIENT_NOT_SCALAR',
    `Cannot take gradients of a tensor of shape ${show(y.shape)}: reduce it to one number, for example by .sum()`,
  );
}
