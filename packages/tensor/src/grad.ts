import { leadingTo, propagate, reachOf, scalarSeed } from './backward.ts';
import { allocate, expectFloat } from './dtype.ts';
import { alias, detached, isRecording, noGrad, release, withGrad } from './record.ts';
import { Tensor } from './tensor.ts';

type Differentiable<A extends readonly unknown[]> = (...args: A) => Tensor;

/**
 * The gradient of a function by its first argument, or by others: one position, or several for a list of gradients.
 * It is a function of tensors again, so gradients of gradients are taken the same way.
 *
 * @example
 * import { grad, tensor } from '@leibniz/tensor';
 * const cube = (x) => x.mul(x).mul(x);
 * grad(cube)(tensor(2)).item(); // => 12
 * grad(grad(cube))(tensor(2)).item(); // => 12
 * grad(grad(grad(cube)))(tensor(2)).item(); // => 6
 */
export function grad<A extends readonly unknown[]>(
  f: Differentiable<A>,
  argument?: number,
): (...args: A) => Tensor;
export function grad<A extends readonly unknown[]>(
  f: Differentiable<A>,
  argument: readonly number[],
): (...args: A) => Tensor[];
export function grad<A extends readonly unknown[]>(
  f: Differentiable<A>,
  argument: number | readonly number[] = 0,
) {
  return (...args: A) => differentiate(f, args, argument).gradient;
}

/**
 * The value of a function and its gradient at once.
 *
 * @example
 * import { tensor, valueAndGrad } from '@leibniz/tensor';
 * const [value, gradient] = valueAndGrad((x) => x.square().sum())(tensor([1, 2]));
 * value.item(); // => 5
 * gradient.toArray(); // => [ 2, 4 ]
 */
export function valueAndGrad<A extends readonly unknown[]>(
  f: Differentiable<A>,
  argument?: number,
): (...args: A) => [value: Tensor, gradient: Tensor];
export function valueAndGrad<A extends readonly unknown[]>(
  f: Differentiable<A>,
  argument: readonly number[],
): (...args: A) => [value: Tensor, gradients: Tensor[]];
export function valueAndGrad<A extends readonly unknown[]>(
  f: Differentiable<A>,
  argument: number | readonly number[] = 0,
) {
  return (...args: A) => {
    const { value, gradient } = differentiate(f, args, argument);
    return [value, gradient];
  };
}

function differentiate<A extends readonly unknown[]>(
  f: Differentiable<A>,
  args: A,
  argument: number | readonly number[],
) {
  const positions = [argument].flat();
  const varied = [...args];
  for (const at of positions) varied[at] = variable(args[at], at);
  const wanted = positions.map((at) => varied[at] as Tensor);
  const value = withGrad(() => f(...(varied as unknown as A)));
  const seed = scalarSeed(value);
  const reach = reachOf(value);
  const leading = leadingTo(wanted, reach);
  const passing = reach.recorded.filter((x) => leading.has(x) && !wanted.includes(x));
  // Whoever differentiates around this call needs the record; otherwise it ends here.
  const isNested =
    isRecording() && [...reach.recorded, ...reach.leaves].some((x) => x.requiresGrad && !leading.has(x));
  const gradients = (isNested ? withGrad : noGrad)(() => {
    const found = propagate(value, seed, passing, (x) => leading.has(x));
    return wanted.map((x) => found.get(x) ?? zerosLike(x));
  });
  if (!isNested) for (const x of passing) release(x);
  const gradient = typeof argument === 'number' ? gradients[0]! : gradients;
  return { value: isNested ? value : detached(value), gradient };
}

/** An argument as the variable of a derivative: linked to what it was computed from, if that is recorded. */
function variable(x: unknown, at: number): Tensor {
  if (!(x instanceof Tensor))
    throw new TypeError(`Cannot differentiate by argument ${at}: it is not a tensor`);
  expectFloat('grad', x.dtype);
  return isRecording() && x.requiresGrad ? alias(x) : detached(x, true);
}

const zerosLike = (x: Tensor): Tensor => new Tensor(x.shape, x.dtype, allocate(x.dtype, x.size));
