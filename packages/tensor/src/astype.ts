import { type Data, type DType, decoded, dtypes, encoded, isFloat } from './dtype.ts';
import { DTypeError } from './errors.ts';
import { apply, define } from './op.ts';
import type { Shape } from './shape.ts';
import { roomFor, Storage } from './storage.ts';
import { internals, type Tensor } from './tensor.ts';

export const astypeOp = define<{ dtype: DType }>({
  name: 'astype',
  doc: 'The elements in another type, rounded to it; integers cut off fractions.',
  shape: ([x]) => x!.shape,
  dtype: (_, { dtype }) => dtype,
  kernel: ([x], _, dtype) => (dtype === x!.dtype ? internals.elements(x!) : converted(x!, dtype)),
  vjp: (g, [x]) => [isFloat(x!.dtype) ? () => astype(g, x!.dtype) : undefined],
  jvp: (tangents, _, y) => astype(tangents[0]!, y.dtype),
  batch: ([x], _, { dtype }) => astype(x!, dtype),
  samples: () =>
    [[], [1], [3], [2, 3], [0], [2, 0], [1, 1, 2], [2, 1, 2]].map((shape) => ({
      shapes: [shape],
      options: { dtype: 'float64' },
    })),
});

/** The elements of a tensor in a type, row by row. */
export function converted(x: Tensor, dtype: DType): Data {
  const from = internals.data(x);
  if (dtype === x.dtype) return from;
  const values = decoded(from, x.dtype);
  const source = internals.source(x);
  const isWhole = (source instanceof Storage ? source.data : source) === from;
  const origin = () => ({
    sources: [source],
    compute: (to: Data, [elements]: readonly (Data | undefined)[]) => to.set(decoded(elements!, x.dtype)),
  });
  const out = roomFor(dtype, from.length, isWhole ? origin : undefined);
  if (dtype === 'bool') for (let i = 0; i < out.length; i++) out[i] = values[i] === 0 ? 0 : 1;
  else if (dtypes[dtype].kind === 'half')
    for (let i = 0; i < out.length; i++) out[i] = encoded(values[i]!, dtype);
  else if (dtypes[dtype].kind === 'float') out.set(values);
  else for (let i = 0; i < out.length; i++) out[i] = whole(values[i]!, dtype);
  return out;
}

function whole(value: number, dtype: DType): number {
  const integer = Math.trunc(value);
  if (dtypes[dtype].holds(integer)) return integer;
  throw new DTypeError(`Cannot convert ${value} to ${dtype}: the type does not hold it`);
}

/**
 * The elements in another type: integers cut off fractions, and a number that the type does not hold is an error.
 *
 * @example
 * import { astype, tensor } from '@leibniz/tensor';
 * astype(tensor([1.5, -1.5]), 'int32').toArray(); // => [ 1, -1 ]
 */
export const astype = <S extends Shape>(x: Tensor<S>, dtype: DType): Tensor<S> =>
  apply(astypeOp, [x], { dtype }) as Tensor<S>;
