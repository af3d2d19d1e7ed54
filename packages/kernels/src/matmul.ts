// Matrix product in the manner of Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008):
// both operands are packed into panels that a register tile reads in order, so that a transposed or ragged operand
// costs no more than a plain one. Each element sums over k in ascending order: its bits depend on the shape alone.

import {
  type Code,
  type FunctionSpec,
  increase,
  type Local,
  load,
  loop,
  loopWhile,
  type Operand,
  op,
  select,
  set,
  shuffle,
  store,
  vector128,
} from './assembler.ts';
import { expectLength, type Float, type FloatArray, type FloatName, floatOf } from './dtype.ts';
import { layout, view } from './heap.ts';
import { instantiate } from './memory.ts';

/** Rows and columns of the register tile: 8 accumulators leave room for operands in 16 vector registers. */
const ROWS = 4;
const VECTORS = 2;
const roundUp = (x: number, unit: number) => Math.ceil(x / unit) * unit;
const columnsOf = (float: Float) => VECTORS * float.lanes;

/** Steps over k that one round of the innermost loop makes. */
const UNROLL = 8;

/** The panels of `a` that are multiplied with one panel of `b` before the next should stay in the L2 cache. */
const BLOCK_BYTES = 1 << 18;

export interface MatmulSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** `a` holds its transpose: k × m instead of m × k. */
  readonly transposeA?: boolean;
  /** `b` holds its transpose: n × k instead of k × n. */
  readonly transposeB?: boolean;
}

/**
 * Writes the m × n product of `a` (m × k) and `b` (k × n) to `out`; all are row-major.
 *
 * @example
 * import { matmul } from '@leibniz/kernels';
 * const a = Float64Array.of(1, 2, 3, 4);
 * const b = Float64Array.of(5, 6, 7, 8);
 * matmul(new Float64Array(4), a, b, { m: 2, n: 2, k: 2 }); // => Float64Array(4) [ 19, 22, 43, 50 ]
 */
export function matmul<A extends FloatArray>(out: A, a: A, b: A, sizes: MatmulSizes): A {
  const { m, n, k, transposeA = false, transposeB = false } = sizes;
  const float = floatOf('matmul', out, a, b);
  expectLength(`matmul on a (${m} × ${k})`, a, m * k);
  expectLength(`matmul on b (${k} × ${n})`, b, k * n);
  expectLength(`matmul into out (${m} × ${n})`, out, m * n);
  if (m * n === 0) return out;
  const columns = columnsOf(float);
  const [paddedM, paddedN] = [roundUp(m, ROWS), roundUp(n, columns)];
  const overshoot = float.lanes * columns;
  const [source, packedA, packedB, tiles] = layout(
    float.bytes * (Math.max(paddedM * k, k * paddedN) + overshoot),
    float.bytes * (paddedM * k + overshoot),
    float.bytes * (k * paddedN + overshoot),
    float.bytes * paddedM * paddedN,
  ) as [number, number, number, number];
  const kernel = kernelsOf(float);
  view(a, source, a.length).set(a);
  kernel[transposeA ? 'packRowsOfTranspose' : 'packRows'](packedA, source, m, k);
  view(b, source, b.length).set(b);
  kernel[transposeB ? 'packColumnsOfTranspose' : 'packColumns'](packedB, source, n, k);
  kernel.multiply(
    tiles,
    packedA,
    packedB,
    paddedM,
    paddedN,
    k,
    roundUp(BLOCK_BYTES / (k * float.bytes + 1), ROWS),
  );
  if (n < paddedN) kernel.trim(tiles, m, n, paddedN);
  out.set(view(out, tiles, out.length));
  return out;
}

type Kernels = ReturnType<typeof compile>;
const compiled: { [K in FloatName]?: Kernels } = {};
const kernelsOf = (float: Float): Kernels => (compiled[float.name] ??= compile(float));

function compile(float: Float) {
  const columns = columnsOf(float);
  return instantiate([
    packStrided('packRows', float, ROWS),
    packContiguous('packRowsOfTranspose', float, ROWS),
    packContiguous('packColumns', float, columns),
    packStrided('packColumnsOfTranspose', float, columns),
    multiply(float),
    trim(float),
  ]);
}

/**
 * Packs `count` columns of a k × count matrix into panels of `width` columns: panel[step][column].
 * The last panel takes along what follows the row; it only reaches tiles that are cut off.
 */
function packContiguous<N extends string>(name: N, { bytes }: Float, width: number) {
  return {
    name,
    params: ['i32', 'i32', 'i32', 'i32'],
    body: (local, [to, from, count, k]) => {
      const [column, step, source] = [local('i32'), local('i32'), local('i32')];
      const offsets = Array.from({ length: (width * bytes) / 16 }, (_, v) => 16 * v);
      const copyStep = [
        offsets.map((at) => store('v128.store', to!, load('v128.load', source, at), at)),
        increase(to!, width * bytes),
        increase(source, op('i32.mul', count!, bytes)),
      ];
      return loop(column, 0, count!, width, [
        set(source, op('i32.add', from!, op('i32.mul', column, bytes))),
        loop(step, 0, k!, 1, copyStep),
      ]);
    },
  } as const satisfies FunctionSpec;
}

/**
 * The same for a matrix stored as its transpose, count × k: squares of as many rows as a vector has lanes are
 * transposed in registers. What a square writes past the last step, the next panel overwrites.
 */
