// The elements of a matrix that are not zero, listed row by row: their values, and beside them where the rows of the
// other operand lie that they are multiplied with. Lists are made without branches, a vector at a time: what is to
// stay is shuffled to the front of the vector and written whole, and the end of the list moves by as much as stays.

import {
  type Allocate,
  type Code,
  increase,
  type Local,
  load,
  loop,
  minimum,
  type Operand,
  op,
  set,
  store,
  vector128,
  when,
} from './assembler.ts';
import type { Float } from './dtype.ts';
import { take } from './heap.ts';
import { memory } from './memory.ts';
import { transposed } from './packing.ts';

/** Part of a matrix `a`: rows from `first` up to `end`, of each the steps from `from` up to `to`. */
export interface Condensing {
  readonly a: Local;
  /** Rows of `a`, and their length; the other way round if `a` is transposed. */
  readonly m: Local;
  readonly k: Local;
  readonly first: Local;
  readonly end: Local;
  readonly from: Local;
  readonly to: Local;
  /** Bytes from a row of the other operand to the next. */
  readonly rowBytes: Operand;
  /** Where the lists are, how long one of them is at most, and where the address of each one's end is written. */
  readonly lists: Local;
  readonly room: number;
  readonly ends: Local;
  /** Where `frontMasks` are. */
  readonly masks: Local;
}

/** Bytes that lists of so many entries take: values, then offsets, as wide as the values. */
export const listBytes = (room: number, { bytes }: Float): number => 2 * roomBytes(room, bytes);

/** Bytes from a value to its offset. */
export const roomBytes = (room: number, bytes: number): number => Math.ceil((room * bytes) / 16) * 16;

const knownMasks = new Map<number, number>();

/** The address of a table: for each set of lanes, the shuffle that brings them to the front. */
export function frontMasks({ lanes, bytes }: Float): number {
  const known = knownMasks.get(lanes);
  if (known !== undefined) return known;
  const address = take(16 << lanes);
  const table = new Uint8Array(memory().buffer, address, 16 << lanes).fill(0);
  for (let set = 0; set < 1 << lanes; set++) {
    let to = set * 16;
    for (let lane = 0; lane < lanes; lane++) {
      if ((set >> lane) % 2 === 0) continue;
      for (let byte = 0; byte < bytes; byte++) table[to++] = lane * bytes + byte;
    }
  }
  knownMasks.set(lanes, address);
  return address;
}

/** What both ways of making lists work with. */
function listing(float: Float, local: Allocate, condensing: Condensing) {
  const [row, step, entry] = [local('i32'), local('i32'), local('i32')];
  const [source, list] = [local('i32'), local('i32')];
  const offsets = offsetsOf(float, local, condensing);
  const append = appending(float, local, condensing, offsets.value);
  return { row, step, entry, source, list, offsets, append };
}

/** Writes the lists of a part of a matrix that lies row by row. */
export function condenseRows(float: Float, local: Allocate, condensing: Condensing): Code {
  const { a, k, first, end, from, to, lists, room } = condensing;
  const { bytes, lanes } = float;
  const { row, step, entry, source, list, offsets, append } = listing(float, local, condensing);
  const x = local('v128');
  return [
    set(list, lists),
    loop(row, first, end, 1, [
      set(entry, list),
      set(source, op('i32.add', a, op('i32.mul', op('i32.add', op('i32.mul', row, k), from), bytes))),
      offsets.start,
      loop(step, op('i32.add', from, lanes - 1), to, lanes, [
        set(x, load('v128.load', source)),
        append(entry, x),
        increase(source, 16),
        offsets.advance,
      ]),
      set(step, op('i32.sub', step, lanes - 1)),
      when(op('i32.lt_u', step, to), [
        set(x, load('v128.load', source)),
        append(entry, x, op('i32.sub', to, step)),
      ]),
      store('i32.store', endOf(condensing, row), entry),
      increase(list, listBytes(room, float)),
    ]),
  ];
}

