// The code of a formula over the rows of a matrix: for each row, the passes of its plan.

import {
  type Allocate,
  type Code,
  call,
  double,
  lane as extract,
  type FunctionSpec,
  get,
  increase,
  type Local,
  load,
  loop,
  loopWhile,
  minimum,
  op,
  set,
  store,
  storeLane,
  when,
  whether,
} from './assembler.ts';
import type { Float } from './dtype.ts';
import {
  accumulators,
  alongRows,
  blockOf,
  combining,
  isInside,
  type Reduction,
  reductions,
  VECTORS,
} from './reductions.ts';
import type { Pass, Program, RowPlan } from './rowPlan.ts';
import { narrow, type Vector } from './simd.ts';

/** Bytes of four vectors. */
const ROUND = 16 * VECTORS;
/** Four vectors at a time keep the processor busy while it waits for the results of the one or the other … */
const OFFSETS = Array.from({ length: VECTORS }, (_, index) => 16 * index);
/** … but for a pass of more instructions than this there are not enough registers. */
const LONG = 200;
const isTogether = ({ each }: Pass): boolean => each.length <= LONG;

/** Whether rows are shorter than a round: the code for these alone is a fraction as long, and made that much sooner. */
export const isNarrow = ({ bytes }: Float, n: number): boolean => n * bytes < ROUND;

/** Bytes of the values of the blocks of a row. */
export const levelBytes = ({ bytes }: Float, n: number): number =>
  Math.ceil((Math.ceil(n / blockOf(1)) * bytes) / ROUND) * ROUND;

/** Bytes of scratch memory for a pass: for each reduction the vectors where a row ends, and the values of its blocks. */
export const scratchBytes = (float: Float, { passes }: RowPlan, n: number): number =>
  Math.max(...passes.map((pass) => pass.reductions.length)) * (ROUND + levelBytes(float, n));

/** What the code of a row refers to. */
interface Row {
  readonly float: Float;
  readonly isNarrow: boolean;
  readonly local: Allocate;
  /** Bytes of the row, and where in it the code is. */
  readonly width: Local;
  readonly column: Local;
  readonly scratch: Local;
  readonly level: Local;
  /** Where the value of a vector is: the first of those that are computed together, or the one of that number. */
  readonly at: (vector: Vector, which?: number) => Local;
  /** Computes vectors so many bytes on: those of several offsets in turn, so that the processor need not wait for one. */
  readonly compute: (vectors: readonly Vector[], offsets: readonly number[]) => Code;
  /** The function that makes blocks of blocks. */
  readonly blocksOf: (name: Reduction) => number;
}

/**
 * The functions of a program; the first, run(rows, bytes of a row, scratch, bytes of the values of blocks, …), goes on
 * with the address and the bytes from row to row of each array and each result, and the scalars. It is for rows of any
 * length, or for narrow ones alone.
 */
