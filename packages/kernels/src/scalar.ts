import { ops } from '@leibniz/ops';
import {
  assemble,
  type Code,
  call,
  double,
  get,
  type Import,
  type Local,
  op,
  select,
  set,
  store,
  type ValueType,
} from './assembler.ts';
import { KernelError } from './errors.ts';
import type { Formula } from './map.ts';
import { type Operation, type Trace, traceOf } from './trace.ts';

/** More steps than this are more locals than every engine grants to one function. */
const MAX_STEPS = 40_000;

/** A formula of doubles; called with as many numbers as it has inputs, it returns the first result. */
export interface ScalarFunction {
  (...x: number[]): number;
  /** All results of the last call, where the formula has several; the array is written anew by each call. */
  readonly results: Float64Array;
}

/**
 * Compiles a formula to a function of plain numbers. Everything shared is computed once; operations without an
 * instruction call the values of the table, so results are those of the formula over `ops.numbers`, bit for bit.
 *
 * @throws KernelError if the formula has more steps than one function can hold (40,000).
 * @example
 * import { compileFunction } from '@leibniz/kernels';
 * const hypotenuse = compileFunction(2, ($, x, y) => $.sqrt($.add($.mul(x, x), $.mul(y, y))));
 * hypotenuse(3, 4); // => 5
 */
export function compileFunction(inputs: number, formula: Formula): ScalarFunction {
  const { trace, results } = traceOf(inputs, formula);
  if (trace.steps.length > MAX_STEPS) {
    throw new KernelError(
      'formula',
      `Cannot compile ${trace.steps.length} steps to one function: at most ${MAX_STEPS}`,
    );
  }
  const imports = importsOf(trace);
  const params = new Array<ValueType>(inputs).fill('f64');
  const bytes = assemble(
    [{ name: 'run', params, result: 'f64', body: (local, x) => body(trace, results, imports, local, x) }],
    imports,
  );
  const memory = new WebAssembly.Memory({ initial: Math.ceil((results.length * 8) / 65536) || 1 });
  const env: Record<string, WebAssembly.ImportValue> = { memory };
  for (const { name, value } of imports) env[name] = value;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env });
  const run = exports.run as (...x: number[]) => number;
  return Object.assign(run, { results: new Float64Array(memory.buffer, 0, results.length) });
}

type Imports = readonly (Import & { readonly value: (...x: number[]) => number })[];

/** The functions of the table that the formula calls, each once. */
function importsOf({ steps }: Trace): Imports {
  const names = steps.flatMap((step) =>
    step.kind === 'operation' && !isInstruction(step.name) ? [step.name] : [],
  );
  return [...new Set(names)].map((name) => {
    const { value } = { ...ops.unary, ...ops.binary }[name as keyof typeof ops.unary];
    return { name, arity: Object.hasOwn(ops.unary, name) ? 1 : 2, value };
  });
}

const isInstruction = (name: Operation) =>
  Object.hasOwn(DIRECT, name) || ['where', 'inv', 'square'].includes(name);

/** One local for each step, in order; then the results are stored, and the first of them is left. */
function body(
  trace: Trace,
  results: readonly number[],
  imports: Imports,
  local: (type: ValueType) => Local,
  x: readonly Local[],
): Code {
  const locals: Local[] = [];
  const code: Code[] = [];
  for (const step of trace.steps) {
    if (step.kind === 'input') {
      locals.push(x[step.input]!);
      continue;
    }
    const made = local(step.kind === 'operation' && CONDITIONS.has(step.name) ? 'i32' : 'f64');
    const args = step.kind === 'operation' ? step.args.map((arg) => locals[arg]!) : [];
    const value =
      step.kind === 'constant' ? double(step.over(ops.numbers)) : operation(step.name, args, imports);
    code.push(set(made, value));
    locals.push(made);
  }
  const [first, ...rest] = results.map((step) => locals[step]!);
  const stores =
    rest.length === 0 ? [] : [first!, ...rest].map((result, at) => store('f64.store', 0, result, 8 * at));
  return [code, stores, get(first!)];
}

const CONDITIONS: ReadonlySet<string> = new Set(['less', 'lessEqual', 'equal', 'not', 'and', 'or']);

/** Operations that are one instruction with the semantics of JavaScript. */
const DIRECT = {
  add: 'f64.add',
  sub: 'f64.sub',
  mul: 'f64.mul',
  div: 'f64.div',
  min: 'f64.min',
  max: 'f64.max',
  neg: 'f64.neg',
  abs: 'f64.abs',
  sqrt: 'f64.sqrt',
  floor: 'f64.floor',
  ceil: 'f64.ceil',
  less: 'f64.lt',
  lessEqual: 'f64.le',
  equal: 'f64.eq',
  not: 'i32.eqz',
  and: 'i32.and',
  or: 'i32.or',
} as const;

function operation(name: Operation, args: readonly Local[], imports: Imports): Code {
  if (Object.hasOwn(DIRECT, name)) return op(DIRECT[name as keyof typeof DIRECT], ...args);
  const [a, b, c] = args;
  if (name === 'where') return select(a!, b!, c!);
  if (name === 'inv') return op('f64.div', double(1), a!);
  if (name === 'square') return op('f64.mul', a!, a!);
  return call(
    imports.findIndex((known) => known.name === name),
    ...args,
  );
}
