import { leadingTo, propagate, type Reach, reachOf, scalarSeed } from './backward.ts';
import { allocate, expectFloat } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { alias, detached, isRecording, noGrad, release, withGrad } from './record.ts';
import { sameShape, show } from './shape.ts';
import { internals, Tensor } from './tensor.ts';
import { isTree, mapTensors, tensorsOf } from './tree.ts';

type Differentiable<A extends readonly unknown[]> = (...args: A) => Tensor;
type Positions = number | readonly number[];
type GradientOf<A extends readonly unknown[], P extends Positions> = P extends number
  ? A[P]
  : P extends readonly number[]
    ? { -readonly [K in keyof P]: P[K] extends keyof A ? A[P[K]] : never }
    : never;

/**
 * The gradient of a function by its first argument, or by others: one position, or several for a list of gradients.
 * An argument is a tensor, or an array or object of tensors, and its gradient is of the same form. It is a function of
 * tensors again, so gradients of gradients are taken the same way.
 *
 * @example
 * import { grad, tensor } from '@leibniz/tensor';
 * const cube = (x) => x.mul(x).mul(x);
 * grad(cube)(tensor(2)).item(); // => 12
 * grad(grad(cube))(tensor(2)).item(); // => 12
 * grad(grad(grad(cube)))(tensor(2)).item(); // => 6
 * grad(({ w, b }) => w.mul(3).add(b))({ w: tensor(1), b: tensor(2) }).w.item(); // => 3
 */
export function grad<A extends readonly unknown[], const P extends Positions = 0>(
  f: Differentiable<A>,
  argument: P = 0 as P,
): (...args: A) => GradientOf<A, P> {
  return (...args: A) => differentiate(f, args, argument).gradient as GradientOf<A, P>;
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
export function valueAndGrad<A extends readonly unknown[], const P extends Positions = 0>(
  f: Differentiable<A>,
  argument: P = 0 as P,
): (...args: A) => [value: Tensor, gradient: GradientOf<A, P>] {
  return (...args: A) => {
    const { value, gradient } = differentiate(f, args, argument);
    return [value, gradient as GradientOf<A, P>];
  };
}

/**
 * The value of a function and the function from a gradient by the value to the gradients by the arguments: g ↦ Jᵀg,
 * without J.
 *
 * @example
 * import { tensor, vjp } from '@leibniz/tensor';
 * const [value, pullback] = vjp((x, y) => x.mul(y), tensor([1, 2]), tensor([3, 4]));
 * value.toArray(); // => [ 3, 8 ]
 * pullback(tensor([1, 10])).map((g) => g.toArray()); // => [ [ 3, 40 ], [ 1, 20 ] ]
 */
export function vjp<A extends readonly Tensor[]>(
  f: (...x: A) => Tensor,
  ...x: A
): [value: Tensor, pullback: (gradient: Tensor) => Tensor[]] {
  const run = runWith(
    f,
    x,
    x.map((_, at) => at),
  );
  const pullback = (seed: Tensor): Tensor[] => {
    if (sameShape(seed.shape, run.value.shape)) return run.pull(seed);
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot pull back a gradient of shape ${show(seed.shape)} by a value of shape ${show(run.value.shape)} in vjp: they must agree`,
    );
  };
  return [run.isNested ? run.value : detached(run.value), pullback];
}

function differentiate<A extends readonly unknown[]>(f: Differentiable<A>, args: A, argument: Positions) {
  const positions = typeof argument === 'number' ? [argument] : argument;
  const run = runWith(f, args, positions);
  const found = run.pull(scalarSeed(run.value));
  run.release();
  const gradients = positions.map((at) => mapTensors(args[at], () => found.shift()));
  return {
    value: run.isNested ? run.value : detached(run.value),
    gradient: typeof argument === 'number' ? gradients[0] : gradients,
  };
}

/** Runs a function with variables in place of the tensors of some arguments. */
function runWith<A extends readonly unknown[]>(f: Differentiable<A>, args: A, positions: readonly number[]) {
  const varied = [...args];
  for (const at of positions) varied[at] = variables(args[at], at);
  const wanted = positions.flatMap((at) => tensorsOf(varied[at]));
  const value = withGrad(() => f(...(varied as unknown as A)));
  const reach = reachOf(value);
  const leading = leadingTo(wanted, reach);
  const passing = reach.recorded.filter((x) => leading.has(x) && !wanted.includes(x));
  const isNested = isRecording() && dependsOnMore(reach, leading);
  return {
    value,
    isNested,
    pull: (seed: Tensor): Tensor[] =>
      (isRecording() && (isNested || dependsOnMore(reachOf(seed), new Set())) ? withGrad : noGrad)(() => {
        const found = propagate(value, seed, passing, (x) => leading.has(x));
        return wanted.map((x) => found.get(x) ?? zerosLike(x));
      }),
    release: () => {
      if (!isNested) for (const x of passing) release(x);
    },
  };
}

/** Whether others differentiate around this: then they need the record, which otherwise ends here. */
const dependsOnMore = ({ recorded, leaves }: Reach, leading: ReadonlySet<Tensor>): boolean =>
  [...recorded, ...leaves].some(
    (x) => (x.requiresGrad && !leading.has(x)) || internals.trace(x) !== undefined,
  );

/** The tensors of an argument as the variables of a derivative. */
function variables(arg: unknown, at: number): unknown {
  if (!isTree(arg)) {
    throw new DTypeError(
      `Cannot differentiate by argument ${at}: it is not a tensor, nor an array or object of tensors`,
    );
  }
  return mapTensors(arg, (x) => {
    expectFloat('grad', x.dtype);
    // Linked to what it was computed from, if that is recorded.
    return isRecording() && x.requiresGrad ? alias(x) : detached(x, true);
  });
}

const zerosLike = (x: Tensor): Tensor => new Tensor(x.shape, x.dtype, allocate(x.dtype, x.size));
