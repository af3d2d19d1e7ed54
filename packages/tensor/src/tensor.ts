import type { BinaryName, UnaryName } from '@leibniz/ops';
import type { Data, DType } from './dtype.ts';
import { GradientError, ShapeError } from './errors.ts';
import { type Axes, type Shape, sameShape, show, sizeOf } from './shape.ts';

/** What a tensor was computed from, and how a gradient by it becomes gradients by its inputs. */
export interface History {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** For each input the gradient by it, made when asked for; undefined where there is none. */
  readonly pullback: (gradient: Tensor) => readonly ((() => Tensor) | undefined)[];
  /** Later results have larger numbers. */
  readonly order: number;
}

/** Access to what a tensor keeps to itself, for the engine. */
export let internals: {
  data(x: Tensor): Data;
  history(x: Tensor): History | undefined;
  setHistory(x: Tensor, history: History): void;
  /** The value of a leaf as it is now: a tensor that later assignments do not change. */
  snapshot(x: Tensor, link: (snapshot: Tensor) => void): Tensor;
};

export type Nested = number | boolean | readonly Nested[];

/** The table's names for two elements; min and max are reductions here. */
export type PairName<K extends BinaryName> = K extends 'max' | 'min' ? `${K}imum` : K;

/** A method for each operation of the table. */
export type ElementwiseMethods = { readonly [K in UnaryName]: () => Tensor } & {
  readonly [K in BinaryName as PairName<K>]: (other: Tensor | number) => Tensor;
};

type Comparison = 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'equal' | 'notEqual';
type Reduction = 'sum' | 'mean' | 'prod' | 'max' | 'min' | 'logSumExp';

/** Python's slice: an index, or [start, stop, step] where null stands for the end of the axis; null takes it whole. */
export type Range = number | null | readonly [start?: number | null, stop?: number | null, step?: number];

/** The functions of a tensor as its methods. */
export interface Methods
  extends ElementwiseMethods,
    Readonly<Record<Comparison, (other: Tensor | number) => Tensor>>,
    Readonly<Record<Reduction, (axis?: Axes, options?: { keepdims?: boolean }) => Tensor>> {
  argmax(axis?: number, options?: { keepdims?: boolean }): Tensor;
  softmax(axis?: number): Tensor;
  logSoftmax(axis?: number): Tensor;
  matmul(other: Tensor, options?: MatmulOptions): Tensor;
  reshape(shape: Shape): Tensor;
  permuteDims(axes?: readonly number[]): Tensor;
  transpose(): Tensor;
  broadcastTo(shape: Shape): Tensor;
  slice(...ranges: Range[]): Tensor;
  take(indices: Tensor | ArrayLike<number>, axis?: number): Tensor;
  takeAlongAxis(indices: Tensor, axis?: number): Tensor;
  astype(dtype: DType): Tensor;
  stopGradient(): Tensor;
  /** Adds the gradients by all leaves that this tensor was computed from to their `.grad`. */
  backward(options?: BackwardOptions): void;
}

export interface MatmulOptions {
  /** The last two axes of the first operand are exchanged. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

export interface BackwardOptions {
  /** The gradient by this tensor; needed unless it is a single element. */
  readonly gradient?: Tensor;
  /** Keeps the record and extends it by the gradients, so that they can be differentiated in turn. */
  readonly createGraph?: boolean;
}

export interface Tensor extends Methods {}

