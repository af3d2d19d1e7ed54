// Values: matrices of numbers, of balls, of whatever a carrier calculates with.

import { type Carrier, ops } from '@leibniz/ops';
import { LimitError, UnboundSymbolError, visible } from '../errors.ts';
import { nodeValue } from '../fold.ts';
import type { Expr } from '../node.ts';
import { memoise } from '../walk.ts';
import { ShapeError, type Size, type Space, show } from './shape.ts';
import { isStructure, operandsOf, type StructureName, sizeOf } from './structures.ts';

/** Elements row by row. */
export interface Dense<T> {
  readonly rows: number;
  readonly cols: number;
  readonly data: readonly T[];
}

export function dense<T>(rows: number, cols: number, at: (row: number, col: number) => T): Dense<T> {
  if (rows * cols > MAX_ELEMENTS) throw new LimitError('the elements of a matrix', MAX_ELEMENTS, rows * cols);
  const data: T[] = [];
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) data.push(at(i, j));
  return { rows, cols, data };
}

const MAX_ELEMENTS = 1 << 26;

/** An element of a matrix stretched to any shape that it fits. */
const at = <T>({ rows, cols, data }: Dense<T>, i: number, j: number): T =>
  data[(rows === 1 ? 0 : i) * cols + (cols === 1 ? 0 : j)]!;

export const stretch = <T>(a: Dense<T>, rows: number, cols: number): Dense<T> =>
  dense(rows, cols, (i, j) => at(a, i, j));

export const rowsOf = <T>({ rows, cols, data }: Dense<T>): T[][] =>
  Array.from({ length: rows }, (_, i) => data.slice(i * cols, (i + 1) * cols) as T[]);

/** A value for a symbol: a number, a column, or rows. */
export type MatrixValue = number | readonly number[] | readonly (readonly number[])[];

/** The values of symbols, and of the sizes that their shapes tell. */
export function boundValues(
  space: Space,
  bindings: Readonly<Record<string, MatrixValue>>,
): { values: Map<string, Dense<number>>; sizes: Map<string, number> } {
  const values = new Map<string, Dense<number>>();
  const sizes = new Map<string, number>();
  /** Whether a size may be so much, as far as is known; then it is known. */
  const fits = (size: Size, found: number): boolean => {
    if (typeof size === 'number') return size === found;
    const known = sizes.get(size);
    sizes.set(size, known ?? found);
    return known === undefined || known === found;
  };
  for (const [name, value] of Object.entries(bindings)) {
    const declared = space.symbols.get(name);
    if (!declared && space.sizes.has(name)) {
      if (typeof value === 'number' && Number.isInteger(value) && value > 0 && fits(name, value)) continue;
      throw new ShapeError(`Cannot bind the size ${name}: it is no whole number, or not that of the values`);
    }
    if (!declared) throw new ShapeError(`Cannot bind ${visible(name)}: it is not declared`);
    const rows =
      typeof value === 'number' ? [[value]] : value.map((row) => (typeof row === 'number' ? [row] : row));
    const matrix = { rows: rows.length, cols: rows[0]?.length ?? 0, data: rows.flat() };
    if (rows.some((row) => row.length !== matrix.cols)) {
      throw new ShapeError(`Cannot bind ${name}: its rows are of different lengths`);
    }
    if (!fits(declared.rows, matrix.rows) || !fits(declared.cols, matrix.cols)) {
      const known = [declared.rows, declared.cols].flatMap((size) =>
        typeof size === 'string' ? [` and ${size} is ${sizes.get(size)}`] : [],
      );
      throw new ShapeError(
        `Cannot bind ${name} to a ${show(matrix)} matrix: it is ${show(declared)}${known.join('')}`,
      );
    }
    values.set(name, matrix);
  }
  return { values, sizes };
}

/** The number that a size is. */
export function countOf(size: Size, sizes: ReadonlyMap<string, number>): number {
  const count = typeof size === 'number' ? size : sizes.get(size);
  if (count === undefined) throw new UnboundSymbolError(`${size}`);
  return count;
}

