import { blas } from './backend.ts';
import { type Blas, multiplyByBlas } from './blas.ts';
import { expectLength, type FloatArray, floatOf } from './dtype.ts';
import { type Epilogue, finishOf, inputKind, NOTHING } from './epilogue.ts';
import { addressOf, layout, view } from './heap.ts';
import { compileMap } from './map.ts';
import { overlap } from './overlap.ts';
import type { Plan, Sizes } from './plan.ts';
import { densePlan } from './product.ts';
import { sparsePlan } from './sparse.ts';
import { fork } from './threads.ts';

export interface MatmulSizes extends Sizes {
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
  const library = blas();
  const sparse = sparsePlan(float, a, sizes);
  if (library && !sparse) return byLibrary(library, out, a, b, sizes);
  const finish = epilogue ? finishOf(float, epilogue.formula, kinds) : NOTHING;
  const dense = densePlan(float, sizes);
  const operands = [a, b, ...arrays];
  const isInPlace =
    addressOf(out) !== undefined && dense.width === n && !operands.some((operand) => overlap(out, operand));
  const rooms = operands.map((operand) => {
    const pads = operand === b ? dense.padsB : 0;
    return addressOf(operand) === undefined || pads > 0 ? operand.byteLength + pads : 0;
  });
  const [scratch, product, ...copies] = layout(
    Math.max(dense.scratch, sparse?.scratch ?? 0),
    isInPlace ? 0 : m * dense.width * float.bytes,
    ...rooms,
  ) as [number, number, ...number[]];
  const places = operands.map((operand, at) => {
    if (rooms[at] === 0) return addressOf(operand)!;
    view(operand, copies[at]!, operand.length).set(operand);
    return copies[at]!;
  });
  const [left, right, ...rest] = places as [number, number, ...number[]];
  const further = inputs.map((input) => (typeof input === 'number' ? input : rest.shift()!));
  const target = isInPlace ? addressOf(out)! : product;
  const addresses = { out: target, a: left, b: right, scratch };
  const follow = (plan: Plan): boolean => {
    fork(
      plan.kernel(finish),
      plan.rows(addresses).map((row) => [...row, ...further]),
    );
    return plan.holds?.(addresses) ?? true;
  };
  const plan = sparse && follow(sparse) ? sparse : dense;
  if (plan === dense) follow(dense);
  if (!isInPlace) copyRows(out, view(out, target, m * plan.width), n);
  return out;
}

/** The same by a BLAS, and the epilogue as a map. */
function byLibrary<A extends FloatArray>(library: Blas, out: A, a: A, b: A, sizes: MatmulSizes): A {
  const { m, n, epilogue } = sizes;
  const { formula, inputs = [] } = epilogue ?? {};
  const isApart = ![a, b, ...inputs].some((input) => typeof input !== 'number' && overlap(out, input));
  const product = isApart ? out : (out.slice() as A);
  multiplyByBlas(library, product, a, b, sizes);
  if (formula === undefined) {
    if (!isApart) out.set(product);
    return out;
  }
  const kinds = inputs.map((input) => (typeof input === 'number' ? 'scalar' : 'array'));
  const spread = inputs.map((input) =>
    typeof input === 'number' || input.length === m * n
      ? input
      : { data: input, shape: [m, n], strides: [0, 1], offset: 0 },
  );
  const map = compileMap({ dtype: floatOf('matmul', out).name, inputs: ['array', ...kinds] }, formula);
  return map(out, product, ...spread);
}

/** Copies the first `n` columns of a matrix to another that has no more. */
function copyRows<A extends FloatArray>(out: A, wide: A, n: number): void {
  const width = (wide.length / out.length) * n;
  if (width === n) out.set(wide);
  else for (let i = 0; i < out.length; i++) out[i] = wide[Math.floor(i / n) * width + (i % n)]!;
}
