// Running a kernel over the rows of arrays: where they lie if they live in the memory, else in copies of some rows.

import type { Float, FloatArray, TypedArray } from './dtype.ts';
import { addressOf, layout, view } from './heap.ts';
import type { Kernel } from './memory.ts';
import { merged, readStrided, type Strided } from './strided.ts';
import { fork, parts } from './threads.ts';

/** An array by rows: element (i, j) is `data[offset + i * stride + j * step]`. */
export interface RowArray {
  readonly data: TypedArray;
  readonly offset: number;
  readonly stride: number;
  /** 0 if the row has one value for all columns. */
  readonly step: 0 | 1;
}

export interface RowJob {
  readonly kernel: Kernel;
  readonly float: Float;
  readonly m: number;
  readonly n: number;
  /** Nanoseconds for an element, roughly. */
  readonly work: number;
  /** Whether each row is reduced, so that it cannot be cut; and the scratch memory that this takes. */
  readonly reduces?: { readonly scratch: number; readonly level: number } | undefined;
  /** What has no place by rows is read element by element, and stands in a job of one row. */
  readonly inputs: readonly (RowArray | Strided)[];
  readonly outs: readonly RowArray[];
  readonly scalars: readonly number[];
}

/** What is copied in, computed and copied out at a time stays in the L2 cache. */
const CHUNK_BYTES = 1 << 20;

/** Nanoseconds that a vector instruction takes, roughly. */
export const INSTRUCTION = 0.15;

/** Nanoseconds that a row takes besides its elements. */
const ROW = 5;

/** Parts of rows for threads begin at multiples of this many elements: at cache lines, whatever the type. */
const UNIT = 64;

/** Rows that are worth cutting as such; of fewer, each is cut if it may be. */
const MANY = 8;

/** Some rows and columns. */
interface Area {
  readonly i: number;
  readonly j: number;
  readonly m: number;
  readonly n: number;
}

/** Where element (0, 0) of an area lies, and how many bytes further the next row begins. */
interface Place {
  readonly address: number;
  readonly stride: number;
  readonly step: 0 | 1;
}

/** Nanoseconds of work that are not worth sharing among threads. */
export const SMALL = 100_000;

/** Runs jobs of one kernel, whose results are apart from all inputs of the others, in one go. */
export function runEach(jobs: readonly RowJob[]): void {
  const rows = jobs.flatMap((job) => {
    const places = [...job.inputs, ...job.outs].map((array) => placeOf(job.float, array));
    const isInPlace = !job.reduces && places.every((place) => place !== undefined);
    if (!isInPlace) runRows(job);
    return isInPlace ? rowsOf(job, cut(job, { i: 0, j: 0, m: job.m, n: job.n }), places, 0) : [];
  });
  if (rows.length > 0) fork(jobs[0]!.kernel, rows);
}

export function runRows(job: RowJob): void {
  const { m, n, inputs, outs } = job;
  const row = m * (n * job.work + ROW) < SMALL ? wholeRow(job) : undefined;
  if (row) {
    job.kernel(...row);
    return;
  }
  const arrays = [...inputs, ...outs];
  const places = arrays.map((array) => placeOf(job.float, array));
  const all = { i: 0, j: 0, m, n };
  if (places.every((place) => place !== undefined)) {
    const cuts = cut(job, all);
    const [scratch] = layout(cuts.length * (job.reduces?.scratch ?? 0)) as [number];
    fork(job.kernel, rowsOf(job, cuts, places, scratch));
  } else runInChunks(job, arrays, places);
}

/** The arguments for all in one part, without the detour by places, if all arrays live in the memory. */
function wholeRow({ float, m, n, reduces, inputs, outs, scalars }: RowJob): number[] | undefined {
  const row = [m, n * float.bytes, 0, reduces?.level ?? 0];
  for (const arrays of [inputs, outs]) {
    for (const array of arrays) {
      if (!('step' in array) || !(array.data instanceof float.array)) return undefined;
      const start = addressOf(array.data);
      if (start === undefined) return undefined;
      row.push(start + array.offset * float.bytes, array.stride * float.bytes);
    }
  }
  if (reduces) row[2] = layout(reduces.scratch)[0]!;
  row.push(...scalars);
  return row;
}

/** The place of an array that the kernel may work on where it is. */
function placeOf(float: Float, array: RowArray | Strided): Place | undefined {
  if (!('step' in array) || !(array.data instanceof float.array)) return undefined;
  const start = addressOf(array.data);
  if (start === undefined) return undefined;
  const { offset, stride, step } = array;
  return { address: start + offset * float.bytes, stride: stride * float.bytes, step };
}