const scalar = <T>(value: T): Dense<T> => ({ rows: 1, cols: 1, data: [value] });

/** The carrier of matrices over that of their elements: everything element by element. */
function elementwise<T, C>($: Carrier<T, C>): Carrier<Dense<T>, Dense<C>> {
  const each =
    (operation: (...values: never[]) => unknown) =>
    (...matrices: Dense<unknown>[]) => {
      const rows = Math.max(...matrices.map((a) => a.rows));
      const cols = Math.max(...matrices.map((a) => a.cols));
      let last: { values: unknown[]; result: unknown } | undefined;
      return dense(rows, cols, (i, j) => {
        const values = matrices.map((a) => at(a, i, j));
        // Blocks of one value are worked out once.
        if (last?.values.every((value, k) => value === values[k])) return last.result;
        last = { values, result: operation(...(values as never[])) };
        return last.result;
      });
    };
  const names = [...Object.keys(ops.unary), ...Object.keys(ops.binary), 'where', ...CONDITIONS];
  const carrier: Record<string, unknown> = {
    int: (n: number) => scalar($.int(n)),
    rational: (p: number, q: number) => scalar($.rational(p, q)),
    pi: scalar($.pi),
  };
  for (const name of names) {
    const operation = $[name as keyof typeof $] as unknown as (...values: never[]) => unknown;
    carrier[name] = each((...values) => operation.apply($, values));
  }
  return carrier as unknown as Carrier<Dense<T>, Dense<C>>;
}

const CONDITIONS = ['less', 'lessEqual', 'equal', 'not', 'and', 'or'];

/** What linear algebra needs of its elements, with the largest pivot chosen by `size` where numbers have one. */
export interface Elements<T, C> {
  readonly $: Carrier<T, C>;
  readonly size?: (value: T) => number;
  /** Whether a value is 0 beyond doubt, so that it adds nothing to a product of matrices. */
  readonly isZero?: (value: T) => boolean;
}

type Structural<T> = (a: Dense<T>) => Dense<T>;

function total<T, C>($: Carrier<T, C>, values: readonly T[]): T {
  return values.length === 0 ? $.int(0) : values.reduce((a, b) => $.add(a, b));
}

const row = <T>({ cols, data }: Dense<T>, i: number): T[] => data.slice(i * cols, (i + 1) * cols) as T[];

function matmul<T, C>({ $, isZero = () => false }: Elements<T, C>, a: Dense<T>, b: Dense<T>): Dense<T> {
  const zero = $.int(0);
  const nonzero = Array.from({ length: a.rows }, (_, i) =>
    Array.from({ length: a.cols }, (_, k) => k).filter((k) => !isZero(a.data[i * a.cols + k]!)),
  );
  return dense(a.rows, b.cols, (i, j) => {
    let sum = zero;
    for (const k of nonzero[i]!) {
      const right = b.data[k * b.cols + j]!;
      if (!isZero(right)) sum = $.add(sum, $.mul(a.data[i * a.cols + k]!, right));
    }
    return sum;
  });
}

const transpose = <T>(a: Dense<T>): Dense<T> => dense(a.cols, a.rows, (i, j) => a.data[j * a.cols + i]!);

/** The determinant, and the inverse unless only that is asked for, by elimination with the largest pivot of each column. */
function eliminate<T, C>({ $, size = () => 1 }: Elements<T, C>, a: Dense<T>): { det: T; inverse: Dense<T> } {
  const n = a.rows;
  const left = Array.from({ length: n }, (_, i) => row(a, i));
  const right = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => $.int(i === j ? 1 : 0)),
  );
  let det = $.int(1);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (size(left[i]![k]!) > size(left[pivot]![k]!)) pivot = i;
    if (pivot !== k) {
      [left[k], left[pivot]] = [left[pivot]!, left[k]!];
      [right[k], right[pivot]] = [right[pivot]!, right[k]!];
      det = $.neg(det);
    }
    const head = left[k]![k]!;
    det = $.mul(det, head);
    left[k] = left[k]!.map((value) => $.div(value, head));
    right[k] = right[k]!.map((value) => $.div(value, head));
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = left[i]![k]!;
      left[i] = left[i]!.map((value, j) => $.sub(value, $.mul(factor, left[k]![j]!)));
      right[i] = right[i]!.map((value, j) => $.sub(value, $.mul(factor, right[k]![j]!)));
    }
  }
  return { det, inverse: dense(n, n, (i, j) => right[i]![j]!) };
}