/** The same for a matrix that lies column by column: squares are transposed in registers, if any of them stays. */
export function condenseColumns(float: Float, local: Allocate, condensing: Condensing): Code {
  const { a, m, first, end, from, to, lists, room } = condensing;
  const { bytes, lanes } = float;
  const { row, step, entry, source, list, offsets, append } = listing(float, local, condensing);
  const square = Array.from({ length: lanes }, () => local('v128'));
  const columns = square.map(() => local('v128'));
  const [any, rest] = [local('v128'), local('i32')];
  const squaresOfSteps = (stepOf: (index: number) => Operand, count?: Operand): Code =>
    loop(row, first, end, lanes, [
      square.map((vector, index) => [
        set(
          source,
          op('i32.add', a, op('i32.mul', op('i32.add', op('i32.mul', stepOf(index), m), row), bytes)),
        ),
        set(vector, load('v128.load', source)),
        set(any, index === 0 ? vector : op('v128.or', any, vector)),
      ]),
      when(op('v128.any_true', any), [
        transposed(float, square).map((column, index) => set(columns[index]!, column)),
        columns.map((column, index) => [
          set(entry, load('i32.load', endOf(condensing, row), 4 * index)),
          append(entry, column, count),
          store('i32.store', endOf(condensing, row), entry, 4 * index),
        ]),
      ]),
    ]);
  return [
    set(list, lists),
    loop(row, first, op('i32.add', end, lanes - 1), 1, [
      store('i32.store', endOf(condensing, row), list),
      increase(list, listBytes(room, float)),
    ]),
    offsets.start,
    loop(step, op('i32.add', from, lanes - 1), to, lanes, [
      squaresOfSteps((index) => op('i32.sub', step, lanes - 1 - index)),
      offsets.advance,
    ]),
    set(step, op('i32.sub', step, lanes - 1)),
    when(op('i32.lt_u', step, to), [
      set(rest, op('i32.sub', to, step)),
      squaresOfSteps((index) => minimum(op('i32.add', step, index), op('i32.sub', to, 1)), rest),
    ]),
  ];
}

/** Where the end of the list of a row is written. */
export const endOf = ({ ends, first }: Pick<Condensing, 'ends' | 'first'>, row: Local): Code =>
  op('i32.add', ends, op('i32.mul', op('i32.sub', row, first), 4));

/** The offsets of as many steps as a vector has lanes. They have 32 bits, as addresses have; of 64 the rest is 0. */
function offsetsOf({ lanes }: Float, local: Allocate, { from, rowBytes }: Condensing) {
  const [value, stride] = [local('v128'), local('v128')];
  const [first, each] = lanes === 4 ? [[0, 1, 2, 3], 4] : [[0, 0, 1, 0], 2];
  const isUsed = lanes === 4 ? [1, 1, 1, 1] : [1, 0, 1, 0];
  const times = (x: Operand, counts: readonly number[]) =>
    op('i32x4.mul', op('i32x4.splat', x), vector128(...(counts as [number, number, number, number])));
  return {
    value,
    start: [
      set(
        stride,
        times(
          rowBytes,
          isUsed.map((one) => one * each),
        ),
      ),
      set(value, op('i32x4.add', times(rowBytes, first), times(op('i32.mul', from, rowBytes), isUsed))),
    ],
    advance: set(value, op('i32x4.add', value, stride)),
  };
}

/** Code that appends what is not zero of a vector, or of so many of its first lanes, to a list. */
function appending(float: Float, local: Allocate, { room, masks }: Condensing, offsets: Local) {
  const { bytes, vector, lanes } = float;
  const [kept, shuffle] = [local('i32'), local('v128')];
  const isKept = (x: Local) => op(`${vector}.ne`, x, vector128(0, 0, 0, 0));
  return (entry: Local, x: Local, count?: Operand): Code => [
    set(kept, op(lanes === 4 ? 'i32x4.bitmask' : 'i64x2.bitmask', isKept(x))),
    count === undefined ? [] : set(kept, op('i32.and', kept, op('i32.sub', op('i32.shl', 1, count), 1))),
    set(shuffle, load('v128.load', op('i32.add', masks, op('i32.shl', kept, 4)))),
    store('v128.store', entry, op('i8x16.swizzle', x, shuffle)),
    store('v128.store', entry, op('i8x16.swizzle', offsets, shuffle), roomBytes(room, bytes)),
    increase(entry, op('i32.mul', op('i32.popcnt', kept), bytes)),
  ];
}