/** Cuts an area in parts for threads. */
function cut({ work, reduces }: RowJob, { i, j, m, n }: Area): Area[] {
  const time = m * (n * work + ROW);
  if (m < MANY && !reduces)
    return parts(n, UNIT, time).map(([from, to]) => ({ i, j: j + from, m, n: to - from }));
  return parts(m, 1, time).map(([from, to]) => ({ i: i + from, j, m: to - from, n }));
}

/** The arguments of the kernel for each part. */
function rowsOf(
  { float, reduces, scalars }: RowJob,
  cuts: readonly Area[],
  places: readonly Place[],
  scratch: number,
): number[][] {
  return cuts.map((area, part) => {
    const row = [area.m, area.n * float.bytes, scratch + part * (reduces?.scratch ?? 0), reduces?.level ?? 0];
    for (const place of places) row.push(moved(float, place, area).address, place.stride);
    row.push(...scalars);
    return row;
  });
}

/** Copies some rows, or a part of one, in, computes them and copies the results out. */
function runInChunks(
  job: RowJob,
  arrays: readonly (RowArray | Strided)[],
  places: readonly (Place | undefined)[],
): void {
  const { float, m, n, inputs, outs, reduces } = job;
  const most = Math.max(1, Math.floor(CHUNK_BYTES / (arrays.length * float.bytes * UNIT))) * UNIT;
  const width = Math.max(1, reduces ? n : Math.min(n, most));
  const height = width < n ? 1 : Math.min(m, Math.max(1, Math.floor(most / n)));
  const size = cut(job, { i: 0, j: 0, m: height, n: width }).length * (reduces?.scratch ?? 0);
  const rooms = arrays.map((array, at) =>
    places[at] ? 0 : shapeOf(array, height, width).elements * float.bytes,
  );
  const [scratch, ...copies] = layout(size, ...rooms) as [number, ...number[]];
  for (const area of tiles(m, n, height, width)) {
    const here = arrays.map((array, at): Place => {
      const place = places[at];
      if (place) return moved(float, place, area);
      const { elements, stride, step } = shapeOf(array, area.m, area.n);
      if (at < inputs.length) readArea(view(new float.array(0), copies[at]!, elements), array, area);
      return { address: copies[at]!, stride: stride * float.bytes, step };
    });
    fork(job.kernel, rowsOf(job, cut(job, { ...area, i: 0, j: 0 }), here, scratch));
    for (const [at, out] of outs.entries()) {
      if (places[inputs.length + at]) continue;
      const { elements, step } = shapeOf(out, area.m, area.n);
      const results = view(out.data as FloatArray, copies[inputs.length + at]!, elements);
      out.data.set(results, out.offset + area.i * out.stride + area.j * step);
    }
  }
}

/** Areas of so many rows and columns that make up m × n; one of nothing if there are no columns. */
function tiles(m: number, n: number, height: number, width: number): Area[] {
  const across = Math.max(1, Math.ceil(n / width));
  return Array.from({ length: Math.ceil(m / height) * across }, (_, at) => {
    const [i, j] = [Math.floor(at / across) * height, (at % across) * width];
    return { i, j, m: Math.min(height, m - i), n: Math.min(width, n - j) };
  });
}

const moved = ({ bytes }: Float, { address, stride, step }: Place, { i, j }: Area): Place => ({
  address: address + i * stride + j * step * bytes,
  stride,
  step,
});

/** How the copy of so many rows and columns of an array lies. */
function shapeOf(array: RowArray | Strided, m: number, n: number) {
  if (!('step' in array)) return { elements: m * n, stride: 0, step: 1 } as const;
  const width = array.step === 0 ? 1 : n;
  const height = array.stride === 0 ? 1 : m;
  return { elements: height * width, stride: array.stride === 0 ? 0 : width, step: array.step };
}

function readArea(to: FloatArray, array: RowArray | Strided, { i, j, m, n }: Area): void {
  if (!('step' in array)) {
    readStrided(to, array, j);
    return;
  }
  const { data, offset, stride, step } = array;
  const shape = [stride === 0 ? 1 : m, step === 0 ? 1 : n];
  const first = offset + i * stride + j * step;
  readStrided(to, merged({ data, shape, strides: [stride, step], offset: first }), 0);
}
