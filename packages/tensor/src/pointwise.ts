// Elementwise operations that are no formula of reals: on integers and booleans, on bits, comparisons, and functions
// with jumps. Each is a plain function of elements; what derivative it has is given beside it.

import { copyStrided } from '@leibniz/kernels';
import { allocate, type Data, type DType, dtypes, type Kind, promote } from './dtype.ts';
import { binary } from './elementwise.ts';
import { DTypeError } from './errors.ts';
import { ranked } from './movement.ts';
import { apply, define, type Op, type Sample } from './op.ts';
import { broadcastShapes, broadcastStrides, type Shape, sameShape, sizeOf } from './shape.ts';
import { internals, type Operand, Tensor } from './tensor.ts';

const add = binary('add');

/** The derivative by one operand at a point, times a tensor; undefined where it is 0. */
type Partial = (t: Tensor, x: readonly Tensor[], y: Tensor) => Tensor;

export interface Pointwise {
  readonly name: string;
  readonly doc: string;
  /** The kinds of elements it is defined for. */
  readonly kinds: readonly Kind[];
  /** The type of the result: that of the operands, or bool. */
  readonly result: 'same' | 'bool';
  readonly arity: 1 | 2;
  /** The function of elements of a type; what it gives is rounded, or wraps around, to the type. */
  readonly on: (dtype: DType) => (a: number, b: number) => number;
  /** By each operand; absent: the derivative is 0, or there is none. */
  readonly partials?: readonly (Partial | undefined)[];
}

/** The primitive of one such operation. */
export function pointwiseOp(facts: Pointwise): Op<undefined> {
  const { name, doc, kinds, arity, partials = [] } = facts;
  const ofWhat = kinds.includes('integer') ? 'int32' : 'bool';
  const common = (inputs: readonly Tensor[]): DType => {
    const dtype = promote(
      name,
      inputs.map((x) => x.dtype),
    );
    if (kinds.includes(dtypes[dtype].kind)) return dtype;
    const allowed = Object.entries(dtypes).flatMap(([type, { kind }]) =>
      kinds.includes(kind) ? [type] : [],
    );
    throw new DTypeError(
      `Cannot apply ${name} to ${dtype}: it is defined for ${allowed.join(', ')}; convert with .astype('${allowed[0]}')`,
    );
  };
  return define<undefined>({
    name,
    doc,
    shape: (inputs) => inputs.reduce<Shape>((shape, x) => broadcastShapes(name, shape, x.shape), []),
    dtype: (inputs) => {
      const dtype = common(inputs);
      return facts.result === 'bool' ? 'bool' : dtype;
    },
    kernel: (inputs, shape, dtype) => {
      const f = facts.on(common(inputs));
      const [a, b] = inputs.map((x) => broadcasted(x, shape));
      const out = allocate(dtype, sizeOf(shape));
      if (arity === 1) for (let i = 0; i < out.length; i++) out[i] = f(a![i]!, 0);
      else for (let i = 0; i < out.length; i++) out[i] = f(a![i]!, b![i]!);
      return out;
    },
    vjp: (g, inputs, y) =>
      inputs.map((_, at) => {
        const partial = partials[at];
        return partial && (() => partial(g, inputs, y));
      }),
    jvp: (tangents, inputs, y) => {
      const terms = tangents.flatMap((t, at) => {
        const partial = partials[at];
        return t === undefined || partial === undefined ? [] : [partial(t, inputs, y)];
      });
      return terms.length === 0 ? zerosLike(y) : terms.reduce((sum, term) => add(sum, term));
    },
    batch: (inputs, isBatched) => {
      const rank = Math.max(...inputs.map((x, at) => x.ndim - Number(isBatched[at]))) + 1;
      return apply(
        pointwiseOp(facts),
        inputs.map((x, at) => (isBatched[at] ? ranked(x, rank) : x)),
        undefined,
      );
    },
    samples: () => {
      const samples = arity === 1 ? ONE : TWO;
      return kinds.includes('float') ? samples : samples.map((each) => ({ ...each, dtype: ofWhat }));
    },
  });
}

const zerosLike = (x: Tensor): Tensor => new Tensor(x.shape, x.dtype, allocate(x.dtype, x.size));

const sample = (...shapes: Shape[]): Sample<undefined> => ({ shapes, options: undefined });
const ONE = [[], [1], [3], [2, 3], [0], [2, 1, 2], [4], [1, 1]].map((shape) => sample(shape));
const TWO = [
  sample([], []),
  sample([3], [3]),
  sample([2, 3], [3]),
  sample([3], [2, 1]),
  sample([2, 1, 3], [2, 1]),
  sample([], [2]),
  sample([1], []),
  sample([0, 2], [1, 2]),
];

function broadcasted(x: Tensor, shape: Shape): Data {
  if (sameShape(x.shape, shape)) return internals.data(x);
  const { data, strides, offset } = internals.strided(x);
  const out = allocate(x.dtype, sizeOf(shape));
  return copyStrided(out, data, shape, broadcastStrides(x.shape, shape, strides), offset);
}

/** The function of one or two operands; a number adopts the type of the tensor beside it. */
export function pointwise(op: Op<undefined>): (...operands: Operand[]) => Tensor {
  return (...operands) => {
    const types = operands.flatMap((x) => (typeof x === 'number' ? [] : [x.dtype]));
    const dtype = types.length === 0 ? 'float32' : promote(op.name, types);
    const inputs = operands.map((x) => (typeof x === 'number' ? constant(op.name, x, dtype) : x));
    return apply(op, inputs, undefined);
  };
}

/** A number as a tensor of the type. */
export function constant(name: string, x: number, dtype: DType): Tensor {
  if (!dtypes[dtype].holds(x)) {
    throw new DTypeError(
      `Cannot apply ${name} to ${dtype} and ${x}: the type does not hold it; convert the tensor with .astype('float64')`,
    );
  }
  return new Tensor([], dtype, allocate(dtype, 1).fill(x));
}