function packStrided<N extends string>(name: N, float: Float, width: number) {
  const { bytes, lanes } = float;
  return {
    name,
    params: ['i32', 'i32', 'i32', 'i32'],
    body: (local, [to, from, count, k]) => {
      const [column, step, source] = [local('i32'), local('i32'), local('i32')];
      const rows = Array.from({ length: lanes }, () => local('v128'));
      const address = local('i32');
      const square = (first: number): Code => [
        rows.map((row) => [
          set(row, load('v128.load', address)),
          increase(address, op('i32.mul', k!, bytes)),
        ]),
        transposed(float, rows).map((value, at) =>
          store('v128.store', to!, value, (at * width + first) * bytes),
        ),
      ];
      const squares = Array.from({ length: width / lanes }, (_, index) => square(index * lanes));
      return loop(column, 0, count!, width, [
        set(source, op('i32.add', from!, op('i32.mul', op('i32.mul', column, k!), bytes))),
        loop(step, 0, k!, lanes, [
          set(address, op('i32.add', source, op('i32.mul', step, bytes))),
          squares,
          increase(to!, lanes * width * bytes),
        ]),
        // The last square may have overshot: k is not always a multiple of its size.
        set(to!, op('i32.sub', to!, op('i32.mul', op('i32.sub', step, k!), width * bytes))),
      ]);
    },
  } as const satisfies FunctionSpec;
}

/** The columns of a square that lies in one vector per row. */
function transposed({ bytes, lanes }: Float, rows: readonly Local[]): Code[] {
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

/** Multiplies packed panels: for each block of rows, each panel of columns, each panel of rows, one register tile. */
function multiply(float: Float) {
  const { bytes, vector, splatLoad } = float;
  const columns = columnsOf(float);
  return {
    name: 'multiply',
    params: ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'],
    body: (local, [out, packedA, packedB, rows, cols, k, blockRows]) => {
      const [block, column, row, limit] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const [a, b, target] = [local('i32'), local('i32'), local('i32')];
      const [unrolled, whole] = [local('i32'), local('i32')];
      const splat = local('v128');
      const panelOfB = Array.from({ length: VECTORS }, () => local('v128'));
      const tile = Array.from({ length: ROWS }, () => panelOfB.map(() => local('v128')));

      const step = (index: number): Code => [
        panelOfB.map((v, j) => set(v, load('v128.load', b, index * columns * bytes + 16 * j))),
        tile.map((sums, i) => [
          set(splat, load(splatLoad, a, (index * ROWS + i) * bytes)),
          sums.map((sum, j) => set(sum, op(`${vector}.add`, sum, op(`${vector}.mul`, splat, panelOfB[j]!)))),
        ]),
      ];
      const stepsUntil = (end: Local, count: number): Code =>
        loopWhile(op('i32.lt_u', a, end), [
          Array.from({ length: count }, (_, index) => step(index)),
          increase(a, count * ROWS * bytes),
          increase(b, count * columns * bytes),
        ]);
      const bytesOf = (elements: Operand) => op('i32.mul', elements, bytes);
      const panel = (packed: Local, first: Local) => op('i32.add', packed, bytesOf(op('i32.mul', first, k!)));
      const tileProduct: Code = [
        set(a, panel(packedA!, row)),
        set(b, panel(packedB!, column)),
        set(whole, op('i32.add', a, op('i32.mul', k!, ROWS * bytes))),
        set(unrolled, op('i32.add', a, op('i32.mul', op('i32.and', k!, -UNROLL), ROWS * bytes))),
        tile.flat().map((sum) => set(sum, vector128(0, 0, 0, 0))),
        stepsUntil(unrolled, UNROLL),
        stepsUntil(whole, 1),
        set(target, op('i32.add', out!, bytesOf(op('i32.add', op('i32.mul', row, cols!), column)))),
        tile.map((sums) => [
          sums.map((sum, j) => store('v128.store', target, sum, 16 * j)),
          increase(target, bytesOf(cols!)),
        ]),
      ];
      return loop(block, 0, rows!, blockRows!, [
        set(limit, op('i32.add', block, blockRows!)),
        set(limit, select(op('i32.lt_u', limit, rows!), limit, rows!)),
        loop(column, 0, cols!, columns, loop(row, block, limit, ROWS, tileProduct)),
      ]);
    },
  } as const satisfies FunctionSpec;
}

/** Moves rows of `padded` elements together to rows of `n`, first to last, so that none is overwritten unread. */
function trim({ bytes }: Float) {
  return {
    name: 'trim',
    params: ['i32', 'i32', 'i32', 'i32'],
    body: (local, [rows, m, n, padded]) => {
      const [row, at, to, from] = [local('i32'), local('i32'), local('i32'), local('i32')];
      const address = (base: Local) => op('i32.add', base, at);
      return [
        set(to, rows!),
        set(from, rows!),
        loop(row, 0, m!, 1, [
          loop(
            at,
            0,
            op('i32.mul', n!, bytes),
            16,
            store('v128.store', address(to), load('v128.load', address(from))),
          ),
          increase(to, op('i32.mul', n!, bytes)),
          increase(from, op('i32.mul', padded!, bytes)),
        ]),
      ];
    },
  } as const satisfies FunctionSpec;
}
