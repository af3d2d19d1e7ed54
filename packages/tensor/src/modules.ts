// Layers with parameters of their own, by name: small objects, whose call is one of the plain functions.

import { type ConvolutionOptions, conv2d } from './convolution.ts';
import { ones, zeros } from './create.ts';
import { ShapeError } from './errors.ts';
import { attention, batchNorm, channelMoments, embedding, layerNorm } from './layers.ts';
import { linear } from './linear.ts';
import { permuteDims, reshape } from './movement.ts';
import { initHe, initXavier, type RandomOptions, randn } from './random.ts';
import { noGrad } from './record.ts';
import { show } from './shape.ts';
import { Tensor } from './tensor.ts';

/**
 * A part of a model. Its tensors with `requiresGrad` are parameters, other tensors its state; both are named by the path
 * of properties that leads to them.
 *
 * @example
 * import { Linear, Module } from '@leibniz/tensor';
 * class Net extends Module {
 *   hidden = new Linear(3, 4);
 *   out = new Linear(4, 2);
 *   call(x) {
 *     return this.out.call(this.hidden.call(x).relu());
 *   }
 * }
 * [...new Net().parameters().keys()].join(); // => hidden.weight,hidden.bias,out.weight,out.bias
 */
export abstract class Module {
  /** Whether layers that differ in training do as in training. */
  isTraining = true;

  abstract call(...x: Tensor[]): Tensor;

  /** All tensors by their names. */
  tensors(): Map<string, Tensor> {
    const found = new Map<string, Tensor>();
    const stack: { prefix: string; value: unknown }[] = [{ prefix: '', value: this }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { prefix, value } = next;
      if (value instanceof Tensor) found.set(prefix, value);
      else if (value instanceof Module || Array.isArray(value)) {
        const named = Object.entries(value).map(([name, value]) => ({
          prefix: prefix === '' ? name : `${prefix}.${name}`,
          value: value as unknown,
        }));
        stack.push(...named.reverse());
      }
    }
    return found;
  }

  /** The tensors by which gradients are taken, by their names. */
  parameters(): Map<string, Tensor> {
    return new Map([...this.tensors()].filter(([, x]) => x.requiresGrad));
  }

