import { Algebra } from './algebra.ts';
import { type Assumptions, assumedFacts, forgetting, withAssumptions } from './assumption.ts';
import { Costs } from './cost.ts';
import { conditionsLost, withoutImplied } from './domain.ts';
import { LimitError } from './errors.ts';
import { isExp } from './expr.ts';
import { isRationalNode } from './fraction.ts';
import { trigonometricForms } from './identities.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { rationalForms, rewriteRegions, SEARCHED_NODES } from './rewrites.ts';
import { type Context, RULES } from './rules.ts';
import { countNodes, hasMoreNodes, postorder } from './walk.ts';

export interface SimplifyOptions {
  /** What is known of variables besides that they are real. */
  readonly assume?: Assumptions;
  /** How much work is done at most; then the best so far is returned. */
  readonly limits?: Limits;
}

export interface Limits {
  /** Rewriting steps: 10,000 unless told. */
  readonly maxSteps?: number;
  /** Nodes made on the way: 5 million unless told. */
  readonly maxNodes?: number;
  /** Milliseconds, looked at between steps: without end unless told, since it makes results depend on the machine. */
  readonly timeMs?: number;
}

/** One use of a rule. */
export interface Step {
  readonly rule: string;
  readonly before: Expr;
  readonly after: Expr;
}

export interface Simplification {
  readonly result: Expr;
  /** Where the input has no value and the result does: they are equal where all of these hold. */
  readonly conditions: readonly Expr[];
  readonly steps: readonly Step[];
  /** Why it ended: no rule applies any more, or which limit was met. */
  readonly stopped: 'done' | keyof Limits;
}

/**
 * A simpler expression that is equal to the input wherever the input is defined; never one with more nodes.
 *
 * @example
 * import { simplify } from '@leibniz/symbolic';
 * String(simplify('(4*x^3 + 3*x^2)/(x^4 + x^3 + 2)')); // => x^2*(4*x + 3)/(x^4 + x^3 + 2)
 * String(simplify('sqrt(x^2)')); // => abs(x)
 */
export function simplify(e: Input, options?: SimplifyOptions): Expr {
  return simplifySteps(e, options).result;
}

/**
 * Simplifies and tells how: the rules used, the conditions under which the result equals the input, and why it
 * stopped.
 *
 * @example
 * import { simplifySteps } from '@leibniz/symbolic';
 * const { result, conditions } = simplifySteps('x/x');
 * `${result} where ${conditions}`; // => 1 where x != 0
 */
export function simplifySteps(e: Input, { assume = {}, limits = {} }: SimplifyOptions = {}): Simplification {
  const algebra = new Algebra(limits);
  const assumed = assumedFacts(assume);
  const [given] = algebra.adopt(toExpr(e)) as [Expr];
  const [input] = withAssumptions(algebra, [given], assumed);
  const work = new Work(algebra, limits);
  const result = best(work, input!);
  const conditions = withoutImplied(algebra, conditionsLost(algebra, input!, result));
  const { steps, stopped = 'done' } = work;
  if (assumed.size === 0) return { result, conditions, steps, stopped };
  const plain = forgetting(algebra, [given]);
  return {
    result: plain(result),
    conditions: conditions.map(plain),
    steps: steps.map(({ rule, before, after }) => ({ rule, before: plain(before), after: plain(after) })),
    stopped,
  };
}

/** Rewrites until nothing changes or a limit is met; the shortest form on the way. */
function best(work: Work, input: Expr): Expr {
  const { costs } = work;
  const allowed = countNodes(input);
  let current = input;
  let result = input;
  try {
    for (let previous: Expr | undefined; previous !== current && !work.isOver(); ) {
      previous = current;
      current = regrouped(work, rewrite(work, current));
      if (countNodes(current) <= allowed && costs.of(current) <= costs.of(result)) result = current;
    }
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    work.stopped = 'maxNodes';
  }
  return result;
}

/** What a simplification carries along. */
class Work implements Context {
  readonly algebra: Algebra;
  readonly costs = new Costs();
  readonly steps: Step[] = [];
  /** Regions whose other forms are known to be no shorter. */
  readonly searched = new Set<Expr>();
  stopped: keyof Limits | undefined;
  private readonly maxSteps: number;
  private readonly end: number;

  constructor(algebra: Algebra, { maxSteps = 10_000, timeMs = Number.POSITIVE_INFINITY }: Limits) {
    this.algebra = algebra;
    this.maxSteps = maxSteps;
    this.end = timeMs === Number.POSITIVE_INFINITY ? timeMs : performance.now() + timeMs;
  }

  /** Whether a limit is met. */
  isOver(): boolean {
    if (this.steps.length >= this.maxSteps) this.stopped = 'maxSteps';
    else if (this.end !== Number.POSITIVE_INFINITY && performance.now() >= this.end) this.stopped = 'timeMs';
    return this.stopped !== undefined;
  }
}

/** Regions of rational arithmetic in whichever form is shortest: as they are, cancelled, factored or multiplied out. */
function regrouped(work: Work, e: Expr): Expr {
  const { algebra, costs, steps, searched } = work;
  const shortest = (_: Algebra, region: Expr): Expr => {
    if (!isRationalNode(region) || searched.has(region) || work.isOver()) return region;
    const best = formsOf(algebra, region).reduce((a, b) => (costs.of(b) < costs.of(a) ? b : a), region);
    if (best !== region) steps.push({ rule: 'one fraction', before: region, after: best });
    searched.add(best);
    return best;
  };
  return rewriteRegions(algebra, e, shortest);
}

/** The parts of a region that belong to it. */
const partsOf = (node: Expr) => (isRationalNode(node) ? node.args : []);

/** Other ways to write a region, each equal to it wherever both are defined. */
function formsOf(algebra: Algebra, e: Expr): Expr[] {
  if (hasMoreNodes(e, SEARCHED_NODES, partsOf)) return [];
  const parts = postorder([e], partsOf);
  const generators = parts.filter((node) => !isRationalNode(node));
  const hasAngle = generators.some((node) => node.kind === 'call' && ANGLES.has(node.name));
  // A product of powers is in lowest terms as it is.
  if (!hasAngle && !parts.some((node) => node.kind === 'sum')) return [];
  const written = hasAngle ? [e, ...trigonometricForms(algebra, e, isRationalNode)] : [e];
  const plain = written.flatMap((form) => rationalForms(algebra, form));
  if (!generators.some(isExp)) return plain;
  return [...plain, ...written.flatMap((form) => rationalForms(algebra, form, { growing: true }))];
}

const ANGLES = new Set(['sin', 'cos', 'tan', 'cot', 'sec', 'csc']);

/** One pass from the leaves up, at each node until no rule applies. */
function rewrite(work: Work, e: Expr): Expr {
  const { algebra } = work;
  const results = new Map<Expr, Expr>();
  for (const node of postorder([e])) {
    let current = algebra.rebuild(
      node,
      node.args.map((arg) => results.get(arg)!),
    );
    for (let next: Expr | undefined = current; next && !work.isOver(); ) {
      next = applyOnce(work, current);
      current = next ?? current;
    }
    results.set(node, current);
  }
  return results.get(e)!;
}

function applyOnce(work: Work, node: Expr): Expr | undefined {
  const { algebra, steps } = work;
  for (const { name, apply } of RULES) {
    const after = apply(algebra, node, work);
    if (after === undefined || after === node) continue;
    steps.push({ rule: name, before: node, after });
    return after;
  }
  return undefined;
}
