import { copyStrided, type Strided } from '@leibniz/kernels';
import type { BinaryName, UnaryName } from '@leibniz/ops';
import { allocate, type Data, type DType, decoded } from './dtype.ts';
import { DisposedError, GradientError, ShapeError, TransformError } from './errors.ts';
import { type Axes, isRowMajor, type Shape, sameShape, show, sizeOf, stridesOf } from './shape.ts';
import type {
  Broadcast,
  FitsBroadcast,
  FitsProduct,
  Literal,
  Permuted,
  Product,
  Reduced,
  Reshaped,
  Transposed,
} from './shapeTypes.ts';

/** What a tensor was computed from, and how a gradient by it becomes gradients by its inputs. */
export interface History {
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** For each input the gradient by it, made when asked for; undefined where there is none. */
  readonly pullback: (gradient: Tensor) => readonly ((() => Tensor) | undefined)[];
  /** Later results have larger numbers. */
  readonly order: number;
}

/** A level of a transformation that is at work: `vmap`, `jvp`, or export to ONNX. */
export interface Level {
  readonly transform: 'vmap' | 'jvp' | 'onnx';
  /** 1 for the outermost. */
  readonly depth: number;
  readonly isOver: boolean;
}

/** What stands for the elements inside a transformation. */
export interface Trace {
  readonly level: Level;
  /** The tensor one level further out: in vmap the whole batch, along its first axis; in jvp the value. */
  readonly inner: Tensor;
  /** In jvp the derivative along its direction; absent where the value does not move. */
  readonly tangent?: Tensor | undefined;
  /** In an export the name of the value. */
  readonly name?: string;
}

/** Access to what a tensor keeps to itself, for the engine. */
export let internals: {
  /** The elements: row by row, or where they lie; an error if they are gone, or known only to a transformation. */
  elements(x: Tensor): Data | Strided;
  strided(x: Tensor): Strided;
  /** The elements row by row. A view is copied once and from then on has elements of its own. */
  data(x: Tensor): Data;
  trace(x: Tensor): Trace | undefined;
  history(x: Tensor): History | undefined;
  setHistory(x: Tensor, history: History): void;
  /** The same value under a new name, without a history. */
  detached(x: Tensor, requiresGrad?: boolean): Tensor;
  /** The value of a leaf as it is now: a tensor that later assignments do not change. */
  snapshot(x: Tensor, link: (snapshot: Tensor) => void): Tensor;
};

export type Nested = number | boolean | readonly Nested[];

/** A number adopts the type of the tensors beside it. */
export type Operand<S extends Shape = Shape> = Tensor<S> | number;

/** The table's names for two elements; min and max are reductions here. */
export type PairName<K extends BinaryName> = K extends 'max' | 'min' ? `${K}imum` : K;

/** A function of one tensor, as its method. */
type UnaryMethod = <S extends Shape>(this: Tensor<S>) => Tensor<S>;
/** A function of two tensors that broadcast, as a method of the first. */
type BinaryMethod = <A extends Shape, B extends Shape = []>(
  this: Tensor<A>,
  other: Operand<B> & FitsBroadcast<A, B>,
) => Tensor<Broadcast<A, B>>;
/** A reduction over axes, as a method. */
type ReductionMethod = <S extends Shape, const Axis extends Axes = undefined, Keep extends boolean = false>(
  this: Tensor<S>,
  axis?: Axis,
  options?: { readonly keepdims?: Keep },
) => Tensor<Reduced<S, Axis, Keep>>;

/** A method for each operation of the table. */
export type ElementwiseMethods = { readonly [K in UnaryName]: UnaryMethod } & {
  readonly [K in BinaryName as PairName<K>]: BinaryMethod;
};

type Comparison = 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'equal' | 'notEqual';
type Reduction = 'sum' | 'mean' | 'prod' | 'max' | 'min' | 'logSumExp';

/** Python's slice: an index, or [start, stop, step] where null stands for the end of the axis; null takes it whole. */
export type Range = number | null | readonly [start?: number | null, stop?: number | null, step?: number];

