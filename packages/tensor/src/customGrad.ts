import { leadingTo, propagate, reachOf } from './backward.ts';
import { GradientError } from './errors.ts';
import { type Custom, interpreterFor } from './op.ts';
import { alias, detached, isRecording, now, result, withGrad } from './record.ts';
import { stopGradient } from './stopGradient.ts';
import { internals, type Tensor } from './tensor.ts';

/** Applies a function that brings its own gradient. */
export function applyCustom(f: Custom, inputs: readonly Tensor[]): Tensor {
  const interpreter = interpreterFor(inputs);
  if (interpreter !== undefined) {
    const y = interpreter.custom(f, inputs);
    return result('customGrad', inputs, y, (g, saved) => thunks(f(...saved).gradient(g)));
  }
  const run = f(...inputs.map((x) => stopGradient(x)));
  if (run.value.requiresGrad) {
    throw new GradientError(
      'ERR_GRADIENT_CAPTURED',
      'Cannot give a gradient by a tensor that the function of customGrad uses but does not take: make it an argument, or wrap it in stopGradient',
    );
  }
  // Whoever differentiates the gradient needs it as a function of the inputs.
  return result('customGrad', inputs, detached(run.value), (g, saved) =>
    thunks((isRecording() ? f(...saved) : run).gradient(g)),
  );
}

const thunks = (gradients: Tensor | readonly Tensor[]) => [gradients].flat().map((g) => () => g as Tensor);

/**
 * A function with a gradient of one's own: it gives its value, and a function from the gradient by the value to the
 * gradients by its arguments. Derivatives of higher order are those of that function.
 *
 * @example
 * import { customGrad, grad, tensor } from '@leibniz/tensor';
 * const clipped = customGrad((x) => ({ value: x, gradient: (g) => g.maximum(-1).minimum(1) }));
 * grad((x) => clipped(x).mul(5))(tensor(2)).item(); // => 1
 */
export const customGrad =
  (f: Custom): ((...x: Tensor[]) => Tensor) =>
  (...x) =>
    applyCustom(f, x);

/**
 * The same function, but what it computes on the way is not kept for the gradient and computed again when needed: less
 * memory, more time. It may use tensors that it does not take; their gradients are right as well.
 *
 * @example
 * import { checkpoint, grad, tensor } from '@leibniz/tensor';
 * const block = checkpoint((x) => x.sin().exp());
 * grad(block)(tensor(0)).item(); // => 1
 */
export function checkpoint<A extends readonly Tensor[]>(f: (...x: A) => Tensor): (...x: A) => Tensor {
  return (...x) => {
    if (!isRecording() || x.some((each) => internals.trace(each) !== undefined)) return f(...x);
    const start = now();
    const run = (inputs: readonly Tensor[]) => f(...(inputs as unknown as A));
    const value = run(x.map((each) => detached(each)));
    if (internals.trace(value) !== undefined) return run(x);
    const captured = value.requiresGrad ? capturedBefore(start, value) : [];
    return result('checkpoint', [...x, ...captured], detached(value), (g, saved) => {
      const variables = saved
        .slice(0, x.length)
        .map((each) => (isRecording() ? alias(each) : detached(each, true)));
      const wanted = [...variables, ...captured];
      const again = withGrad(() => run(variables));
      expectUnchanged(value, again);
      const reach = reachOf(again);
      const leading = leadingTo(wanted, reach);
      const passing = reach.recorded.filter((each) => leading.has(each) && !wanted.includes(each));
      const found = propagate(again, g, passing, (each) => leading.has(each));
      return wanted.map((each) => {
        const gradient = found.get(each);
        return gradient && (() => gradient);
      });
    });
  };
}

/** What a function captures may have been assigned to since; a gradient at other values would be a wrong one. */
function expectUnchanged(before: Tensor, after: Tensor): void {
  const [was, is] = [internals.data(before), internals.data(after)];
  if (was.length === is.length && was.every((value, at) => Object.is(value, is[at]))) return;
  throw new GradientError(
    'ERR_GRADIENT_CHANGED',
    'Cannot compute a checkpoint again: its function gives another value now; do not assign to what it uses before the gradient is taken',
  );
}

/** The tensors made before a moment that a value made after it depends on. */
function capturedBefore(start: number, value: Tensor): Tensor[] {
  const isOld = (x: Tensor) => {
    const history = internals.history(x);
    return history === undefined || history.order < start;
  };
  const captured = new Set<Tensor>();
  const seen = new Set([value]);
  const stack = [value];
  for (let x = stack.pop(); x !== undefined; x = stack.pop()) {
    if (isOld(x)) captured.add(x);
    else {
      for (const input of internals.history(x)!.inputs) {
        if (!input.requiresGrad || seen.has(input)) continue;
        seen.add(input);
        stack.push(input);
      }
    }
  }
  return [...captured];
}
