// Dense matrix products in the manner of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication"
// (2008): `b`, and `a` if it is transposed, are packed into panels for a register tile. At a ragged edge the last tile
// moves back to lie inside, or repeats its last row: it computes some elements again, to the same bits.

import {
  type Code,
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
} from './assembler.ts';
import type { Float } from './dtype.ts';
import type { Finish } from './epilogue.ts';
import { instantiate } from './memory.ts';
import { packContiguous, packingOvershoot, packStrided } from './packing.ts';
import { kernelOf, type Plan, type Sizes } from './plan.ts';
import { multiplyAdd, relaxed } from './relaxed.ts';
import { parts } from './threads.ts';

/** Rows and columns of the register tile: 8 accumulators leave room for operands in 16 vector registers. */
const ROWS = 4;
const VECTORS = 2;
const columnsOf = (float: Float): number => VECTORS * float.lanes;

/** Steps over k that one round of the innermost loop makes. */
const UNROLL = 8;

interface Transposes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The parameters of `product`, in order: addresses, then sizes and the part to compute in elements. */
const PRODUCT = [
  ...['out', 'a', 'b', 'packedA', 'packedB', 'm', 'n', 'k'],
  /** Length of the rows of `out`. */
  'width',
  /** The last column where a tile may begin. */
  'last',
  ...['firstRow', 'endRow', 'firstColumn', 'endColumn'],
  /** Columns of `b` that are packed at a time, and rows of `a` that should stay in the L2 cache. */
  ...['group', 'block'],
] as const;

/** Computes the rows and columns of one part of the product. */
function product(float: Float, { transposeA, transposeB }: Transposes, finish: Finish) {
  const { bytes, splatLoad } = float;
  const columns = columnsOf(float);
  return {
    name: 'product',
    params: [...PRODUCT.map(() => 'i32' as const), ...finish.params],
    body: (local, params) => {
      const [out, a, b, packedA, packedB, m, n, k, width, last] = params as Local[];
      const [firstRow, endRow, firstColumn, endColumn, group, block] = params.slice(10) as Local[];
      const names = ['to', 'chunk', 'chunkEnd', 'rows', 'rowsEnd', 'panel', 'column', 'start', 'row', 'from'];
      const [to, chunk, chunkEnd, rows, rowsEnd, panel, column, start, row, from] = names.map(() =>
        local('i32'),
      ) as Local[];
      const [lastRow, unrolledEnd, end, target] = ['', '', '', ''].map(() => local('i32')) as Local[];
      const splat = local('v128');
      const panelOfB = Array.from({ length: VECTORS }, () => local('v128'));
      const tile = Array.from({ length: ROWS }, () => panelOfB.map(() => local('v128')));
      const pointers = (transposeA ? ['all'] : tile).map(() => local('i32'));
      const finished = finish.code(local, params.slice(PRODUCT.length), n!);

      const bytesOf = (elements: Operand) => op('i32.mul', elements, bytes);
      const stride = (transposeA ? ROWS : 1) * bytes;
      const rowOfTile = (index: number) => op('i32.add', row!, index);
      const step = (index: number): Code => [
        panelOfB.map((v, j) => set(v, load('v128.load', from!, index * columns * bytes + 16 * j))),
        tile.map((sums, i) => [
          set(
            splat,
            load(splatLoad, pointers[i] ?? pointers[0]!, index * stride + (transposeA ? i * bytes : 0)),
          ),
          sums.map((sum, j) => set(sum, multiplyAdd(float, sum, splat, panelOfB[j]!))),
        ]),
      ];
      const stepsUntil = (limit: Local, count: number): Code =>
        loopWhile(op('i32.lt_u', pointers[0]!, limit), [
          Array.from({ length: count }, (_, index) => step(index)),
          pointers.map((pointer) => increase(pointer, count * stride)),
          increase(from!, count * columns * bytes),
        ]);
      const rowAddress = (base: Local, index: Operand) =>
        op('i32.add', base, op('i32.mul', index, bytesOf(k!)));
      const tileProduct: Code = [
        pointers.map((pointer, i) =>
          set(
            pointer,
            transposeA ? rowAddress(packedA!, rowOfTile(0)) : rowAddress(a!, minimum(rowOfTile(i), lastRow!)),
          ),
        ),
        set(from!, panel!),
        set(end!, op('i32.add', pointers[0]!, op('i32.mul', k!, stride))),
        set(unrolledEnd!, op('i32.add', pointers[0]!, op('i32.mul', op('i32.and', k!, -UNROLL), stride))),
        tile.flat().map((sum) => set(sum, vector128(0, 0, 0, 0))),
        stepsUntil(unrolledEnd!, UNROLL),
        stepsUntil(end!, 1),
        // From the last row on, so that what is beyond the matrix is overwritten by its last row.
        tile
          .toReversed()
          .map((sums, fromLast) => [
            set(rows!, minimum(rowOfTile(ROWS - 1 - fromLast), lastRow!)),
            sums.map((sum, j) => finished({ sum, row: rows!, column: start!, at: 16 * j })),
            set(target!, op('i32.add', out!, bytesOf(op('i32.add', op('i32.mul', rows!, width!), start!)))),
            sums.map((sum, j) => store('v128.store', target!, sum, 16 * j)),
          ]),
      ];

      const packed = { to: to!, from: b!, width: columns, first: chunk!, end: chunkEnd!, last: last!, k: k! };
      const rowsOfA = {
        to: to!,
        from: a!,
        width: ROWS,
        first: firstRow!,
        end: endRow!,
        last: lastRow!,
        k: k!,
      };
      const blockStart = local('i32');
      return [
        set(lastRow!, op('i32.sub', m!, 1)),
        transposeA
          ? [set(to!, rowAddress(packedA!, firstRow!)), packContiguous(float, local, rowsOfA, m!)]
          : [],
        loop(chunk!, firstColumn!, endColumn!, group!, [
          set(chunkEnd!, op('i32.add', chunk!, group!)),
          set(chunkEnd!, minimum(chunkEnd!, endColumn!)),
          set(to!, packedB!),
          transposeB ? packStrided(float, local, packed) : packContiguous(float, local, packed, n!),
          loop(blockStart, firstRow!, endRow!, block!, [
            set(rowsEnd!, op('i32.add', blockStart, block!)),
            set(rowsEnd!, minimum(rowsEnd!, endRow!)),
            set(panel!, packedB!),
            loop(column!, chunk!, chunkEnd!, columns, [
              set(start!, minimum(column!, last!)),
              loop(row!, blockStart, rowsEnd!, ROWS, tileProduct),
              increase(panel!, op('i32.mul', k!, columns * bytes)),
            ]),
          ]),
        ]),
      ];
    },
  } as const satisfies FunctionSpec;
}

