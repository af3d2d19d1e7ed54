import { expectLength, type Float, type FloatArray, floatOf } from './dtype.ts';
import { type Epilogue, type Finish, finishOf, inputKind, NOTHING } from './epilogue.ts';
import { addressOf, layout, view } from './heap.ts';
import { instantiate, type Kernel } from './memory.ts';
import { overlap } from './overlap.ts';
import { packingOvershoot } from './packing.ts';
import { columnsOf, product, ROWS } from './product.ts';
import { fork, parts } from './threads.ts';

export interface MatmulSizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** `a` holds its transpose: k × m instead of m × k. */
  readonly transposeA?: boolean;
  /** `b` holds its transpose: n × k instead of k × n. */
  readonly transposeB?: boolean;
  /** What to store instead of the elements of the product themselves. */
  readonly epilogue?: Epilogue;
}

/**
 * Writes the m × n product of `a` (m × k) and `b` (k × n) to `out`; all are row-major. Each element sums over k in
 * ascending order from +0, each step rounded, so its bits depend on its row and its column alone.
 *
 * @throws KernelError if an array has another length or type than the sizes ask for.
 * @example
 * import { matmul } from '@leibniz/kernels';
 * const a = Float64Array.of(1, 2, 3, 4);
 * const b = Float64Array.of(5, 6, 7, 8);
 * matmul(new Float64Array(4), a, b, { m: 2, n: 2, k: 2 }); // => Float64Array(4) [ 19, 22, 43, 50 ]
 *
 * const bias = Float64Array.of(-30, 1);
 * const reluOfSum = { formula: ($, x, b) => $.relu($.add(x, b)), inputs: [bias] };
 * matmul(new Float64Array(4), a, b, { m: 2, n: 2, k: 2, epilogue: reluOfSum });
 * // => Float64Array(4) [ 0, 23, 13, 51 ]
 */
export function matmul<A extends FloatArray>(out: A, a: A, b: A, sizes: MatmulSizes): A {
  const { m, n, k, epilogue } = sizes;
  const inputs = epilogue?.inputs ?? [];
  const arrays = inputs.filter((input) => typeof input !== 'number');
  const float = floatOf('matmul', out, a, b, ...arrays);
  expectLength(`matmul on a (${m} × ${k})`, a, m * k);
  expectLength(`matmul on b (${k} × ${n})`, b, k * n);
  expectLength(`matmul into out (${m} × ${n})`, out, m * n);
  const kinds = inputs.map((input) => inputKind(input, m, n));
  if (m * n === 0) return out;
  const finish = epilogue ? finishOf(float, epilogue.formula, kinds) : NOTHING;
  const plan = planOf(float, sizes);
  const operands = [a, b, ...arrays];
  const isInPlace =
    addressOf(out) !== undefined && plan.width === n && !operands.some((operand) => overlap(out, operand));
  const copied = operands.map((operand) => addressOf(operand) === undefined || (operand === b && plan.padsB));
  const [packedA, packedB, product, ...copies] = layout(
    plan.packedA,
    plan.packedB * plan.cuts.length,
    isInPlace ? 0 : float.bytes * m * plan.width,
    ...operands.map((operand, at) =>
      copied[at] ? operand.byteLength + (operand === b ? plan.padsB : 0) : 0,
    ),
  ) as [number, number, number, ...number[]];
  const places = operands.map((operand, at) => {
    if (!copied[at]) return addressOf(operand)!;
    view(operand, copies[at]!, operand.length).set(operand);
    return copies[at]!;
  });
  const target = isInPlace ? addressOf(out)! : product;
  const [left, right, ...rest] = places as [number, number, ...number[]];
  const further = inputs.map((input) => (typeof input === 'number' ? input : rest.shift()!));
  const rows = plan.cuts.map(([firstRow, endRow, firstColumn, endColumn], at) => [
    ...[target, left, right, packedA, packedB + at * plan.packedB, m, n, k, plan.width, plan.last],
    ...[firstRow, endRow, firstColumn, endColumn, plan.group, plan.block],
    ...further,
  ]);
  fork(kernelOf(float, sizes, finish), rows);
  if (!isInPlace) copyRows(out, view(out, target, m * plan.width), n);
  return out;
}

/** Nanoseconds that a multiplication and an addition take, roughly. */
const STEP = { 4: 0.04, 8: 0.08 } as const;

/** Rows of `a` that are multiplied with one panel of `b` before the next should stay in the L2 cache. */
const BLOCK_BYTES = 1 << 18;

/** Panels of `b` that are packed at a time should, too, or at least stay in the L3 cache. */
const GROUP_BYTES = 1 << 20;

/** How to cut a product into parts, and the room that these need. */
function planOf(float: Float, { m, n, k, transposeA = false, transposeB = false }: MatmulSizes) {
  const columns = columnsOf(float);
  const bytesOfColumn = Math.max(1, k * float.bytes);
  const work = m * n * k * STEP[float.bytes];
  const byColumns = transposeA ? [] : parts(n, columns, work);
  // A part of the rows packs all of b: columns are cut first, where a need not be packed.
  const cuts =
    byColumns.length > 1
      ? byColumns.map(([from, to]) => [0, m, from, to] as const)
      : parts(m, ROWS, work).map(([from, to]) => [from, to, 0, n] as const);
  const widest = Math.max(...cuts.map(([, , from, to]) => to - from));
  const whole = roundUp(widest, columns);
  const group = Math.min(whole, roundUp(Math.ceil(GROUP_BYTES / bytesOfColumn), columns));
  const align = (bytes: number) => roundUp(bytes, 64);
  return {
    cuts,
    group,
    block: roundUp(Math.ceil(BLOCK_BYTES / bytesOfColumn), ROWS),
    /** A product narrower than a tile is made as wide as one. */
    width: Math.max(n, columns),
    last: Math.max(n - columns, 0),
    /** Bytes that reading whole panels asks for beyond `b`. */
    padsB: transposeB && n < columns ? (columns - n) * bytesOfColumn : 0,
    packedA: transposeA ? align(roundUp(m, ROWS) * bytesOfColumn) : 0,
    packedB: align(group * bytesOfColumn + packingOvershoot(float, columns)),
  };
}

const roundUp = (x: number, unit: number) => Math.ceil(x / unit) * unit;

/** Copies the first `n` columns of a matrix to another that has no more. */
function copyRows<A extends FloatArray>(out: A, wide: A, n: number): void {
  const width = (wide.length / out.length) * n;
  if (width === n) out.set(wide);
  else for (let i = 0; i < out.length; i++) out[i] = wide[Math.floor(i / n) * width + (i % n)]!;
}

const compiled = new Map<string, Kernel>();

function kernelOf(float: Float, sizes: MatmulSizes, finish: Finish): Kernel {
  const { transposeA = false, transposeB = false } = sizes;
  const key = `${float.name} ${transposeA} ${transposeB} ${finish.key}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const kernels = instantiate([product(float, { transposeA, transposeB }, finish)], finish.graph.imports);
  compiled.set(key, kernels.product);
  return kernels.product;
}
