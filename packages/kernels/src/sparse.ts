// Products that skip the zeros of `a`, to the same bits as the dense ones. A sum that starts at +0 is never -0: adding
// ±0 to it changes nothing, and products with ±0 are ±0 as long as `b` is finite. So only the order of the other terms
// counts, which is the same. Rows of `a` are first condensed to lists of entries: where the row of `b` lies, and the value.

import {
  type Code,
  double,
  type FunctionSpec,
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
import type { Float, FloatArray } from './dtype.ts';
import type { Finish } from './epilogue.ts';
import { instantiate, memory } from './memory.ts';
import { kernelOf, type Plan, type Sizes } from './plan.ts';
import { parts } from './threads.ts';

/** Bytes of an entry: an offset and a value, each as wide as the type. */
const entryBytes = ({ bytes }: Float): number => 2 * bytes;

/** The parameters of `sparseProduct`, in order. */
const SPARSE_PRODUCT = [
  ...['out', 'a', 'b', 'entries', 'ends', 'm', 'n', 'k'],
  /** The last column where a tile may begin. */
  'last',
  ...['firstRow', 'endRow'],
  /** Rows that are condensed at a time. */
  'block',
] as const;

/** Vectors of one row of the product that are summed at a time: as wide as leaves least to compute twice. */
function vectorsOf({ lanes }: Float, n: number): number {
  const cost = (vectors: number) => Math.ceil(n / (vectors * lanes)) * (vectors + 1.5);
  const fitting = [12, 11, 10, 9, 8, 7, 6, 5, 4].filter((each) => each * lanes <= n);
  return fitting.reduce((best, each) => (cost(each) < cost(best) ? each : best), 4);
}

/** Computes some rows of the product of an `a` full of zeros with a finite `b`, which is not transposed. */
function sparseProduct(float: Float, vectors: number, transposeA: boolean, finish: Finish) {
  const { bytes, lanes, lane, vector, splatLoad } = float;
  const size = entryBytes(float);
  return {
    name: 'sparseProduct',
    params: [...SPARSE_PRODUCT.map(() => 'i32' as const), ...finish.params],
    body: (local, params) => {
      const [out, a, b, entries, ends, m, n, k, last, firstRow, endRow, block] = params as Local[];
      const names = [
        'first',
        'end',
        'row',
        'step',
        'entry',
        'source',
        'offset',
        'column',
        'start',
        'target',
        'stop',
      ];
      const [first, end, row, step, entry, source, offset, column, start, target, stop] = names.map(() =>
        local('i32'),
      ) as Local[];
      const sums = Array.from({ length: vectors }, () => local('v128'));
      const splat = local('v128');
      const finished = finish.code(local, params.slice(SPARSE_PRODUCT.length), n!);

      const bytesOf = (elements: Operand) => op('i32.mul', elements, bytes);
      const inBlock = op('i32.sub', row!, first!);
      const listOf = op('i32.add', entries!, op('i32.mul', op('i32.mul', inBlock, k!), size));
      const endOf = op('i32.add', ends!, op('i32.mul', inBlock, 4));
      const zero: Code = float.bytes === 4 ? op('f32.demote_f64', double(0)) : double(0);
      /** Writes an entry, which stays if its value is not zero. */
      const append = (at: number): Code => {
        const value = load(`${lane}.load`, source!, at * bytes);
        return [
          store('i32.store', entry!, offset!),
          store(`${lane}.store`, entry!, value, bytes),
          increase(entry!, op('i32.mul', op(`${lane}.ne`, value, zero), size)),
        ];
      };
      const isAnyNonzero = op('v128.any_true', load('v128.load', source!));
      const each = (body: (at: number) => Code): Code => Array.from({ length: lanes }, (_, at) => body(at));
      const rowBytes = bytesOf(n!);

      const condenseRow: Code = [
        set(entry!, listOf),
        set(source!, op('i32.add', a!, bytesOf(op('i32.mul', row!, k!)))),
        set(offset!, 0),
        loop(step!, lanes - 1, k!, lanes, [
          when(isAnyNonzero, [
            set(stop!, offset!),
            each((at) => [append(at), increase(offset!, rowBytes)]),
            set(offset!, stop!),
          ]),
          increase(source!, 16),
          increase(offset!, op('i32.mul', rowBytes, lanes)),
        ]),
        loop(step!, op('i32.and', k!, -lanes), k!, 1, [
          append(0),
          increase(source!, bytes),
          increase(offset!, rowBytes),
        ]),
        store('i32.store', endOf, entry!),
      ];
      const condenseColumns: Code = [
        set(stop!, op('i32.add', first!, block!)),
        loop(row!, first!, stop!, 1, store('i32.store', endOf, listOf)),
        set(offset!, 0),
        loop(step!, 0, k!, 1, [
          set(source!, op('i32.add', a!, bytesOf(op('i32.add', op('i32.mul', step!, m!), first!)))),
          loop(row!, first!, end!, lanes, [
            when(isAnyNonzero, [
              set(target!, endOf),
              each((at) => [
                set(entry!, load('i32.load', target!, 4 * at)),
                append(at),
                store('i32.store', target!, entry!, 4 * at),
              ]),
            ]),
            increase(source!, 16),
          ]),
          increase(offset!, rowBytes),
        ]),
      ];
      const addEntry: Code = [
        set(splat, load(splatLoad, entry!, bytes)),
        set(source!, op('i32.add', target!, load('i32.load', entry!))),
        sums.map((sum, j) =>
          set(sum, op(`${vector}.add`, sum, op(`${vector}.mul`, splat, load('v128.load', source!, 16 * j)))),
        ),
        increase(entry!, size),
      ];
      const multiplyRow: Code = [
        set(entry!, listOf),
        set(stop!, load('i32.load', endOf)),
        set(target!, op('i32.add', b!, bytesOf(start!))),
        sums.map((sum) => set(sum, vector128(0, 0, 0, 0))),
        loopWhile(op('i32.lt_u', entry!, stop!), addEntry),
        sums.map((sum, j) => finished({ sum, row: row!, column: start!, at: 16 * j })),
        set(target!, op('i32.add', out!, bytesOf(op('i32.add', op('i32.mul', row!, n!), start!)))),
        sums.map((sum, j) => store('v128.store', target!, sum, 16 * j)),
      ];
      return loop(first!, firstRow!, endRow!, block!, [
        set(end!, op('i32.add', first!, block!)),
        set(end!, minimum(end!, endRow!)),
        transposeA ? condenseColumns : loop(row!, first!, end!, 1, condenseRow),
        loop(column!, 0, n!, vectors * lanes, [
          set(start!, minimum(column!, last!)),
          loop(row!, first!, end!, 1, multiplyRow),
        ]),
      ]);
    },
  } as const satisfies FunctionSpec;
}

/** finiteness(to, from, end): writes whether all elements are finite; x - x is 0 for a finite x and NaN for others. */
function finiteness({ vector }: Float) {
  return {
    name: 'finiteness',
    params: ['i32', 'i32', 'i32'],
    body: (local, [to, from, end]) => {
      const found = [local('v128'), local('v128')];
      const x = local('v128');
      return [
        loopWhile(op('i32.lt_u', from!, end!), [
          found.map((each, at) => [
            set(x, load('v128.load', from!, 16 * at)),
            set(each, op('v128.or', each, op(`${vector}.sub`, x, x))),
          ]),
          increase(from!, 32),
        ]),
        store('i32.store', to!, op('i32.eqz', op('v128.any_true', op('v128.or', found[0]!, found[1]!)))),
      ];
    },
  } as const satisfies FunctionSpec;
}

/** Less work than this is done before the zeros are counted; a narrower product has no tile. */
const LEAST = { multiplications: 1 << 19, vectors: 4 };

/** Elements that are looked at to guess how many are zero. */
const SAMPLES = 400;

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
const STEP = { 4: 0.015, 8: 0.03 } as const;

/** Lists of entries should stay in the L2 cache, where a fifth of them is used. */
const BLOCK_BYTES = 1 << 20;

/** The plan of a product that skips zeros, where that pays. */
export function sparsePlan(float: Float, a: FloatArray, sizes: Sizes): Plan | undefined {
  const { m, n, k, transposeA = false, transposeB = false } = sizes;
  if (transposeB || m * n * k < LEAST.multiplications || n < LEAST.vectors * float.lanes) return undefined;
  if (!isMostlyZero(a)) return undefined;
  const vectors = vectorsOf(float, n);
  const list = k * entryBytes(float);
  const most = Math.max(1, Math.floor(BLOCK_BYTES / list / float.lanes)) * float.lanes;
  const cuts = parts(m, float.lanes, m * n * k * STEP[float.bytes]);
  const block = Math.min(most, Math.ceil(m / float.lanes) * float.lanes);
  const [entries, ends] = [Math.ceil((block * list) / 64 + 1) * 64, Math.ceil((block * 4) / 64 + 1) * 64];
  return {
    scratch: (entries + ends) * cuts.length,
    width: n,
    padsB: 0,
    kernel: (finish) =>
      kernelOf(`sparse ${float.name} ${vectors} ${transposeA} ${finish.key}`, () =>
        instantiate([sparseProduct(float, vectors, transposeA, finish)], finish.graph.imports),
      ).sparseProduct,
    rows: ({ out, a, b, scratch }) =>
      cuts.map(([firstRow, endRow], at) => {
        const own = scratch + at * (entries + ends);
        return [out, a, b, own, own + entries, m, n, k, n - vectors * float.lanes, firstRow, endRow, block];
      }),
  };
}

/** Whether so many elements from an address on are finite; the answer goes through a word of scratch memory. */
export function areFinite(float: Float, address: number, length: number, scratch: number): boolean {
  const { finiteness: run } = kernelOf(`finite ${float.name}`, () => instantiate([finiteness(float)]));
  run(scratch, address, address + length * float.bytes);
  return new Int32Array(memory().buffer, scratch, 1)[0] === 1;
}