  /** Takes over the values of tensors by their names, none missing and none left over. */
  load(values: ReadonlyMap<string, Tensor>): this {
    const own = this.tensors();
    const odd =
      [...own.keys()].find((name) => !values.has(name)) ?? [...values.keys()].find((name) => !own.has(name));
    if (odd !== undefined) {
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot load the tensor '${odd}': ${own.has(odd) ? 'no value is given for it' : 'there is none of that name'}`,
      );
    }
    for (const [name, x] of own) x.assign(values.get(name)!);
    return this;
  }

  /** Sets whether this part and all parts of it are in training. */
  train(isTraining = true): this {
    const stack: unknown[] = [this];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next instanceof Module) next.isTraining = isTraining;
      if (next instanceof Module || Array.isArray(next))
        stack.push(...Object.values(next).filter((value) => value instanceof Module || Array.isArray(value)));
    }
    return this;
  }
}

type Options = Pick<RandomOptions, 'generator'> & { readonly dtype?: 'float32' | 'float64' };

/** x · weight + bias. */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(
    inputs: number,
    outputs: number,
    { bias = true, ...options }: Options & { readonly bias?: boolean } = {},
  ) {
    super();
    this.weight = initHe([inputs, outputs], { ...options, requiresGrad: true });
    this.bias = bias ? zeros([outputs], { ...withDType(options), requiresGrad: true }) : undefined;
  }

  override call(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}

const withDType = ({ dtype }: Options) => (dtype === undefined ? {} : { dtype });

/** A convolution of images, kernels being squares. */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly #options: ConvolutionOptions;

  constructor(
    channels: number,
    outputs: number,
    size: number,
    {
      stride = 1,
      padding = 0,
      dilation = 1,
      groups = 1,
      ...options
    }: Options & Omit<ConvolutionOptions, 'bias'> = {},
  ) {
    super();
    const inputs = (channels / groups) * size * size;
    const flat = initHe([inputs, outputs], options);
    const kernels = reshape(permuteDims(flat, [1, 0]), [outputs, channels / groups, size, size]);
    this.weight = new Tensor(kernels.shape, kernels.dtype, kernels.dataSync(), true);
    this.bias = zeros([outputs], { ...withDType(options), requiresGrad: true });
    this.#options = { stride, padding, dilation, groups };
  }

  override call(x: Tensor): Tensor {
    return conv2d(x, this.weight, { ...this.#options, bias: this.bias });
  }
}

/** Normalisation over the last axis. */
export class LayerNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;

  constructor(size: number, options: Options = {}) {
    super();
    this.weight = ones([size], { ...withDType(options), requiresGrad: true });
    this.bias = zeros([size], { ...withDType(options), requiresGrad: true });
  }

  override call(x: Tensor): Tensor {
    return layerNorm(x, { weight: this.weight, bias: this.bias });
  }
}

/** Normalisation over the batch; running means and variances are kept for the time after training. */
export class BatchNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly #momentum: number;

  /** With each batch the running values move by `momentum` towards those of the batch. */
  constructor(
    channels: number,
    { momentum = 0.1, ...options }: Options & { readonly momentum?: number } = {},
  ) {
    super();
    this.weight = ones([channels], { ...withDType(options), requiresGrad: true });
    this.bias = zeros([channels], { ...withDType(options), requiresGrad: true });
    this.mean = zeros([channels], withDType(options));
    this.variance = ones([channels], withDType(options));
    this.#momentum = momentum;
  }

  override call(x: Tensor): Tensor {
    const { weight, bias } = this;
    if (!this.isTraining)
      return batchNorm(x, { weight, bias, running: { mean: this.mean, variance: this.variance } });
    const moments = noGrad(() => channelMoments(x));
    const count = x.size / this.mean.size;
    const move = (running: Tensor, seen: Tensor) =>
      running.assign(running.mul(1 - this.#momentum).add(seen.mul(this.#momentum)));
    noGrad(() => {
      move(this.mean, moments.mean);
      // The unbiased estimate, for it is used as one.
      move(this.variance, moments.variance.mul(count / Math.max(1, count - 1)));
    });
    return batchNorm(x, { weight, bias });
  }
}

/** A vector for each of the integers from 0. */
export class Embedding extends Module {
  readonly weight: Tensor;

  constructor(count: number, size: number, options: Options = {}) {
    super();
    this.weight = randn([count, size], { ...options, requiresGrad: true });
  }

  override call(indices: Tensor): Tensor {
    return embedding(indices, this.weight);
  }
}

/** Attention of several heads of a sequence [..., length, size] to itself. */
export class SelfAttention extends Module {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
  readonly out: Tensor;
  readonly #heads: number;
  readonly #isCausal: boolean;

  constructor(
    size: number,
    heads: number,
    { isCausal = false, ...options }: Options & { readonly isCausal?: boolean } = {},
  ) {
    super();
    if (size % heads !== 0)
      throw new ShapeError(
        'ERR_SHAPE_INVALID',
        `Cannot share ${size} elements among ${heads} heads in SelfAttention: the size must be a multiple`,
      );
    const weights = () => initXavier([size, size], { ...options, requiresGrad: true });
    [this.query, this.key, this.value, this.out] = [weights(), weights(), weights(), weights()];
    this.#heads = heads;
    this.#isCausal = isCausal;
  }

  override call(x: Tensor): Tensor {
    if (x.ndim < 2 || x.shape.at(-1) !== this.query.shape[0]) {
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot attend to ${show(x.shape)}: sequences are of shape [..., length, ${this.query.shape[0]}]`,
      );
    }
    const [length, size] = x.shape.slice(-2) as [number, number];
    const front = x.shape.slice(0, -2);
    const swapped = [...front.map((_, axis) => axis), front.length + 1, front.length, front.length + 2];
    const split = (weight: Tensor) =>
      permuteDims(reshape(linear(x, weight), [...front, length, this.#heads, size / this.#heads]), swapped);
    const seen = attention(split(this.query), split(this.key), split(this.value), {
      isCausal: this.#isCausal,
    });
    return linear(reshape(permuteDims(seen, swapped), [...front, length, size]), this.out);
  }
}
