// How large the rounding errors of a formula may be: a carrier that computes, beside each value, a first-order bound
// of what rounding does to it. A tolerance made of it is scaled by the size of the terms, so that cancellation is
// not called an error.

import { type BinaryName, type Carrier, ops, type UnaryName } from '@leibniz/ops';

/** A value in double precision and a bound of its absolute error. */
export interface Rounded {
  readonly value: number;
  readonly error: number;
}

/** Functions are granted this many units in the last place. */
export const UNITS = 4 * Number.EPSILON;

const { numbers } = ops;

const rounded = (value: number, inherited: number): Rounded => ({
  value,
  error: UNITS * Math.abs(value) + inherited,
});

export const exactly = (value: number): Rounded => ({ value, error: 0 });

/** What an error of the argument becomes; no rule, no error, since an index is exact. */
const passed = (partial: number, error: number) => (error === 0 ? 0 : Math.abs(partial) * error);

function operations(): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name of Object.keys(ops.unary) as UnaryName[]) {
    const { value, partial } = ops.unary[name];
    made[name] = (x: Rounded) => {
      const y = value(x.value);
      return rounded(y, passed(partial(numbers, x.value, y), x.error));
    };
  }
  for (const name of Object.keys(ops.binary) as BinaryName[]) {
    const { value, partials } = ops.binary[name];
    made[name] = (a: Rounded, b: Rounded) => {
      const y = value(a.value, b.value);
      const [byA, byB] = partials.map((partial) => partial?.(numbers, a.value, b.value, y) ?? 0);
      return rounded(y, passed(byA!, a.error) + passed(byB!, b.error));
    };
  }
  return made;
}

export const rounding = {
  ...operations(),
  int: (n: number | bigint) => rounded(numbers.int(n), 0),
  rational: (p: number | bigint, q: number | bigint) => rounded(numbers.rational(p, q), 0),
  pi: rounded(Math.PI, 0),
  less: (a: Rounded, b: Rounded) => a.value < b.value,
  lessEqual: (a: Rounded, b: Rounded) => a.value <= b.value,
  equal: (a: Rounded, b: Rounded) => a.value === b.value,
  not: (c: boolean) => !c,
  and: (c: boolean, d: boolean) => c && d,
  or: (c: boolean, d: boolean) => c || d,
  where: (c: boolean, a: Rounded, b: Rounded) => (c ? a : b),
} as unknown as Carrier<Rounded, boolean>;
