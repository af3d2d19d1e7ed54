// What is computed when, in a formula over the rows of a matrix: some of it once for all, some once a row, and the rest
// along the row, in passes. A reduction needs a pass of its own before what uses it; several may share one.

import type { Float } from './dtype.ts';
import type { Vector } from './simd.ts';

/** What an input is: one value for each element, for each column, for each row, or one for all. */
export type Kind = 'matrix' | 'row' | 'column' | 'scalar';

export interface Program {
  readonly float: Float;
  readonly kinds: readonly (Kind | 'unread')[];
  /** The vectors that the results are made of, in the order of their making. */
  readonly needed: readonly Vector[];
  readonly results: readonly Vector[];
  /** Whether a result that is the same for all of a row is stored once a row; if not, for each element. */
  readonly isShort: boolean;
}

export interface Pass {
  /** What is the same for all of the row, and known before this pass. */
  readonly before: readonly Vector[];
  /** What is computed for each element. */
  readonly each: readonly Vector[];
  /** The reductions that the pass makes; the last pass makes none, and stores. */
  readonly reductions: readonly Vector[];
}

export interface RowPlan {
  /** What is the same for all elements. */
  readonly once: readonly Vector[];
  readonly passes: readonly Pass[];
  /** For each result, whether it is stored for each element, or else once a row. */
  readonly isLong: readonly boolean[];
  /** What a pass reduces and leaves in the place of a result, so that later passes need not compute it again. */
  readonly kept: Kept | undefined;
}

interface Kept {
  readonly vector: Vector;
  readonly pass: number;
  readonly result: number;
}

/** How many instructions must be spared for a vector to be kept: more than a store and a load take. */
const WORTH = 8;

export function planOf({ kinds, needed, results, isShort }: Program): RowPlan {
  const kindOf = ({ input }: Vector) => (input === undefined ? undefined : kinds[input]);
  const along = dependents(needed, (vector) => kindOf(vector) === 'matrix' || kindOf(vector) === 'row');
  const byRow = dependents(
    needed,
    (vector) => along.has(vector) || kindOf(vector) === 'column' || vector.reduction !== undefined,
  );
  const levels = levelsOf(needed);
  const stored = results.filter((result) => along.has(result));
  const last = Math.max(0, ...needed.map((vector) => levels.get(vector)!));
  const reductions = Array.from({ length: last + 1 }, (_, pass) =>
    needed.filter((vector) => vector.reduction && levels.get(vector) === pass + 1),
  );
  const wanted = reductions.map((made, pass) => (pass === last ? stored : made.map(({ args }) => args[0]!)));
  const parts = (from: number, known?: Vector) =>
    wanted.slice(from).map((vectors) => partOf(vectors, along, known));
  const full = parts(0);
  /** What is spared by keeping a vector that a pass makes: nothing if something later needs what lies there. */
  const spared = (pass: number, vector: Vector): number => {
    const rest = parts(pass + 1, vector);
    if (rest.flat().some((other) => kindOf(other) === 'matrix')) return 0;
    return full.slice(pass + 1).flat().length - rest.flat().length;
  };
  const candidates = wanted
    .slice(0, last)
    .flatMap((vectors, pass) => vectors.map((vector) => ({ vector, pass, spares: spared(pass, vector) })))
    .toSorted((a, b) => b.spares - a.spares);
  const [best] = candidates;
  const kept =
    best && stored.length > 0 && best.spares >= WORTH
      ? { vector: best.vector, pass: best.pass, result: results.indexOf(stored[0]!) }
      : undefined;
  const still = needed.filter((vector) => !along.has(vector) && vector.reduction === undefined);
  return {
    once: still.filter((vector) => !byRow.has(vector)),
    passes: reductions.map((made, pass) => ({
      before: still.filter((vector) => byRow.has(vector) && levels.get(vector) === pass),
      each: kept && pass > kept.pass ? parts(pass, kept.vector)[0]! : full[pass]!,
      reductions: made,
    })),
    isLong: results.map((result) => !isShort || along.has(result)),
    kept,
  };
}

/** The vectors that fulfil a condition, and those made of them other than by a reduction. */
function dependents(needed: readonly Vector[], condition: (vector: Vector) => boolean): Set<Vector> {
  const found = new Set<Vector>();
  for (const vector of needed) {
    const isMadeOf = vector.reduction === undefined && vector.args.some((arg) => found.has(arg));
    if (isMadeOf || condition(vector)) found.add(vector);
  }
  return found;
}

/** How many reductions lie under each vector. */
function levelsOf(needed: readonly Vector[]): Map<Vector, number> {
  const levels = new Map<Vector, number>();
  for (const vector of needed) {
    const below = Math.max(0, ...vector.args.map((arg) => levels.get(arg)!));
    levels.set(vector, vector.reduction ? below + 1 : below);
  }
  return levels;
}

/** The vectors along the row that these are made of, in the order of their making; what is known needs no others. */
function partOf(wanted: readonly Vector[], along: ReadonlySet<Vector>, known?: Vector): Vector[] {
  const part = new Set<Vector>();
  const open = [...wanted];
  for (let vector = open.pop(); vector; vector = open.pop()) {
    if (part.has(vector) || !along.has(vector)) continue;
    part.add(vector);
    if (vector !== known) open.push(...vector.args);
  }
  return [...part].sort((a, b) => a.index - b.index);
}
