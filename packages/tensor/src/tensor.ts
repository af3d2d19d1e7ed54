import { copyStrided, type FloatArray, type Strided } from '@leibniz/kernels';
import type { BinaryName, UnaryName } from '@leibniz/ops';
import { copyOf, forgetCopy } from './copies.ts';
import { type Data, type DType, decoded } from './dtype.ts';
import { DisposedError, GradientError, ShapeError, TransformError } from './errors.ts';
import { Pending } from './pending.ts';
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
import { drop, isSource, keep, lend, lending, letGo, partOf, roomFor, Storage, tidy } from './storage.ts';

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

let births = 0;

/** A storage as a tensor looks at it. */
interface View extends Omit<Strided, 'data'> {
  readonly storage: Storage;
}

/** What a tensor may be made of. */
type Value = Data | Strided | Storage | View | Trace | Pending;

const storageOf = (value: Value | undefined): Storage | undefined => {
  if (value instanceof Storage) return value;
  return value !== undefined && 'storage' in value ? value.storage : undefined;
};

/** The value as a tensor holds it: an array, or a view of one, that belongs to a storage is held by that. */
function held(value: Value, shape: Shape): Value {
  const found = stored(value, shape);
  const storage = storageOf(found);
  if (storage) storage.holders++;
  return found;
}

function stored(value: Value, shape: Shape): Value {
  if (ArrayBuffer.isView(value)) {
    const part = partOf(value);
    if (!part) return value;
    const { storage, offset } = part;
    if (storage.data === value) return storage;
    return { storage, shape, strides: stridesOf(shape), offset };
  }
  if (value instanceof Storage || !('data' in value)) return value;
  const part = partOf(value.data as Data);
  if (!part) return value;
  const { data: _, ...view } = value;
  return { ...view, storage: part.storage, offset: value.offset + part.offset };
}

/** What is kept for a variable until it is assigned another value, disposed of, or found by the collector. */
interface Kept {
  storage: Storage | undefined;
}

const collected = /* @__PURE__ */ new FinalizationRegistry<Kept>(({ storage }) => {
  if (storage) letGo(storage);
});

/** Access to what a tensor keeps to itself, for the engine. */
export let internals: {
  /** The elements: row by row, or where they lie; an error if they are gone, or known only to a transformation. */
  elements(x: Tensor): Data | Strided;
  strided(x: Tensor): Strided;
  /** The elements of floats where they lie, in the memory of the kernels if possible. */
  placed(x: Tensor): Strided;
  /** The product that the elements wait for, if they do. */
  pending(x: Tensor): Pending | undefined;
  settle(x: Tensor): void;
  /** What holds the elements. */
  source(x: Tensor): Storage | Data | undefined;
  /** The elements row by row. A view is copied once and from then on has elements of its own. */
  data(x: Tensor): Data;
  trace(x: Tensor): Trace | undefined;
  /** The gradient of a leaf, for one who does not keep it: it is gone when another is set. */
  grad(x: Tensor): Tensor | undefined;
  setGrad(x: Tensor, grad: Tensor | undefined): void;
  /** How many tensors there were when this one was made, and how many there are by now. */
  birth(x: Tensor): number;
  births(): number;
  history(x: Tensor): History | undefined;
  setHistory(x: Tensor, history: History): void;
  /** The same value under a new name, without a history. */
  detached(x: Tensor, requiresGrad?: boolean): Tensor;
  /** The elements of a leaf, to be written over, if nobody else looks at them and they lie where kernels compute. */
  writable(x: Tensor): Data | undefined;
  /** The value of a leaf as it is now: a tensor that later assignments do not change. */
  snapshot(x: Tensor, link: (snapshot: Tensor) => void): Tensor;
};

export type Nested = number | boolean | readonly Nested[];

/** A number adopts the type of the tensors beside it. */
export type Operand<S extends Shape = Shape> = Tensor<S> | number;

/** The table's names for two elements; min and max are reductions here. */
export type PairName<K extends BinaryName> = K extends 'max' | 'min' ? `${K}imum` : K;

/** A function that keeps the shape, as a method with these arguments. */
type KeepingMethod<Args extends readonly unknown[] = []> = <S extends Shape>(
  this: Tensor<S>,
  ...args: Args
) => Tensor<S>;
/** A function of two tensors that broadcast, as a method of the first. */
type BinaryMethod = <A extends Shape, B extends Shape = []>(
  this: Tensor<A>,
  other: Operand<B> & FitsBroadcast<A, B>,
) => Tensor<Broadcast<A, B>>;
/** A reduction over axes, as a method. */
type ReductionMethod<Options = unknown> = <
  S extends Shape,
  const Axis extends Axes = undefined,
  Keep extends boolean = false,
>(
  this: Tensor<S>,
  axis?: Axis,
  options?: { readonly keepdims?: Keep } & Options,
) => Tensor<Reduced<S, Axis, Keep>>;