export function rowFunctions(program: Program, plan: RowPlan, imports: number, isNarrow = false) {
  const { float, kinds, needed, results } = program;
  const names = isNarrow ? [] : [...new Set(needed.flatMap(({ reduction }) => reduction ?? []))];
  const arrays = kinds.filter((kind) => kind !== 'scalar' && kind !== 'unread').length + results.length;
  const scalars = kinds.filter((kind) => kind === 'scalar').length;
  const run = {
    name: 'run',
    params: [...new Array<'i32'>(4 + 2 * arrays).fill('i32'), ...new Array<'f64'>(scalars).fill('f64')],
    body: (local, [rows, width, scratch, level, ...params]) => {
      const pairs = Array.from({ length: arrays }, (_, index) => ({
        address: params[2 * index]!,
        stride: params[2 * index + 1]!,
      }));
      const outs = pairs.slice(arrays - results.length).map(({ address }) => address);
      const column = local('i32');
      const inputs = inputCode(
        program,
        pairs.map(({ address }) => address),
        params.slice(2 * arrays),
        column,
      );
      const locals = new Map<Vector, Local>(needed.map((vector) => [vector, local('v128')]));
      const most = Math.max(0, ...plan.passes.filter(isTogether).map(({ each }) => each.length));
      /** For the vectors after the first that are computed together, by their place in the pass: passes share them. */
      const others = (isNarrow ? [] : OFFSETS.slice(1)).map(() =>
        Array.from({ length: most }, () => local('v128')),
      );
      const { kept } = plan;
      const keptAt = kept && op('i32.add', outs[kept.result]!, column);
      const blocksOf = (name: Reduction) => imports + 1 + names.indexOf(name);
      const rowOf = (pass: Pass, index: number): Row => {
        const places = new Map(isTogether(pass) ? pass.each.map((vector, place) => [vector, place]) : []);
        const at = (vector: Vector, which = 0): Local =>
          others[which - 1]?.[places.get(vector) ?? most] ?? locals.get(vector)!;
        const computeOne = (vector: Vector, offset: number, which: number): Code => {
          const made = at(vector, which);
          if (vector === kept?.vector && index > kept.pass)
            return set(made, load('v128.load', keptAt!, offset));
          if (vector.input !== undefined) return set(made, inputs[vector.input]!(offset));
          return set(made, vector.emit(vector.args.map((arg) => at(arg, which))));
        };
        return {
          ...{ float, isNarrow, local, column, at, blocksOf },
          ...{ width: width!, scratch: scratch!, level: level! },
          compute: (vectors, offsets) =>
            vectors.map((vector) => offsets.map((offset, which) => computeOne(vector, offset, which))),
        };
      };
      const last = plan.passes.length - 1;
      const passes = plan.passes.map((pass, index) => {
        const row = rowOf(pass, index);
        const keeps = kept?.pass === index ? { vector: kept.vector, to: keptAt! } : undefined;
        return [
          row.compute(pass.before, [0]),
          index < last ? reducing(row, pass, keeps) : storing(row, pass, plan, results, outs),
        ];
      });
      return [
        rowOf(plan.passes[0]!, 0).compute(plan.once, [0]),
        loop(local('i32'), 0, rows!, 1, [
          passes,
          pairs.map(({ address, stride }) => increase(address, stride)),
        ]),
      ];
    },
  } as const satisfies FunctionSpec;
  return [run, ...names.map((name) => ({ ...alongRows(name, float), name }))] as const;
}

/** How each input is read, so many bytes on from the column. */
function inputCode(
  { float, kinds }: Program,
  addresses: readonly Local[],
  scalars: readonly Local[],
  column: Local,
): ((offset: number) => Code)[] {
  const [restOfAddresses, restOfScalars] = [[...addresses], [...scalars]];
  return kinds.map((kind) => {
    if (kind === 'unread') return () => [];
    if (kind === 'scalar') {
      const value = op(`${float.vector}.splat`, narrow(float, get(restOfScalars.shift()!)));
      return () => value;
    }
    const address = restOfAddresses.shift()!;
    if (kind === 'column') return () => load(float.splatLoad, address);
    return (offset) => load('v128.load', op('i32.add', address, column), offset);
  });
}

/** The last pass: the results of each element, then those of the row. */
function storing(
  { float, isNarrow, width, column, at, compute }: Row,
  pass: Pass,
  { isLong }: RowPlan,
  results: readonly Vector[],
  outs: readonly Local[],
): Code {
  const stores = results.map((vector, index) => ({ vector, out: outs[index]!, isAlong: isLong[index]! }));
  const along = stores.filter(({ isAlong }) => isAlong);
  const element = (out: Local) => op('i32.add', out, column);
  const whole = (offsets: readonly number[]): Code =>
    loopWhile(op('i32.lt_u', op('i32.add', column, offsets.at(-1)! + 15), width), [
      compute(pass.each, offsets),
      offsets.map((offset, which) =>
        along.map(({ vector, out }) => store('v128.store', element(out), at(vector, which), offset)),
      ),
      increase(column, 16 * offsets.length),
    ]);
  const long = [
    set(column, 0),
    isNarrow || !isTogether(pass) ? [] : whole(OFFSETS),
    whole([0]),
    when(op('i32.lt_u', column, width), [
      compute(pass.each, [0]),
      along.map(({ vector, out }) =>
        storeInside(float, element(out), at(vector), op('i32.sub', width, column)),
      ),
    ]),
  ];
  return [
    along.length === 0 ? [] : long,
    stores
      .filter(({ isAlong }) => !isAlong)
      .map(({ vector, out }) =>
        store(`${float.lane}.store`, out, extract(`${float.vector}.extract_lane`, 0, at(vector))),
      ),
  ];
}

