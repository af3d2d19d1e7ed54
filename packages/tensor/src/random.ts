// Random tensors. Every number comes from the generator's bits by arithmetic and our own logarithm, sine and cosine,
// so a seed gives the same bits on every machine and every version of the platform.

import { compileMap } from '@leibniz/kernels';
import type { Carrier } from '@leibniz/ops';
import { type CreateOptions, leaf } from './create.ts';
import { type Data, dtypes, expectFloat, type FloatDType } from './dtype.ts';
import { ShapeError } from './errors.ts';
import { Generator } from './generator.ts';
import { expectShape, type Shape, show, sizeOf } from './shape.ts';
import { Tensor } from './tensor.ts';

const standard = new Generator(0);

/**
 * Starts the generator anew that is used where none is named.
 *
 * @example
 * import { manualSeed, rand } from '@leibniz/tensor';
 * manualSeed(42);
 * rand([2]).toArray(); // => [ 0.6129598617553711, 0.4685865044593811 ]
 */
export const manualSeed = (seed: number | bigint): Generator => standard.seed(seed);

export interface RandomOptions extends CreateOptions {
  readonly generator?: Generator | undefined;
}

/** A random tensor of doubles from the generator, rounded to the type. */
function random(
  shape: Shape,
  options: RandomOptions,
  draw: (n: number, generator: Generator) => Float64Array,
): Tensor {
  const { generator = standard, requiresGrad } = options;
  const dtype: FloatDType = expectFloat('a random distribution', options.dtype ?? 'float32');
  const values = draw(sizeOf(expectShape(shape)), generator);
  const data: Data = dtype === 'float64' ? values : new dtypes.float32.array(values);
  return leaf(shape, dtype, data, requiresGrad);
}

/** Doubles in [0, 1), multiples of 2⁻⁵³. */
function uniforms(n: number, generator: Generator): Float64Array {
  const words = generator.words(2 * n);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++)
    values[i] = ((words[2 * i]! >>> 5) * 2 ** 26 + (words[2 * i + 1]! >>> 6)) / 2 ** 53;
  return values;
}

/** Multiples of 2⁻²⁴ in [0, 1), which float32 holds exactly. */
function singleUniforms(n: number, generator: Generator): Float64Array {
  const words = generator.words(n);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) values[i] = (words[i]! >>> 8) / 2 ** 24;
  return values;
}

/**
 * Uniform in [0, 1).
 *
 * @example
 * import { Generator, rand } from '@leibniz/tensor';
 * rand([2], { generator: new Generator(42) }).toArray(); // => [ 0.6129598617553711, 0.4685865044593811 ]
 */
export const rand = (shape: Shape, options: RandomOptions = {}): Tensor =>
  random(shape, options, options.dtype === 'float64' ? uniforms : singleUniforms);

/**
 * Normal with mean 0 and variance 1.
 *
 * @example
 * import { manualSeed, randn } from '@leibniz/tensor';
 * manualSeed(1);
 * const x = randn([10000]);
 * Math.abs(x.mean().item()) < 0.05; // => true
 * Math.abs(x.square().mean().item() - 1) < 0.05; // => true
 */
export const randn = (shape: Shape, options: RandomOptions = {}): Tensor => random(shape, options, normals);

/** A pair of normal deviates for each pair of uniform ones: Box and Muller, 1958. */
function normals(n: number, generator: Generator): Float64Array {
  const pairs = Math.ceil(n / 2);
  const values = new Float64Array(2 * pairs);
  const [u, v] = [uniforms(pairs, generator), uniforms(pairs, generator)];
  compileMap({ dtype: 'float64', inputs: 2 }, boxMuller)(
    [values.subarray(0, pairs), values.subarray(pairs)],
    u,
    v,
  );
  return values.slice(0, n);
}

/** √(-2 log(1-u)) · (cos 2πv, sin 2πv) for u and v in [0, 1). */
function boxMuller<T, C>($: Carrier<T, C>, u: T, v: T): T[] {
  const radius = $.sqrt($.mul($.int(-2), $.log($.sub($.int(1), u))));
  const quarters = $.mul($.int(4), v);
  const quadrant = $.floor($.add(quarters, $.rational(1, 2)));
  const angle = $.mul($.sub(quarters, quadrant), $.div($.pi, $.int(2)));
  const [cosine, sine] = [series($, angle, 0), series($, angle, 1)];
  const isQuadrant = (n: number) => $.equal(quadrant, $.int(n));
  const turned = (straight: T, turnedLeft: T) =>
    $.where(
      isQuadrant(1),
      turnedLeft,
      $.where(isQuadrant(2), $.neg(straight), $.where(isQuadrant(3), $.neg(turnedLeft), straight)),
    );
  return [$.mul(radius, turned(cosine, $.neg(sine))), $.mul(radius, turned(sine, cosine))];
}

