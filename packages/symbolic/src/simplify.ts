import { Algebra } from './algebra.ts';
import type { Assumption } from './assumption.ts';
import { Costs } from './cost.ts';
import { conditionsLost, withoutImplied } from './domain.ts';
import { isExp } from './expr.ts';
import { isRationalNode } from './fraction.ts';
import { trigonometricForms } from './identities.ts';
import { type Input, toExpr } from './input.ts';
import type { Expr } from './node.ts';
import { rationalForms, rewriteRegions, SEARCHED_NODES } from './rewrites.ts';
import { type Context, RULES } from './rules.ts';
import { countNodes, postorder } from './walk.ts';

export interface SimplifyOptions {
  /** What is known of variables besides that they are real. */
  readonly assume?: Readonly<Record<string, Assumption>>;
  /** The most rewriting steps; then the best so far is returned. */
  readonly maxSteps?: number;
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
  /** Why it ended: no rule applies any more, or the limit of steps was met. */
  readonly stopped: 'done' | 'maxSteps';
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
export function simplifySteps(
  e: Input,
  { maxSteps = 10_000, assume = {} }: SimplifyOptions = {},
): Simplification {
  const algebra = new Algebra();
  const [input] = algebra.adopt(toExpr(e)) as [Expr];
  const steps: Step[] = [];
  const costs = new Costs();
  const positive = new Set(Object.keys(assume).filter((name) => assume[name] === 'positive'));
  const work = { algebra, costs, positive, steps, maxSteps, searched: new Set<Expr>() };
  let current = input;
  let result = input;
  for (let previous: Expr | undefined; previous !== current && steps.length < maxSteps; ) {
    previous = current;
    current = rewrite(work, current);
    current = regrouped(work, current);
    if (countNodes(current) <= countNodes(input) && costs.of(current) <= costs.of(result)) result = current;
  }
  const conditions = withoutImplied(algebra, conditionsLost(algebra, input, result, positive));
  return { result, conditions, steps, stopped: steps.length < maxSteps ? 'done' : 'maxSteps' };
}

/** What a simplification carries along. */
interface Work extends Context {
  readonly algebra: Algebra;
  readonly steps: Step[];
  readonly maxSteps: number;
  /** Regions whose other forms are known to be no shorter. */
  readonly searched: Set<Expr>;
}

/** Regions of rational arithmetic in whichever form is shortest: as they are, cancelled, factored or multiplied out. */
function regrouped({ algebra, costs, steps, searched }: Work, e: Expr): Expr {
  const shortest = (_: Algebra, region: Expr): Expr => {
    if (!isRationalNode(region) || searched.has(region)) return region;
    const best = formsOf(algebra, region).reduce((a, b) => (costs.of(b) < costs.of(a) ? b : a), region);
    if (best !== region) steps.push({ rule: 'one fraction', before: region, after: best });
    searched.add(best);
    return best;
  };
  return rewriteRegions(algebra, e, shortest);
}

/** Other ways to write a region, each equal to it wherever both are defined. */
function formsOf(algebra: Algebra, e: Expr): Expr[] {
  const parts = postorder([e], (node) => (isRationalNode(node) ? node.args : []));
  if (parts.length > SEARCHED_NODES) return [];
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
  const { algebra, steps, maxSteps } = work;
  const results = new Map<Expr, Expr>();
  for (const node of postorder([e])) {
    let current = algebra.rebuild(
      node,
      node.args.map((arg) => results.get(arg)!),
    );
    for (let next: Expr | undefined = current; next && steps.length < maxSteps; ) {
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
