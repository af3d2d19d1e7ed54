// The carrier of tensors: each operation of a formula is one call of the tensor library, nothing fused.

import { type BinaryName, type Carrier, ops, type UnaryName } from '@leibniz/ops';
import type { Tensor } from '@leibniz/tensor';
import * as library from '@leibniz/tensor';

/** The two extrema of elements go by the array API's names there. */
const RENAMED: Readonly<Record<string, string>> = { min: 'minimum', max: 'maximum' };

const named = (name: string) =>
  [name, (library as unknown as Record<string, unknown>)[RENAMED[name] ?? name]] as const;

const scalar = (value: number): Tensor => library.tensor(value, { dtype: 'float64' });
const names = [...(Object.keys(ops.unary) as UnaryName[]), ...(Object.keys(ops.binary) as BinaryName[])];

export const tensors = {
  ...Object.fromEntries(names.map(named)),
  int: (n: number | bigint) => scalar(ops.numbers.int(n)),
  rational: (p: number | bigint, q: number | bigint) => scalar(ops.numbers.rational(p, q)),
  pi: scalar(Math.PI),
  less: library.less,
  lessEqual: library.lessEqual,
  equal: library.equal,
  where: library.where,
} as unknown as Carrier<Tensor, Tensor>;