/** A method for each operation of the table. */
export type ElementwiseMethods = { readonly [K in UnaryName]: KeepingMethod } & {
  readonly [K in BinaryName as PairName<K>]: BinaryMethod;
};

type Comparison = 'less' | 'lessEqual' | 'greater' | 'greaterEqual' | 'equal' | 'notEqual';
type Reduction = 'sum' | 'mean' | 'prod' | 'max' | 'min' | 'logSumExp' | 'any' | 'all';
type Rounding = 'round' | 'trunc' | 'isnan' | 'isinf' | 'isfinite';

/** Python's slice: an index, or [start, stop, step] where null stands for the end of the axis; null takes it whole. */
export type Range = number | null | readonly [start?: number | null, stop?: number | null, step?: number];

/** The functions of a tensor as its methods. */
export interface Methods
  extends ElementwiseMethods,
    Readonly<Record<Comparison, BinaryMethod>>,
    Readonly<Record<Reduction, ReductionMethod>>,
    Readonly<Record<Rounding, KeepingMethod>> {
  readonly var: ReductionMethod<{ readonly correction?: number }>;
  readonly std: ReductionMethod<{ readonly correction?: number }>;
  readonly softmax: KeepingMethod<[axis?: number]>;
  readonly logSoftmax: KeepingMethod<[axis?: number]>;
  readonly sort: KeepingMethod<[axis?: number, options?: { readonly descending?: boolean }]>;
  readonly argsort: KeepingMethod<[axis?: number, options?: { readonly descending?: boolean }]>;
  readonly tril: KeepingMethod<[options?: { readonly k?: number }]>;
  readonly triu: KeepingMethod<[options?: { readonly k?: number }]>;
  readonly flip: KeepingMethod<[axis?: Axes]>;
  readonly astype: KeepingMethod<[dtype: DType]>;
  readonly stopGradient: KeepingMethod;
  argmax(axis?: number, options?: { readonly keepdims?: boolean }): Tensor;
  argmin(axis?: number, options?: { readonly keepdims?: boolean }): Tensor;
  cumulativeSum(options?: { readonly axis?: number; readonly includeInitial?: boolean }): Tensor;
  cumulativeProd(options?: { readonly axis?: number; readonly includeInitial?: boolean }): Tensor;
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
  expandDims(axis?: number | readonly number[]): Tensor;
  squeeze(axis?: Axes): Tensor;
  clip(least?: Operand | null, most?: Operand | null): Tensor;
  take(indices: Tensor | ArrayLike<number>, axis?: number): Tensor;
  takeAlongAxis(indices: Tensor, axis?: number): Tensor;
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
  /** The elements where they lie, or what stands for them; undefined once disposed. */
  #value: Value | undefined;
  readonly #isVariable: boolean;
  #kept: Kept | undefined;
  #history: History | undefined;
  #snapshot: Tensor | undefined;
  #grad: Tensor<S> | undefined;
  /** Whether the gradient was handed out, to someone who may keep it. */
  #isGradSeen = false;
  /** How many records mention this tensor. */
  #records = 0;
  readonly #birth = ++births;

  /** @internal The data are taken over, not copied. */
  constructor(shape: Readonly<S>, dtype: DType, value: Value, requiresGrad = false) {
    this.shape = (Object.isFrozen(shape) ? shape : Object.freeze([...shape])) as Readonly<S>;
    this.dtype = dtype;
    this.#value = held(value, this.shape);
    this.#isVariable = requiresGrad;
  }

  static {
    const liveValue = (x: Tensor): Value => {
      if (x.#value !== undefined) return x.#value;
      throw new DisposedError(
        `Cannot use a tensor of shape ${show(x.shape)} after its dispose(): keep it longer, or dispose of it later`,
      );
    };
    /** The value, which is computed now if it has waited. */
    const settled = (x: Tensor): Exclude<Value, Pending> => {
      const value = liveValue(x);
      if (!(value instanceof Pending)) return value;
      const found = held(value.compute(), x.shape) as Exclude<Value, Pending>;
      value.end();
      x.#value = found;
      return found;
    };
    const elements = (x: Tensor): Data | Strided => {
      const value = settled(x);
      if ('level' in value) throw unreadable(value.level);
      if (value instanceof Storage) return value.data;
      return 'storage' in value ? { ...value, data: value.storage.data } : value;
    };
    internals = {
      elements,
      strided: (x) => {
        const value = elements(x);
        if (!ArrayBuffer.isView(value)) return value;
        return { data: value, shape: x.shape, strides: stridesOf(x.shape), offset: 0 };
      },
      placed: (x) => {
        const strided = internals.strided(x);
        // Of a large array only a part may be wanted: then the array stays where it is.
        if (storageOf(x.#value)?.isResident || strided.data.length !== x.size) return strided;
        return { ...strided, data: copyOf(strided.data as FloatArray) };
      },
      data: (x) => {
        const value = elements(x);
        if (ArrayBuffer.isView(value)) return value;
        const { data, strides, offset } = value;
        const { storage } = x.#value as { storage?: Storage };
        if (isRowMajor(x.shape, strides)) {
          return storage ? lend(storage, offset, x.size) : (data.subarray(offset, offset + x.size) as Data);
        }
        const rows = copyStrided(roomFor(x.dtype, x.size), data, x.shape, strides, offset);
        x.#value = held(rows, x.shape);
        if (storage) drop(storage);
        return rows;
      },
      trace: (x) => {
        const value = liveValue(x);
        return !(value instanceof Storage) && 'level' in value ? value : undefined;
      },
      grad: (x) => x.#grad,
      setGrad: (x, grad) => {
        if (!x.#isGradSeen && x.#grad?.requiresGrad === false) x.#grad.dispose();
        x.#grad = grad;
        x.#isGradSeen = false;
      },
      birth: (x) => x.#birth,
      births: () => births,
      history: (x) => x.#history,
      setHistory: (x, history) => {
        for (const input of x.#history?.inputs ?? []) input.#records--;
        for (const input of history.inputs) input.#records++;
        x.#history = history;
      },
      detached: (x, requiresGrad = false) => new Tensor(x.shape, x.dtype, settled(x), requiresGrad),
      writable: (x) => {
        const [value, snapshot] = [x.#value, x.#snapshot];
        if (!(value instanceof Storage) || !value.isResident || x.#history !== undefined) return undefined;
        if (value.holders !== (snapshot ? 2 : 1) || (snapshot && snapshot.#records > 0)) return undefined;
        snapshot?.dispose();
        x.#snapshot = undefined;
        return value.exposed();
      },
      pending: (x) => (x.#value instanceof Pending ? x.#value : undefined),
      settle: (x) => {
        settled(x);
      },
      source: (x) => {
        const value = settled(x);
        if (ArrayBuffer.isView(value)) return value;
        return storageOf(value) ?? ('data' in value ? (value.data as Data) : undefined);
      },
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
    const data = internals.data(this).slice();
    tidy();
    return data;
  }

  /** A copy of the elements, row by row. */
  async data(): Promise<Data> {
    return this.dataSync();
  }

  /**
   * What a function makes of the elements, row by row, without a copy. They are the tensor's own: to write to them, or to
   * keep them, is to change what was computed. Where results may be computed from them again, they are copied first.
   */
  withData<R>(use: (data: Data) => R): R {
    const source = internals.source(this);
    if (source && isSource(source)) this.#separate();
    const data = internals.data(this);
    forgetCopy(data);
    storageOf(this.#value)?.exposed();
    return lending(() => use(data));
  }

  /** Gives the tensor elements that nothing else looks at. */
  #separate(): void {
    const elements = roomFor(this.dtype, this.size);
    elements.set(internals.data(this));
    const last = storageOf(this.#value);
    this.#value = held(elements, this.shape);
    const next = storageOf(this.#value);
    if (this.#kept) {
      if (last) letGo(last);
      if (next) keep(next);
      this.#kept.storage = next;
    }
    if (last) drop(last);
  }

  /** The one element of a tensor of size 1. */
  item(): number {
    const data = internals.data(this);
    tidy();
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
    internals.elements(value);
    const before = this.#value;
    const snapshot = this.#snapshot;
    this.#value = held(value.#value!, this.shape);
    this.#snapshot = undefined;
    const [next, last] = [storageOf(this.#value), storageOf(before)];
    if (next) keep(next);
    if (this.#kept === undefined) {
      this.#kept = { storage: next };
      collected.register(this, this.#kept);
    } else this.#kept.storage = next;
    if (last) {
      if (last !== next) letGo(last);
      drop(last);
    }
    if (snapshot !== undefined && snapshot.#records === 0) snapshot.dispose();
    tidy();
    return this;
  }

  /**
   * Lets go of the elements now, before the collector would; to use the tensor after that is a `DisposedError`. There
   * is no need to call it: `using x = ...` does at the end of the block.
   */
  dispose(): void {
    const storage = storageOf(this.#value);
    if (this.#value instanceof Pending) this.#value.end();
    this.#value = undefined;
    if (storage) {
      if (this.#kept) letGo(storage);
      drop(storage);
    }
    if (this.#kept) this.#kept.storage = undefined;
    this.#history = undefined;
    this.#snapshot = undefined;
    this.zeroGrad();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The gradient that `backward` left here. */
  get grad(): Tensor<S> | undefined {
    this.#isGradSeen = true;
    return this.#grad;
  }
  set grad(grad: Tensor<S> | undefined) {
    this.#grad = grad;
    this.#isGradSeen = true;
  }

  /** Forgets the gradient. */
  zeroGrad(): void {
    internals.setGrad(this, undefined);
  }

  toString(): string {
    if (this.#value !== undefined && !(this.#value instanceof Storage) && 'level' in this.#value) {
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