/** A pass that reduces: blocks as in `reduce`, with the same order of all sums. */
function reducing(
  { float, isNarrow, local, width, column, scratch, level, at, compute, blocksOf }: Row,
  pass: Pass,
  keeps: { readonly vector: Vector; readonly to: Code } | undefined,
): Code {
  const { bytes, lane, vector: shape } = float;
  const [end, wholeEnd, tail, to] = [local('i32'), local('i32'), local('i32'), local('i32')];
  const last = local('v128');
  const left = op('i32.sub', end, column);
  const made = pass.reductions.map((vector, index) => ({
    vector,
    name: vector.reduction!,
    neutral: combining(vector.reduction!, float).neutral,
    ...accumulators(vector.reduction!, float, local),
    /** Where in the scratch memory its last vectors go, and where its blocks. */
    round: ROUND * index,
    blocks: local('i32'),
  }));
  const groups = isTogether(pass) ? [OFFSETS] : OFFSETS.map((offset) => [offset]);
  const wholeRounds = (): Code =>
    loopWhile(op('i32.lt_u', column, wholeEnd), [
      groups.map((offsets) => [
        compute(pass.each, offsets),
        offsets.map((offset, which) => [
          keeps ? store('v128.store', keeps.to, at(keeps.vector, which), offset) : [],
          made.map(({ add, vector }) => add(offset / 16, at(vector.args[0]!, which))),
        ]),
      ]),
      increase(column, ROUND),
    ]);
  // What is beyond the end counts as the value that changes nothing.
  const rest: Code = [
    made.map(({ neutral, round }) =>
      OFFSETS.map((offset) => store('v128.store', scratch, neutral, round + offset)),
    ),
    set(tail, scratch),
    loopWhile(op('i32.lt_u', column, end), [
      compute(pass.each, [0]),
      whether(
        op('i32.lt_u', 15, left),
        [
          keeps ? store('v128.store', keeps.to, at(keeps.vector)) : [],
          made.map(({ vector, round }) => store('v128.store', tail, at(vector.args[0]!), round)),
        ],
        [
          keeps ? storeInside(float, keeps.to, at(keeps.vector), left) : [],
          made.map(({ neutral, vector, round }) => {
            const value = op('v128.bitselect', at(vector.args[0]!), neutral, isInside(float, 0, left));
            return store('v128.store', tail, value, round);
          }),
        ],
      ),
      increase(tail, 16),
      increase(column, 16),
    ]),
    made.map(({ add, round }) =>
      OFFSETS.map((offset, index) => [
        set(last, load('v128.load', scratch, round + offset)),
        add(index, last),
      ]),
    ),
    set(column, end),
  ];
  const block: Code = [
    made.map(({ reset }) => reset),
    made.every(({ name }) => reductions[name].isExact)
      ? set(end, width)
      : [set(end, op('i32.add', column, blockOf(1) * bytes)), set(end, minimum(end, width))],
    set(wholeEnd, op('i32.add', column, op('i32.and', left, -ROUND))),
    isNarrow ? [] : wholeRounds(),
    when(op('i32.lt_u', column, end), rest),
    made.map(({ fold, result, blocks }) => [
      fold,
      store(`${lane}.store`, op('i32.add', blocks, to), extract(`${shape}.extract_lane`, 0, result)),
    ]),
    increase(to, bytes),
  ];
  const firstBlocks = op('i32.add', scratch, ROUND * made.length);
  return [
    made.map(({ name, blocks }, index) => [
      set(blocks, op('i32.add', firstBlocks, op('i32.mul', level, index))),
      store(`${lane}.store`, blocks, narrow(float, double(reductions[name].empty ?? 0))),
    ]),
    set(column, 0),
    set(to, 0),
    loopWhile(op('i32.lt_u', column, width), block),
    made.map(({ vector, name, blocks }) => [
      isNarrow ? [] : blocksOfBlocks(local('i32'), blocks, op('i32.div_u', to, bytes), blocksOf(name)),
      set(at(vector), load(float.splatLoad, blocks)),
    ]),
  ];
}

/** Makes blocks of blocks, in their place, until one is left. */
const blocksOfBlocks = (count: Local, blocks: Local, first: Code, make: number): Code => [
  set(count, first),
  loopWhile(op('i32.lt_u', 1, count), [
    call(make, blocks, blocks, 1, count, 1),
    set(count, op('i32.div_u', op('i32.add', count, blockOf(1) - 1), blockOf(1))),
  ]),
];

/** Stores the lanes of a vector that lie before the end, less than a vector away. */
function storeInside({ bytes }: Float, address: Code, vector: Local, left: Code): Code {
  const pair = when(op('i32.and', left, 8), storeLane('v128.store64_lane', address, vector, 0));
  if (bytes === 8) return pair;
  return [
    pair,
    when(op('i32.eq', left, 4), storeLane('v128.store32_lane', address, vector, 0)),
    when(op('i32.eq', left, 12), storeLane('v128.store32_lane', address, vector, 2, 8)),
  ];
}