/** Cosine (first power 0) or sine (1) by its series, for |x| ≤ π/4: the terms left out are below 2⁻⁵⁹. */
function series<T, C>($: Carrier<T, C>, x: T, first: 0 | 1): T {
  const minusSquare = $.neg($.mul(x, x));
  let sum = $.int(1);
  for (let power = 16 + first; power > first; power -= 2) {
    sum = $.add($.int(1), $.mul($.div(minusSquare, $.int(power * (power - 1))), sum));
  }
  return first === 0 ? sum : $.mul(x, sum);
}

/** Draws integers from 0 up to a bound, each as likely as the others: those that would favour some are drawn again. */
function bounded(generator: Generator): (bound: number) => number {
  let words = generator.words(64);
  let at = 0;
  return (bound) => {
    const unfair = ((0xffffffff % bound) + 1) % bound; // 2³² modulo the bound
    for (;;) {
      if (at === words.length) [words, at] = [generator.words(64), 0];
      const word = words[at++]!;
      if (word < 2 ** 32 - unfair) return word % bound;
    }
  };
}

/**
 * Integers from `low` up to, not including, `high`, as int32.
 *
 * @example
 * import { Generator, randint } from '@leibniz/tensor';
 * randint(1, 7, [5], { generator: new Generator(42) }).toArray(); // => [ 6, 2, 4, 2, 4 ]
 */
export function randint(
  low: number,
  high: number,
  shape: Shape,
  { generator = standard }: { generator?: Generator } = {},
): Tensor {
  if (!(dtypes.int32.holds(low) && dtypes.int32.holds(high - 1) && low < high)) {
    throw new RangeError(
      `Cannot draw integers from ${low} up to ${high}: they must be 32-bit integers, the first below the second`,
    );
  }
  const values = new Int32Array(sizeOf(expectShape(shape)));
  const draw = bounded(generator);
  for (let at = 0; at < values.length; at++) values[at] = draw(high - low) + low;
  return new Tensor(shape, 'int32', values);
}

/**
 * The integers from 0 to n - 1 in random order, as int32 (R. Durstenfeld's shuffle).
 *
 * @example
 * import { permutation } from '@leibniz/tensor';
 * [...permutation(5).dataSync()].sort(); // => [ 0, 1, 2, 3, 4 ]
 */
export function permutation(n: number, { generator = standard }: { generator?: Generator } = {}): Tensor {
  const order = Int32Array.from({ length: sizeOf(expectShape([n])) }, (_, i) => i);
  const draw = bounded(generator);
  for (let last = n - 1; last > 0; last--) {
    const picked = draw(last + 1);
    const other = order[picked]!;
    order[picked] = order[last]!;
    order[last] = other;
  }
  return new Tensor([n], 'int32', order);
}

/** The inputs and outputs of a layer whose weights have this shape: its last axis are the outputs. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2)
    throw new ShapeError(
      'ERR_SHAPE_AXIS',
      `Cannot initialise weights of shape ${show(shape)}: at least 2 axes are needed, inputs and outputs`,
    );
  return { fanIn: sizeOf(shape.slice(0, -1)), fanOut: shape.at(-1)! };
}

/** Weights before a relu: normal with variance 2/inputs. K. He et al., "Delving Deep into Rectifiers", 2015. */
export function initHe(shape: Shape, options: RandomOptions = {}): Tensor {
  const scale = Math.sqrt(2 / fans(shape).fanIn);
  return random(shape, options, (n, generator) => {
    const values = normals(n, generator);
    for (let i = 0; i < n; i++) values[i]! *= scale;
    return values;
  });
}

/** Weights of a layer: uniform in ±√(6/(inputs + outputs)). X. Glorot and Y. Bengio, 2010. */
export function initXavier(shape: Shape, options: RandomOptions = {}): Tensor {
  const { fanIn, fanOut } = fans(shape);
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return random(shape, options, (n, generator) => {
    const values = uniforms(n, generator);
    for (let i = 0; i < n; i++) values[i] = (2 * values[i]! - 1) * limit;
    return values;
  });
}
