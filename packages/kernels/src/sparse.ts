// Products that skip the zeros of `a`, to the same bits as the dense ones. A sum that starts at +0 is never -0: adding
// ±0 to it changes nothing, and products with ±0 are ±0 as long as `b` is finite, which is looked at on the way. So
// only the order of the other terms counts, which is the same.

import {
  type Allocate,
  type Code,
  type FunctionSpec,
  get,
  increase,
  type Local,
  load,
  loop,
  loopWhile,
  minimum,
  type Operand,
  op,
  set,
  store,
  vector128,
  when,
} from './assembler.ts';
import {
  type Condensing,
  condenseColumns,
  condenseRows,
  endOf,
  frontMasks,
  listBytes,
  roomBytes,
} from './condense.ts';
import type { Float, FloatArray } from './dtype.ts';
import type { Finish } from './epilogue.ts';
import { instantiate, memory } from './memory.ts';
import { kernelOf, type Plan, type Sizes } from './plan.ts';
import { multiplyAdd, relaxed } from './relaxed.ts';
import { parts } from './threads.ts';

/** The parameters of `sparseProduct`, in order. */
const SPARSE_PRODUCT = [
  ...['out', 'a', 'b', 'm', 'n', 'k'],
  /** The last column where a tile may begin. */
  'last',
  ...['firstRow', 'endRow'],
  /** Rows and steps that are condensed at a time, to these lists. */
  ...['block', 'depth', 'lists', 'ends', 'masks'],
  /** Sums that wait for further steps, tile by tile. */
  'sums',
  /** The part of `b` that is looked at, and the word that is set if an element of it is not finite. */
  ...['checked', 'checkedEnd', 'verdict'],
] as const;

/** Vectors of one row of the product that are summed at a time: as wide as leaves least to compute twice. */
function vectorsOf({ lanes }: Float, n: number): number {
  const cost = (vectors: number) => Math.ceil(n / (vectors * lanes)) * (vectors + 1.5);
  const fitting = [12, 11, 10, 9, 8, 7, 6, 5, 4].filter((each) => each * lanes <= n);
  return fitting.reduce((best, each) => (cost(each) < cost(best) ? each : best), 4);
}

/** The part of `b` that one tile takes should stay in the L1 cache while rows of `a` go by. */
const TILE_BYTES = 30_000;

/** Steps that are condensed at a time, at most: each touches so many lines of the cache, one of them in part. */
const mostSteps = ({ lanes }: Float, vectors: number): number =>
  Math.floor(TILE_BYTES / (vectors * 16 + 32) / lanes) * lanes;

/** Computes some rows of the product of an `a` full of zeros with a finite `b`, which is not transposed. */
function sparseProduct(float: Float, vectors: number, transposeA: boolean, finish: Finish) {
  const { bytes, lanes, splatLoad } = float;
  const room = mostSteps(float, vectors);
  return {
    name: 'sparseProduct',
    params: [...SPARSE_PRODUCT.map(() => 'i32' as const), ...finish.params],
    body: (local, params) => {
      const [out, a, b, m, n, k, last, firstRow, endRow] = params as Local[];
      const [block, depth, lists, ends, masks, partial, ...check] = params.slice(9) as Local[];
      const names = ['first', 'end', 'row', 'entry', 'source', 'column', 'start', 'target', 'stop', 'list'];
      const [first, end, row, entry, source, column, start, target, stop, list] = names.map(() =>
        local('i32'),
      ) as Local[];
      const [from, to, waiting] = [local('i32'), local('i32'), local('i32')];
      const sums = Array.from({ length: vectors }, () => local('v128'));
      const splat = local('v128');
      const finished = finish.code(local, params.slice(SPARSE_PRODUCT.length), n!);

      const bytesOf = (elements: Operand) => op('i32.mul', elements, bytes);
      const condensing: Condensing = {
        ...{ a: a!, m: m!, k: k!, first: first!, end: end!, from, to, room },
        ...{ rowBytes: bytesOf(n!), lists: lists!, ends: ends!, masks: masks! },
      };
      const condense = (transposeA ? condenseColumns : condenseRows)(float, local, condensing);
      const addEntry: Code = [
        set(splat, load(splatLoad, entry!)),
        set(source!, op('i32.add', target!, load('i32.load', entry!, roomBytes(room, bytes)))),
        sums.map((sum, j) => set(sum, multiplyAdd(float, sum, splat, load('v128.load', source!, 16 * j)))),
        increase(entry!, bytes),
      ];
      const isLast = op('i32.eqz', op('i32.lt_u', to, k!));
      const multiplyRow: Code = [
        set(entry!, list!),
        set(stop!, load('i32.load', endOf(condensing, row!))),
        set(target!, op('i32.add', b!, bytesOf(start!))),
        sums.map((sum) => set(sum, vector128(0, 0, 0, 0))),
        when(
          get(from),
          sums.map((sum, j) => set(sum, load('v128.load', waiting, 16 * j))),
        ),
        loopWhile(op('i32.lt_u', entry!, stop!), addEntry),
        when(
          op('i32.lt_u', to, k!),
          sums.map((sum, j) => store('v128.store', waiting, sum, 16 * j)),
        ),
        when(isLast, [
          sums.map((sum, j) => finished({ sum, row: row!, column: start!, at: 16 * j })),
          set(target!, op('i32.add', out!, bytesOf(op('i32.add', op('i32.mul', row!, n!), start!)))),
          sums.map((sum, j) => store('v128.store', target!, sum, 16 * j)),
        ]),
        increase(waiting, 16 * vectors),
        increase(list!, listBytes(room, float)),
      ];
      return [
        checkFinite(float, local, check as [Local, Local, Local]),
        loop(first!, firstRow!, endRow!, block!, [
          set(end!, op('i32.add', first!, block!)),
          set(end!, minimum(end!, endRow!)),
          loop(from, 0, k!, depth!, [
            set(to, op('i32.add', from, depth!)),
            set(to, minimum(to, k!)),
            condense,
            set(waiting, partial!),
            loop(column!, 0, n!, vectors * lanes, [
              set(start!, minimum(column!, last!)),
              set(list!, lists!),
              loop(row!, first!, end!, 1, multiplyRow),
            ]),
          ]),
        ]),
      ];
    },
  } as const satisfies FunctionSpec;
}