/**
 * An n-dimensional array, immutable but for `assign`, that knows what it was computed from. Made by `tensor`, `zeros`,
 * `randn` and the like, and by every operation.
 *
 * @example
 * import { tensor } from '@leibniz/tensor';
 * const x = tensor([3, 4], { requiresGrad: true });
 * x.square().sum().backward();
 * x.grad?.toArray(); // => [ 6, 8 ]
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are put on the prototype by methods.ts
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Whether gradients by this tensor are wanted: said at its creation, or inherited from what it was computed from. */
  readonly requiresGrad: boolean;
  /** The gradient that `backward` left here. */
  grad: Tensor | undefined;
  #data: Data;
  #history: History | undefined;
  #snapshot: Tensor | undefined;

  /** @internal The data are taken over, not copied. */
  constructor(shape: Shape, dtype: DType, data: Data, requiresGrad = false) {
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
    this.requiresGrad = requiresGrad;
    this.#data = data;
  }

  static {
    internals = {
      data: (x) => x.#data,
      history: (x) => x.#history,
      setHistory: (x, history) => {
        x.#history = history;
      },
      snapshot: (x, link) => {
        if (x.#snapshot === undefined) {
          x.#snapshot = new Tensor(x.shape, x.dtype, x.#data, x.requiresGrad);
          link(x.#snapshot);
        }
        return x.#snapshot;
      },
    };
  }

  get ndim(): number {
    return this.shape.length;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** The last two axes exchanged. */
  get T(): Tensor {
    return this.transpose();
  }

  /** A copy of the elements, row by row. */
  dataSync(): Data {
    return this.#data.slice();
  }

  /** A copy of the elements, row by row. */
  async data(): Promise<Data> {
    return this.dataSync();
  }

  /** The one element of a tensor of size 1. */
  item(): number {
    if (this.size === 1) return this.#data[0]!;
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot take the item of a tensor of shape ${show(this.shape)}: it has ${this.size} elements, not 1`,
    );
  }

  /** The elements as nested arrays; a number if there are no axes; booleans if they are of type bool. */
  toArray(): Nested {
    let level: Nested[] = this.dtype === 'bool' ? Array.from(this.#data, (x) => x !== 0) : [...this.#data];
    for (const [axis, n] of [...this.shape.entries()].reverse()) {
      const rows = sizeOf(this.shape.slice(0, axis));
      const flat = level;
      level = Array.from({ length: rows }, (_, row) => flat.slice(row * n, (row + 1) * n));
    }
    return level[0]!;
  }

  /**
   * Replaces the elements of a leaf, the one mutation there is. What was computed from the old ones stays as it is,
   * and so do gradients through it.
   */
  assign(value: Tensor): this {
    if (this.#history !== undefined) {
      throw new GradientError(
        'ERR_GRADIENT_NOT_LEAF',
        `Cannot assign to the result of ${this.#history.op}: only leaves hold a value of their own`,
      );
    }
    if (!sameShape(this.shape, value.shape) || this.dtype !== value.dtype) {
      throw new ShapeError(
        'ERR_SHAPE_MISMATCH',
        `Cannot assign ${value.dtype} ${show(value.shape)} to ${this.dtype} ${show(this.shape)}: shape and dtype must agree`,
      );
    }
    this.#data = value.#data;
    this.#snapshot = undefined;
    return this;
  }

  /** Forgets the gradient. */
  zeroGrad(): void {
    this.grad = undefined;
  }

  toString(): string {
    return `tensor(${this.size > MAX_SHOWN ? `shape ${show(this.shape)}` : text(this.toArray(), this.dtype)}, ${this.dtype})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const MAX_SHOWN = 1000;

/** Nested arrays as one would write them, each innermost row on a line of its own. */
function text(value: Nested, dtype: DType): string {
  const written = (_: string, x: unknown) => (typeof x === 'number' ? shortest(x, dtype) : x);
  return JSON.stringify(value, written)
    .replaceAll('"', '')
    .replaceAll(/,(?=\[)/g, ',\n ')
    .replaceAll(/,(?=[^\n])/g, ', ');
}

/** The fewest digits that tell a number from its neighbours of the same type. */
function shortest(x: number, dtype: DType): string {
  if (dtype !== 'float32' || !Number.isFinite(x)) return String(x);
  const digits = [6, 7, 8].find((precision) => Math.fround(Number(x.toPrecision(precision))) === x) ?? 9;
  return String(Number(x.toPrecision(digits)));
}
