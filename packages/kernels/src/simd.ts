// The carrier of vector code: running a formula over it writes the SIMD instructions that compute the formula.

import { type BinaryName, type Carrier, ops, type UnaryName } from '@leibniz/ops';
import {
  type Code,
  call,
  choose,
  get,
  type Import,
  type Instruction,
  type Local,
  lane,
  op,
  shuffle,
  vector128,
} from './assembler.ts';
import { type Float, floats } from './dtype.ts';
import type { Doubles } from './elementary.ts';
import { functions, inSingles } from './functions.ts';
import type { Reduction } from './reductions.ts';

type Shift = `${'i32x4' | 'i64x2'}.${'shl' | 'shr_u'}`;

/** A vector value: the instruction that makes it of others. */
export interface Vector {
  readonly index: number;
  /** Set on an input of the formula: its number. */
  readonly input?: number;
  /** Set on a reduction of its argument along a row. */
  readonly reduction?: Reduction;
  readonly args: readonly Vector[];
  readonly emit: (args: readonly Local[]) => Code;
}

/** Vector values in the order of their making, each distinct one once. */
export class Graph {
  readonly vectors: Vector[] = [];
  readonly imports: (Import & { readonly value: (...x: number[]) => number })[] = [];
  /** Those that add to it, by type. */
  readonly carriers = new Map<Float, Carrier<Vector, Vector>>();
  readonly #known = new Map<string, Vector>();

  make(what: string, args: readonly Vector[], emit: Vector['emit'], reduction?: Reduction): Vector {
    let key = `${what}(`;
    for (const { index } of args) key += `${index},`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const vector = this.#add({ index: this.vectors.length, args, emit, ...(reduction && { reduction }) });
    this.#known.set(key, vector);
    return vector;
  }

  input(input: number): Vector {
    return this.#add({ index: this.vectors.length, input, args: [], emit: () => [] });
  }

  reduce(reduction: Reduction, x: Vector): Vector {
    return this.make(reduction, [x], () => [], reduction);
  }

  #add(vector: Vector): Vector {
    this.vectors.push(vector);
    return vector;
  }

  op(name: Instruction, ...args: Vector[]): Vector {
    return this.make(name, args, (locals) => op(name, ...locals));
  }

  shift(name: Shift, x: Vector, by: number): Vector {
    return this.make(`${name} ${by}`, [x], (locals) => op(name, ...locals, by));
  }

  shuffle(indices: readonly number[], a: Vector, b: Vector): Vector {
    return this.make(`shuffle ${indices}`, [a, b], ([left, right]) => shuffle(indices, left!, right!));
  }

  constant(lanes: Float32Array | Float64Array | BigUint64Array): Vector {
    const words = [...new Int32Array(lanes.buffer)] as [number, number, number, number];
    return this.make(`constant ${words}`, [], () => vector128(...words));
  }

  /** Calls a function of doubles for each lane; a float32 result is rounded once. */
  perLane(float: Float, name: string, value: (...x: number[]) => number, args: readonly Vector[]): Vector {
    const index = this.#import(name, args.length, value);
    return this.make(`call ${float.name} ${name}`, args, (locals) => this.#callPerLane(float, index, locals));
  }

  /** The value, or in lanes where the condition holds, the function of the double; it is called only if there are any. */
  rescue(condition: Vector, name: 'sin' | 'cos' | 'tan', x: Vector, value: Vector): Vector {
    const index = this.#import(name, 1, Math[name]);
    return this.make(`rescue ${name}`, [condition, x, value], ([c, from, known]) => {
      const called = this.#callPerLane(floats.float64, index, [from!]);
      return choose(op('v128.any_true', c!), op('v128.bitselect', called, known!, c!), get(known!));
    });
  }

  #callPerLane(float: Float, index: number, locals: readonly Local[]): Code {
    const result = (at: number): Code => {
      const lanes = locals.map((local) => lane(`${float.vector}.extract_lane`, at, local));
      return narrow(float, call(index, ...lanes.map((code) => widen(float, code))));
    };
    const rest = Array.from({ length: float.lanes - 1 }, (_, at) => at + 1);
    return rest.reduce<Code>(
      (code, at) => lane(`${float.vector}.replace_lane`, at, code, result(at)),
      op(`${float.vector}.splat`, result(0)),
    );
  }

  #import(name: string, arity: number, value: (...x: number[]) => number): number {
    const index = this.imports.findIndex((known) => known.name === name);
    return index < 0 ? this.imports.push({ name, arity, value }) - 1 : index;
  }
}

const widen = (float: Float, code: Code): Code => (float.bytes === 4 ? op('f64.promote_f32', code) : code);
/** A double as a lane of this type. */
export const narrow = (float: Float, code: Code): Code =>
  float.bytes === 4 ? op('f32.demote_f64', code) : code;

/** Operations of the table that are one instruction. */
const DIRECT = ['add', 'sub', 'mul', 'div', 'min', 'max', 'neg', 'abs', 'sqrt', 'floor', 'ceil'] as const;

/** The carrier of vectors of one type. Everything it is given to compute is added to the graph. */
export function simd(graph: Graph, float: Float): Carrier<Vector, Vector> {
  const known = graph.carriers.get(float) ?? makeCarrier(graph, float);
  graph.carriers.set(float, known);
  return known;
}

