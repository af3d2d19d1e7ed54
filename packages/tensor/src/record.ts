import { isFloat } from './dtype.ts';
import { GradientError } from './errors.ts';
import { type History, internals, type Tensor } from './tensor.ts';

let recording = true;
let clock = 0;

function withRecording<R>(mode: boolean, run: () => R): R {
  const before = recording;
  recording = mode;
  try {
    return run();
  } finally {
    recording = before;
  }
}

/**
 * Runs a function without recording: what it computes has no gradient.
 *
 * @example
 * import { noGrad, tensor } from '@leibniz/tensor';
 * const w = tensor([1, 2], { requiresGrad: true });
 * noGrad(() => w.mul(2)).requiresGrad; // => false
 */
export function noGrad<R>(run: () => R): R {
  const result = withRecording(false, run);
  if (!(result instanceof Promise)) return result;
  throw new GradientError(
    'ERR_GRADIENT_ASYNC',
    'Cannot hold noGrad over an asynchronous function: wrap its synchronous parts instead',
  );
}

export const withGrad = <R>(run: () => R): R => withRecording(true, run);
export const isRecording = (): boolean => recording;

/** The gradients of a result by its inputs, each made when asked for; undefined where there is none. */
export type Pullback = (
  gradient: Tensor,
  inputs: readonly Tensor[],
) => readonly ((() => Tensor) | undefined)[];

/** The result of an operation, given its history if a gradient through it may be asked for. */
export function result(op: string, inputs: readonly Tensor[], y: Tensor, pullback: Pullback): Tensor {
  if (!recording || !isFloat(y.dtype) || !inputs.some((x) => x.requiresGrad)) return y;
  const saved = inputs.map(asItIsNow);
  internals.setHistory(y, { op, inputs: saved, pullback: (g) => pullback(g, saved), order: clock++ });
  return y;
}

/** The number that the next result will bear. */
export const now = (): number => clock;

/** Leaves may be assigned to later; gradients are taken at the values that the operation saw. */
function asItIsNow(x: Tensor): Tensor {
  if (internals.history(x) !== undefined) return x;
  return internals.snapshot(x, (snapshot) => {
    if (x.requiresGrad) {
      internals.setHistory(snapshot, { op: LEAF, inputs: [x], pullback: (g) => [() => g], order: clock++ });
    }
  });
}

const LEAF = 'leaf';

/** Whether a tensor is the result of an operation, whose record is there. */
export function isResult(x: Tensor): boolean {
  const history = internals.history(x);
  return history !== undefined && history.op !== LEAF;
}

/** The same elements under a new name, without a history. */
export const detached = (x: Tensor, requiresGrad = false): Tensor => internals.detached(x, requiresGrad);

/** The same elements under a new name, through which gradients flow. */
export const alias = (x: Tensor): Tensor => result('alias', [x], detached(x), (g) => [() => g]);

/** Lets go of what a result was computed from; a later gradient through it is an error. */
export function release(x: Tensor): void {
  const history = internals.history(x);
  if (history === undefined || history.op === LEAF) return;
  internals.setHistory(x, { ...FREED, op: history.op, order: history.order });
}

const FREED: Pick<History, 'inputs' | 'pullback'> = {
  inputs: [],
  pullback: () => {
    throw new GradientError(
      'ERR_GRADIENT_FREED',
      'Cannot take this gradient: the record was freed by an earlier backward; pass { createGraph: true } to that one, or compute the value again',
    );
  },
};