/** The functions of a tensor as its methods. */
export interface Methods
  extends ElementwiseMethods,
    Readonly<Record<Comparison, BinaryMethod>>,
    Readonly<Record<Reduction, ReductionMethod>>,
    Readonly<
      Record<'softmax' | 'logSoftmax', <S extends Shape>(this: Tensor<S>, axis?: number) => Tensor<S>>
    > {
  argmax(axis?: number, options?: { keepdims?: boolean }): Tensor;
  matmul<A extends Shape, B extends Shape>(
    this: Tensor<A>,
    other: Tensor<B> & FitsProduct<A, B>,
  ): Tensor<Product<A, B>>;
  matmul(other: Tensor, options: MatmulOptions): Tensor;
  reshape<const To extends Shape>(shape: To): Tensor<Reshaped<To>>;
  permuteDims<S extends Shape, const Order extends readonly number[]>(
    this: Tensor<S>,
    axes: Order,
  ): Tensor<Permuted<S, Order>>;
  permuteDims(): Tensor;
  transpose<S extends Shape>(this: Tensor<S>): Tensor<Transposed<S>>;
  broadcastTo<const To extends Shape>(shape: To): Tensor<Literal<To>>;
  slice(...ranges: Range[]): Tensor;
  take(indices: Tensor | ArrayLike<number>, axis?: number): Tensor;
  takeAlongAxis(indices: Tensor, axis?: number): Tensor;
  astype<S extends Shape>(this: Tensor<S>, dtype: DType): Tensor<S>;
  stopGradient<S extends Shape>(this: Tensor<S>): Tensor<S>;
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

// biome-ignore lint/correctness/noUnusedVariables: the parameters of merged declarations must be alike
export interface Tensor<S extends Shape = Shape> extends Methods {}

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
export class Tensor<S extends Shape = Shape> {
  readonly shape: Readonly<S>;
  readonly dtype: DType;
  /** The gradient that `backward` left here. */
  grad: Tensor<S> | undefined;
  /** The elements where they lie, or what stands for them; undefined once disposed. */
  #value: Data | Strided | Trace | undefined;
  readonly #isVariable: boolean;
  #history: History | undefined;
  #snapshot: Tensor | undefined;

  /** @internal The data are taken over, not copied. */
  constructor(shape: Readonly<S>, dtype: DType, value: Data | Strided | Trace, requiresGrad = false) {
    this.shape = Object.freeze([...shape]) as unknown as Readonly<S>;
    this.dtype = dtype;
    this.#value = value;
    this.#isVariable = requiresGrad;
  }

  static {
    const liveValue = (x: Tensor): Data | Strided | Trace => {
      if (x.#value !== undefined) return x.#value;
      throw new DisposedError(
        `Cannot use a tensor of shape ${show(x.shape)} after its dispose(): keep it longer, or dispose of it later`,
      );
    };
    const elements = (x: Tensor): Data | Strided => {
      const value = liveValue(x);
      if ('level' in value) throw unreadable(value.level);
      return value;
    };
    internals = {
      elements,
      strided: (x) => {
        const value = elements(x);
        if (!ArrayBuffer.isView(value)) return value;
        return { data: value, shape: x.shape, strides: stridesOf(x.shape), offset: 0 };
      },
      data: (x) => {
        const value = elements(x);
        if (ArrayBuffer.isView(value)) return value;
        const { data, strides, offset } = value;
        const rows = isRowMajor(x.shape, strides)
          ? (data.subarray(offset, offset + x.size) as Data)
          : copyStrided(allocate(x.dtype, x.size), data, x.shape, strides, offset);
        x.#value = rows;
        return rows;
      },
      trace: (x) => {
        const value = liveValue(x);
        return 'level' in value ? value : undefined;
      },
      history: (x) => x.#history,
      setHistory: (x, history) => {
        x.#history = history;
      },
      detached: (x, requiresGrad = false) => new Tensor(x.shape, x.dtype, liveValue(x), requiresGrad),
      snapshot: (x, link) => {
        if (x.#snapshot === undefined) {
          x.#snapshot = internals.detached(x, x.requiresGrad);
          link(x.#snapshot);
        }
        return x.#snapshot;
      },
    };
  }

  /** Whether gradients by this tensor are wanted: said at its creation, or inherited from what it was computed from. */
  get requiresGrad(): boolean {
    return this.#isVariable || this.#history !== undefined;
  }

  get ndim(): number {
    return this.shape.length;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** The last two axes exchanged. */
  get T(): Tensor<Transposed<S>> {
    return this.transpose() as Tensor<Transposed<S>>;
  }

  /** A copy of the elements, row by row; those of float16 and bfloat16 as bits. */
  dataSync(): Data {
    return internals.data(this).slice();
  }

  /** A copy of the elements, row by row. */
  async data(): Promise<Data> {
    return this.dataSync();
  }

  /**
   * What a function makes of the elements, row by row, without a copy. They are the tensor's own: to write to them, or to
   * keep them, is to change what was computed.
   */
  withData<R>(use: (data: Data) => R): R {
    return use(internals.data(this));
  }

  /** The one element of a tensor of size 1. */
  item(): number {
    const data = internals.data(this);
    if (data.length === 1) return decoded(data, this.dtype)[0]!;
    throw new ShapeError(
      'ERR_SHAPE_MISMATCH',
      `Cannot take the item of a tensor of shape ${show(this.shape)}: it has ${this.size} elements, not 1`,
    );
  }

  /** The elements as nested arrays; a number if there are no axes; booleans if they are of type bool. */
  toArray(): Nested {
    const data = internals.data(this);
    let level: Nested[] =
      this.dtype === 'bool' ? Array.from(data, (x) => x !== 0) : Array.from(decoded(data, this.dtype));
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
    this.#value = internals.elements(value);
    this.#snapshot = undefined;
    return this;
  }

  /**
   * Lets go of the elements now, before the collector would; to use the tensor after that is a `DisposedError`. There
   * is no need to call it: `using x = ...` does at the end of the block.
   */
  dispose(): void {
    this.#value = undefined;
    this.#history = undefined;
    this.#snapshot = undefined;
    this.grad = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Forgets the gradient. */
  zeroGrad(): void {
    this.grad = undefined;
  }

  toString(): string {
    if (this.#value !== undefined && 'level' in this.#value) {
      return `tensor(shape ${show(this.shape)} inside ${this.#value.level.transform}, ${this.dtype})`;
    }
    return `tensor(${this.size > MAX_SHOWN ? `shape ${show(this.shape)}` : text(this.toArray(), this.dtype)}, ${this.dtype})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

const unreadable = ({ transform, isOver }: Level): TransformError =>
  isOver
    ? new TransformError(
        'ERR_TRANSFORM_ESCAPED',
        `Cannot use a tensor from inside ${transform} after its end: return it from the function instead`,
      )
    : new TransformError(
        'ERR_TRANSFORM_VALUE',
        `Cannot read elements inside ${transform}: they are known only outside; choose by where() instead`,
      );

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