function makeCarrier(graph: Graph, float: Float): Carrier<Vector, Vector> {
  const instruction =
    (name: Instruction) =>
    (...args: Vector[]) =>
      graph.op(name, ...args);
  const constant = (x: number) => graph.constant(new float.array(float.lanes).fill(x));
  const $: Record<string, unknown> = {};
  for (const [name, { code, value }] of Object.entries(ops.unary)) {
    $[name] = (x: Vector) =>
      code?.(carrier, x) ?? graph.perLane(float, name, value as (x: number) => number, [x]);
  }
  for (const [name, { code, value }] of Object.entries(ops.binary)) {
    $[name] = (a: Vector, b: Vector) =>
      code?.(carrier, a, b) ?? graph.perLane(float, name, value as (a: number, b: number) => number, [a, b]);
  }
  for (const [name, f] of Object.entries(functions[float.name])) {
    $[name] =
      float.bytes === 4 && inSingles.has(name)
        ? (x: Vector) => f(parts(graph, float), x, float.name)
        : (x: Vector) => inDoubles(graph, float, x, ($, half) => f($, half, float.name));
  }
  for (const name of DIRECT) $[name] = instruction(`${float.vector}.${name}`);
  const carrier = {
    ...($ as Record<UnaryName & BinaryName, never>),
    int: (n) => constant(ops.numbers.int(n)),
    rational: (p, q) => constant(ops.numbers.rational(p, q)),
    pi: constant(Math.PI),
    less: instruction(`${float.vector}.lt`),
    lessEqual: instruction(`${float.vector}.le`),
    equal: instruction(`${float.vector}.eq`),
    not: instruction('v128.not'),
    and: instruction('v128.and'),
    or: instruction('v128.or'),
    where: (c, a, b) => graph.op('v128.bitselect', a, b, c),
    inv: (x) => carrier.div(carrier.int(1), x),
    sign: (x) => sign(carrier, x),
  } as Carrier<Vector, Vector>;
  return carrier;
}

/** -1, or 1, or the argument itself where it is ±0 or NaN. */
function sign<T, C>($: Carrier<T, C>, x: T): T {
  const zero = $.int(0);
  const side = $.where($.less(x, zero), $.int(-1), x);
  return $.where($.less(zero, x), $.int(1), side);
}

/** Applies a function of double vectors; four float32 lanes are widened to two vectors and rounded at the end. */
function inDoubles(
  graph: Graph,
  float: Float,
  x: Vector,
  f: ($: Doubles<Vector, Vector>, x: Vector) => Vector,
): Vector {
  const $ = parts(graph, floats.float64);
  if (float.bytes === 8) return f($, x);
  const halves = [x, graph.shuffle([...UPPER, ...UPPER], x, x)].map((half) => {
    const wide = graph.op('f64x2.promote_low_f32x4', half);
    return graph.op('f32x4.demote_f64x2_zero', f($, wide));
  }) as [Vector, Vector];
  return graph.shuffle([...LOWER, ...LOWER.map((i) => i + 16)], ...halves);
}

const LOWER = [0, 1, 2, 3, 4, 5, 6, 7];
const UPPER = [8, 9, 10, 11, 12, 13, 14, 15];

/** How the numbers of a type are laid out: the bits of the significand after the first, and the exponent of 1. */
const LAYOUT = {
  float32: { bits: 23, bias: 127, integers: 'i32x4' },
  float64: { bits: 52, bias: 1023, integers: 'i64x2' },
} as const;

const SIGNIFICAND_BITS = 52;
const BIAS = 1023;

/** The carrier that elementary functions are written over. */
function parts(graph: Graph, float: Float): Doubles<Vector, Vector> {
  const $ = simd(graph, float);
  const { bits, bias, integers } = LAYOUT[float.name];
  const constant = (x: number) => graph.constant(new float.array(float.lanes).fill(x));
  const word = (x: bigint) => graph.constant(BigUint64Array.of(x, x));
  /** Added to a number, it leaves an integer in the low bits. */
  const shifter = 1.5 * 2 ** bits;
  /** The low bits as an exponent: a power of two. */
  const field = (x: Vector) => graph.shift(`${integers}.shl`, x, bits);
  return {
    ...$,
    arithmetic: float.name,
    constant,
    clamp: (x, from, to) =>
      graph.op(`${float.vector}.pmax`, graph.op(`${float.vector}.pmin`, x, constant(to)), constant(from)),
    nearest: (x) => graph.op(`${float.vector}.nearest`, x),
    rescue: (condition, name, x, value) => graph.rescue(condition, name, x, value),
    power2: (n) => field($.add(n, constant(shifter + bias))),
    // The power is applied in halves: 2ⁿ may be too large or too small for the type, its halves are not.
    scale: (x, n) => {
      const sum = $.add(n, constant(shifter + 2 * bias));
      const half = graph.shift(`${integers}.shr_u`, sum, 1);
      const rest = graph.op(`${integers}.sub`, sum, half);
      return $.mul($.mul(x, field(half)), field(rest));
    },
    exponent: (x) => {
      const field = graph.shift('i64x2.shr_u', x, SIGNIFICAND_BITS);
      const whole = graph.op('v128.or', field, constant(2 ** 52));
      return $.sub(whole, constant(2 ** 52 + BIAS));
    },
    significand: (x) => graph.op('v128.or', graph.op('v128.and', x, word((1n << 52n) - 1n)), constant(1)),
  };
}