function structural<T, C>(
  elements: Elements<T, C>,
): Record<Exclude<StructureName, 'matmul' | 'eye'>, Structural<T>> {
  const { $ } = elements;
  const $$ = elementwise($);
  const sums: Structural<T> = (a) => dense(a.rows, 1, (i) => total($, row(a, i)));
  const largest: Structural<T> = (a) => dense(a.rows, 1, (i) => row(a, i).reduce((x, y) => $.max(x, y)));
  /** exp of the differences to the largest, so that nothing overflows. */
  const shifted = (a: Dense<T>) => $$.exp($$.sub(a, largest(a)));
  const softmax: Structural<T> = (a) => $$.div(shifted(a), sums(shifted(a)));
  const logSumExp: Structural<T> = (a) => $$.add($$.log(sums(shifted(a))), largest(a));
  const turned =
    (of: Structural<T>): Structural<T> =>
    (a) =>
      transpose(of(transpose(a)));
  return {
    transpose,
    sum: (a) => scalar(total($, a.data)),
    sum0: turned(sums),
    sum1: sums,
    trace: (a) =>
      scalar(
        total(
          $,
          Array.from({ length: a.rows }, (_, i) => a.data[i * a.cols + i]!),
        ),
      ),
    inv: (a) => eliminate(elements, a).inverse,
    det: (a) => scalar(eliminate(elements, a).det),
    logdet: (a) => scalar($.log(eliminate(elements, a).det)),
    diag: (a) => dense(a.rows, a.rows, (i, j) => (i === j ? a.data[i]! : $.int(0))),
    diagonal: (a) => dense(a.rows, 1, (i) => a.data[i * a.cols + i]!),
    norm: (a) =>
      scalar(
        $.sqrt(
          total(
            $,
            a.data.map((value) => $.square(value)),
          ),
        ),
      ),
    softmax0: turned(softmax),
    softmax1: softmax,
    logSumExp0: turned(logSumExp),
    logSumExp1: logSumExp,
  };
}

/** The value of an expression; `sizes` are numbers for the names of sizes. */
export function evaluateMatrix<T, C>(
  elements: Elements<T, C>,
  e: Expr,
  bindings: ReadonlyMap<string, Dense<T>>,
  sizes: ReadonlyMap<string, number>,
): Dense<T> {
  const { $ } = elements;
  const $$ = elementwise($);
  const structures = structural(elements);
  const count = (size: Expr): number => countOf(sizeOf(size), sizes);
  const byName = Object.fromEntries([
    ...[...sizes].map(([name, n]) => [name, scalar($.int(n))] as const),
    ...bindings,
  ]);
  return memoise<Dense<T>>([e], (node, valueAt) => {
    if (!isStructure(node)) return nodeValue($$, node, valueAt, byName);
    if (node.name === 'eye') {
      const n = count(node.args[0]!);
      return dense(n, n, (i, j) => $.int(i === j ? 1 : 0));
    }
    const own = operandsOf(node).map(valueAt);
    const counts = node.args.slice(own.length).map(count);
    if (node.name === 'matmul') {
      const factors = own.map((value, i) => stretch(value, counts[i]!, counts[i + 1]!));
      return factors.reduce((a, b) => matmul(elements, a, b));
    }
    return structures[node.name](stretch(own[0]!, counts[0]!, counts[1]!));
  })[0]!;
}