/** Nanoseconds that a multiplication and an addition take, roughly. */
const STEP = { 4: 0.04, 8: 0.08 } as const;

/** Rows of `a` that are multiplied with one panel of `b` before the next should stay in the L2 cache. */
const BLOCK_BYTES = 1 << 18;

/** Panels of `b` that are packed at a time should stay near, too. */
const GROUP_BYTES = 1 << 20;

const roundUp = (x: number, unit: number) => Math.ceil(x / unit) * unit;

/** The plan of a product that multiplies every element. */
export function densePlan(float: Float, sizes: Sizes): Plan {
  const { m, n, k, transposeA = false, transposeB = false } = sizes;
  const columns = columnsOf(float);
  const bytesOfColumn = Math.max(1, k * float.bytes);
  const work = m * n * k * STEP[float.bytes];
  // A part of the rows packs all of b, so columns are cut unless a is packed as well.
  const byColumns = transposeA ? [] : parts(n, columns, work);
  const cuts =
    byColumns.length > 1
      ? byColumns.map(([from, to]) => [0, m, from, to] as const)
      : parts(m, ROWS, work).map(([from, to]) => [from, to, 0, n] as const);
  const [, , from, to] = cuts[0]!; // the others are as wide, or less
  const widest = to - from;
  const group = Math.min(roundUp(widest, columns), roundUp(Math.ceil(GROUP_BYTES / bytesOfColumn), columns));
  const block = roundUp(Math.ceil(BLOCK_BYTES / bytesOfColumn), ROWS);
  const packedA = transposeA ? roundUp(roundUp(m, ROWS) * bytesOfColumn, 64) : 0;
  const packedB = roundUp(group * bytesOfColumn + packingOvershoot(float, columns), 64);
  const width = Math.max(n, columns);
  return {
    scratch: packedA + packedB * cuts.length,
    width,
    padsB: transposeB && n < columns ? (columns - n) * bytesOfColumn : 0,
    kernel: (finish) =>
      kernelOf(`dense ${relaxed()} ${float.name} ${transposeA} ${transposeB} ${finish.key}`, () =>
        instantiate([product(float, { transposeA, transposeB }, finish)], finish.graph.imports),
      ).product,
    rows: ({ out, a, b, scratch }) =>
      cuts.map((cut, at) => {
        const own = scratch + packedA + at * packedB;
        return [out, a, b, scratch, own, m, n, k, width, width - columns, ...cut, group, block];
      }),
  };
}
