// Packing: a matrix copied to panels of a few columns, panel[step][column], which a register tile reads in order.

import {
  type Allocate,
  type Code,
  increase,
  type Local,
  load,
  loop,
  minimum,
  op,
  set,
  shuffle,
  store,
} from './assembler.ts';
import type { Float } from './dtype.ts';

export interface Packing {
  /** Where to, left at the end of what was written. */
  readonly to: Local;
  readonly from: Local;
  /** Panels begin at every `width` columns from `first` up to `end`, but none later than at `last`. */
  readonly width: number;
  readonly first: Local;
  readonly end: Local;
  readonly last: Local;
  /** Length of the columns. */
  readonly k: Local;
}

/** Packs a k × n matrix. The end of the last panel may be what follows the row; it is never stored. */
export function packContiguous({ bytes }: Float, local: Allocate, packing: Packing, n: Local): Code {
  const { to, from, width, first, end, last, k } = packing;
  const [column, step, source] = [local('i32'), local('i32'), local('i32')];
  const offsets = Array.from({ length: (width * bytes) / 16 }, (_, v) => 16 * v);
  const copyStep = [
    offsets.map((at) => store('v128.store', to, load('v128.load', source, at), at)),
    increase(to, width * bytes),
    increase(source, op('i32.mul', n, bytes)),
  ];
  return loop(column, first, end, width, [
    set(source, op('i32.add', from, op('i32.mul', minimum(column, last), bytes))),
    loop(step, 0, k, 1, copyStep),
  ]);
}

/**
 * Packs a matrix stored as its transpose, n × k: squares of as many rows as a vector has lanes are transposed in
 * registers. What a square writes past the last step, the next panel overwrites.
 */
export function packStrided(float: Float, local: Allocate, packing: Packing): Code {
  const { bytes, lanes } = float;
  const { to, from, width, first, end, last, k } = packing;
  const [column, step, source, address] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const rows = Array.from({ length: lanes }, () => local('v128'));
  const square = (at: number): Code => [
    rows.map((row) => [set(row, load('v128.load', address)), increase(address, op('i32.mul', k, bytes))]),
    transposed(float, rows).map((value, row) => store('v128.store', to, value, (row * width + at) * bytes)),
  ];
  const squares = Array.from({ length: width / lanes }, (_, index) => square(index * lanes));
  return loop(column, first, end, width, [
    set(source, op('i32.add', from, op('i32.mul', op('i32.mul', minimum(column, last), k), bytes))),
    loop(step, 0, k, lanes, [
      set(address, op('i32.add', source, op('i32.mul', step, bytes))),
      squares,
      increase(to, lanes * width * bytes),
    ]),
    // The last square may have overshot: k is not always a multiple of its size.
    set(to, op('i32.sub', to, op('i32.mul', op('i32.sub', step, k), width * bytes))),
  ]);
}

/** What packing may write beyond the last panel. */
export const packingOvershoot = ({ bytes, lanes }: Float, width: number): number => lanes * width * bytes;

/** The columns of a square that lies in one vector per row. */
export function transposed({ bytes, lanes }: Float, rows: readonly Local[]): Code[] {
  const pick = (size: number, first: number, second: number, third: number, fourth: number) =>
    [first, second, third, fourth].flatMap((at) => Array.from({ length: size }, (_, b) => at * size + b));
  if (lanes === 2) {
    const [a, b] = rows as [Local, Local];
    const low = Array.from({ length: 16 }, (_, i) => (i < bytes ? i : i + bytes));
    return [
      shuffle(low, a, b),
      shuffle(
        low.map((i) => i + bytes),
        a,
        b,
      ),
    ];
  }
  const [a, b, c, d] = rows as [Local, Local, Local, Local];
  const [even, odd] = [pick(4, 0, 4, 1, 5), pick(4, 2, 6, 3, 7)];
  const [heads, tails] = [pick(4, 0, 1, 4, 5), pick(4, 2, 3, 6, 7)];
  return [even, odd].flatMap((half) =>
    [heads, tails].map((part) => shuffle(part, shuffle(half, a, b), shuffle(half, c, d))),
  );
}
