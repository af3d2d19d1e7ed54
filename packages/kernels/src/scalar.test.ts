import { ops } from '@leibniz/ops';
import { describe, expect, it } from 'vitest';
import { KernelError } from './errors.ts';
import { compileFunction } from './scalar.ts';

const SPECIAL = [
  0,
  -0,
  1,
  -1,
  0.3,
  -2.7,
  1e300,
  5e-324,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

describe('every operation of the table has the value of the table, bit for bit', () => {
  it.each(Object.entries(ops.unary))('%s', (name, { value, sample: [from, to] }) => {
    const f = compileFunction(1, ($, x) => $[name as keyof typeof ops.unary](x!));
    for (const x of [...SPECIAL, from, (from + to) / 2, to]) expect(f(x)).toBe(value(x));
  });

  it.each(Object.entries(ops.binary))('%s', (name, { value }) => {
    const f = compileFunction(2, ($, a, b) => $[name as keyof typeof ops.binary](a!, b!));
    for (const a of SPECIAL) for (const b of SPECIAL) expect(f(a, b)).toBe(value(a, b));
  });
});

it('conditions choose', () => {
  const f = compileFunction(2, ($, x, y) =>
    $.where(
      $.or($.and($.less(x!, y!), $.not($.equal(x!, $.int(0)))), $.lessEqual($.int(5), x!)),
      x!,
      $.neg(y!),
    ),
  );
  expect([f(1, 2), f(0, 2), f(3, 2), f(6, 2)]).toEqual([1, -2, -2, 6]);
});

it('several results are kept beside the first', () => {
  const f = compileFunction(1, ($, x) => [$.mul(x!, x!), $.mul($.int(2), x!), $.pi]);
  expect(f(3)).toBe(9);
  expect([...f.results]).toEqual([9, 6, Math.PI]);
});

it('constants are exact, then rounded', () => {
  const f = compileFunction(0, ($) => $.add($.rational(1, 3), $.int(2n ** 60n)));
  expect(f()).toBe(1 / 3 + 2 ** 60);
});

it('too many steps are refused', () => {
  expect(() =>
    compileFunction(1, ($, x) => {
      const chain = Array.from({ length: 41_000 }, (_, i) => i).reduce(
        (sum) => $.add($.sin(sum), x!),
        $.neg(x!),
      );
      return chain;
    }),
  ).toThrow(KernelError);
});