/** Sets a word if an element is not finite: x - x is 0 for a finite x and NaN for others. */
function checkFinite(
  { bytes, vector, splatLoad }: Float,
  local: Allocate,
  [checked, end, verdict]: [Local, Local, Local],
): Code {
  const [found, x] = [local('v128'), local('v128')];
  const look = (at: Code): Code => [set(x, at), set(found, op('v128.or', found, op(`${vector}.sub`, x, x)))];
  return [
    loopWhile(op('i32.lt_u', op('i32.add', checked, 15), end), [
      look(load('v128.load', checked)),
      increase(checked, 16),
    ]),
    loopWhile(op('i32.lt_u', checked, end), [look(load(splatLoad, checked)), increase(checked, bytes)]),
    when(op('v128.any_true', found), store('i32.store', verdict, 1)),
  ];
}

/** Less work than this is done before the zeros are counted; a narrower product has no tile. */
const LEAST = { multiplications: 1 << 19, vectors: 4 };

/** Elements that are looked at to guess how many are zero. */
const SAMPLES = 150;

/** Whether so many elements are probably zero that skipping them pays; all bits are the same either way. */
function isMostlyZero(a: FloatArray): boolean {
  let zeros = 0;
  for (let i = 0; i < SAMPLES; i++) {
    // Multiples of the golden ratio spread evenly whatever the shape.
    if (a[Math.floor(((i * 0.6180339887498949) % 1) * a.length)] === 0) zeros++;
  }
  return zeros > 0.55 * SAMPLES;
}

/** Nanoseconds that a multiplication and an addition take, zeros included, roughly. */
const STEP = { 4: 0.012, 8: 0.024 } as const;

/** Fewer rows in one part use what they load into the cache too seldom. */
const LEAST_ROWS = 24;

/** Lists of entries should stay in the L2 cache, where a fifth of them is used. */
const BLOCK_BYTES = 1 << 20;

/** The plan of a product that skips zeros, where that pays. */
export function sparsePlan(float: Float, a: FloatArray, sizes: Sizes): Plan | undefined {
  const { m, n, k, transposeA = false, transposeB = false } = sizes;
  const { bytes, lanes } = float;
  if (transposeB || m * n * k < LEAST.multiplications || n < LEAST.vectors * lanes) return undefined;
  if (!isMostlyZero(a)) return undefined;
  const vectors = vectorsOf(float, n);
  const most = mostSteps(float, vectors);
  const depth = roundUp(Math.ceil(k / Math.ceil(k / most)), lanes);
  const list = listBytes(most, float);
  const rows = Math.max(1, Math.floor(BLOCK_BYTES / list / lanes)) * lanes;
  const cuts = parts(m, lanes, m * n * k * STEP[bytes], LEAST_ROWS);
  const block = Math.min(rows, roundUp(m, lanes));
  const waiting = depth < k ? Math.ceil(n / (vectors * lanes)) * block * vectors * 16 : 0;
  // Ends are written for whole vectors of rows.
  const rooms = [block * list, (block + lanes) * 4, waiting].map((size) => roundUp(size, 64));
  const own = rooms[0]! + rooms[1]! + rooms[2]!;
  return {
    scratch: 64 + own * cuts.length,
    width: n,
    padsB: 0,
    kernel: (finish) =>
      kernelOf(`sparse ${relaxed()} ${float.name} ${vectors} ${transposeA} ${finish.key}`, () =>
        instantiate([sparseProduct(float, vectors, transposeA, finish)], finish.graph.imports),
      ).sparseProduct,
    rows: ({ out, a, b, scratch }) => {
      verdictAt(scratch)[0] = 0;
      const share = roundUp(Math.ceil((k * n) / cuts.length), lanes);
      return cuts.map(([firstRow, endRow], at) => {
        const lists = scratch + 64 + at * own;
        const ends = lists + rooms[0]!;
        const checked = [at * share, (at + 1) * share].map((from) => b + Math.min(from, k * n) * bytes);
        const part = [
          n - vectors * lanes,
          firstRow,
          endRow,
          Math.min(block, roundUp(endRow - firstRow, lanes)),
        ];
        return [
          out,
          a,
          b,
          m,
          n,
          k,
          ...part,
          depth,
          lists,
          ends,
          frontMasks(float),
          ends + rooms[1]!,
          ...checked,
          scratch,
        ];
      });
    },
    holds: ({ scratch }) => verdictAt(scratch)[0] === 0,
  };
}

const roundUp = (x: number, unit: number) => Math.ceil(x / unit) * unit;

/** The word in which parts say that `b` is not finite. */
const verdictAt = (scratch: number) => new Int32Array(memory().buffer, scratch, 1);
