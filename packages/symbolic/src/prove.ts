// Proofs of equality: what the domains of both sides say of signs, then one polynomial that must be zero.

import type { Algebra } from './algebra.ts';
import { isZeroAngle } from './angles.ts';
import { domainConditions, withoutImplied } from './domain.ts';
import { DomainError, LimitError } from './errors.ts';
import { isInteger, isNeverZero } from './facts.ts';
import { minus } from './generators.ts';
import { withMeanings } from './meanings.ts';
import type { Expr } from './node.ts';
import { NormalForms } from './normal.ts';
import { constantValue, multiply, ONE_POLYNOMIAL, type Polynomial, real, scale } from './polynomial.ts';
import { lcm, Rational } from './rational.ts';
import { isZeroNumber } from './separation.ts';
import { postorder } from './walk.ts';

export type Proof =
  | { readonly isProved: true; readonly conditions: readonly Expr[] }
  | { readonly isProved: false; readonly why: string };

/** How many edges that a proof left out are looked at one by one. */
const MAX_EDGES = 4;

/** How many edges meet in the deepest of them. */
const MAX_EDGE_DEPTH = 2;

/** How many expressions are taken to be positive or negative at a time. */
const MAX_CASE_DEPTH = 6;

/** The largest common denominator of logarithms that is multiplied away. */
const MAX_LOG_DENOMINATOR = 12n;

/** Whether the normal form of left - right is zero; with the conditions, besides the domains of both, that it needs. */
export function prove(algebra: Algebra, left: Expr, right: Expr, within: readonly Expr[]): Proof {
  return proveWithEdges(algebra, left, right, within, MAX_EDGE_DEPTH);
}

function proveWithEdges(
  algebra: Algebra,
  left: Expr,
  right: Expr,
  within: readonly Expr[],
  depth: number,
): Proof {
  try {
    const assumed = new Set<Expr>();
    const facts = assumptions(algebra, [left, right], within);
    const meant = withMeanings(algebra, [left, right]) as [Expr, Expr];
    const shown = showCases(algebra, meant, facts, assumed, MAX_CASE_DEPTH);
    if (shown === 'empty') return { isProved: false, why: 'the sides seem to be defined nowhere together' };
    if (shown === 'open') return { isProved: false, why: 'the normal forms differ' };
    return conditionsOf(algebra, left, right, within, assumed, depth);
  } catch (error) {
    if (!(error instanceof LimitError || error instanceof DomainError)) throw error;
    return { isProved: false, why: `the proof was given up: ${error.message}` };
  }
}

/**
 * Whether the sides have one normal form where the facts hold; if not, whether they have where some expression is
 * positive and where it is negative. What is left out on the way is added to `assumed`.
 */
function showCases(
  algebra: Algebra,
  [left, right]: readonly [Expr, Expr],
  facts: readonly Expr[],
  assumed: Set<Expr>,
  depth: number,
): 'shown' | 'open' | 'empty' {
  const forms = new NormalForms(algebra);
  learn(algebra, forms, facts);
  if (forms.signs.isContradictory) return 'empty';
  const isSame =
    areSame(forms, left, right) ||
    (forms.again() && areSame(forms, left, right)) ||
    isZeroNumber(algebra.$.sub(left, right));
  for (const condition of forms.assumed) assumed.add(condition);
  if (isSame) return 'shown';
  const [undecided] = forms.undecided;
  if (!undecided || depth === 0) return 'open';
  const { $, zero } = algebra;
  const outcomes = [$.lessEqual(zero, undecided), $.lessEqual(undecided, zero)].map((fact) =>
    showCases(algebra, [left, right], [...facts, fact], assumed, depth - 1),
  );
  if (outcomes.includes('open')) return 'open';
  return outcomes.includes('shown') ? 'shown' : 'empty';
}

function areSame(forms: NormalForms, a: Expr, b: Expr): boolean {
  const [left, right] = [forms.of(a), forms.of(b)];
  const difference = minus(left, right);
  forms.signs.infer();
  if (forms.signs.isZeroForAll(difference) || isZeroAngle(forms, difference)) return true;
  if (isZeroLogarithm(forms, difference)) return true;
  if (haveSameSign(forms, left, right)) {
    // Then they are equal if their squares are, which nested roots may need.
    return forms.signs.isZeroForAll(minus(multiply(left, left), multiply(right, right)));
  }
  return false;
}

function haveSameSign({ table, signs }: NormalForms, left: Polynomial, right: Polynomial): boolean {
  if (table.isZero(left) || table.isZero(right)) return false;
  return table.isZero(minus(signs.ofPolynomial(left), signs.ofPolynomial(right)));
}

/** Whether e^(mD) is 1 for a sum D that has logarithms with a common denominator m, as only 0 has it among real D. */
function isZeroLogarithm(forms: NormalForms, difference: Polynomial): boolean {
  const { table } = forms;
  let m = 1n;
  let hasLog = false;
  for (const { monomial, coefficient } of table.reduce(difference).values()) {
    if (!coefficient.im.isZero) return false;
    if (monomial.length !== 1 || monomial[0]![1] !== 1 || table.at(monomial[0]![0]).kind !== 'log') continue;
    hasLog = true;
    m = lcm(m, coefficient.re.q);
  }
  if (!hasLog || m > MAX_LOG_DENOMINATOR) return false;
  const power = forms.exp(scale(difference, real(Rational.of(m))));
  return forms.signs.isZeroForAll(minus(power, ONE_POLYNOMIAL));
}

/** The parts of a node that are evaluated whatever a condition says. */
const unconditional = (node: Expr) =>
  node.kind === 'call' && node.name === 'where' ? node.args.slice(0, 1) : node.args;

/** The conditions that hold wherever both sides, and what is given, have a value, and the bases of powers are positive. */
function assumptions(algebra: Algebra, sides: readonly Expr[], within: readonly Expr[]): Expr[] {
  const { $, zero } = algebra;
  const bases = postorder(sides, unconditional).flatMap((node) =>
    node.kind === 'power' && node.args[1]!.kind !== 'num' && !isInteger(node.args[1]!)
      ? [$.less(zero, node.args[0]!)]
      : [],
  );
  const domains = [...sides, ...within].flatMap((e) => domainConditions(algebra, e, unconditional));
  return [...new Set([...domains, ...bases])];
}

/** Takes note of inequalities: a <= b as b - a, |a| <= b as b - a and b + a. */
function learn(algebra: Algebra, forms: NormalForms, conditions: readonly Expr[]): void {
  const { $, zero } = algebra;
  for (const condition of conditions) {
    if (condition.kind !== 'call' || (condition.name !== 'less' && condition.name !== 'lessEqual')) continue;
    const [a, b] = condition.args as [Expr, Expr];
    const isSize = a.kind === 'call' && a.name === 'abs';
    const differences = isSize ? [$.sub(b, a.args[0]!), $.add(b, a.args[0]!)] : [$.sub(b, a)];
    for (const difference of withMeanings(algebra, differences)) {
      try {
        const form = forms.of(difference);
        if (forms.table.isZero(form) || !forms.signs.learn(form, condition.name === 'less')) continue;
        forms.assumed.add($.not($.equal(difference, zero)));
      } catch (error) {
        if (!(error instanceof LimitError || error instanceof DomainError)) throw error;
      }
    }
  }
  forms.signs.infer();
}

/** Where only one side is defined, and what the proof left out and could not be shown by itself. */
function conditionsOf(
  algebra: Algebra,
  left: Expr,
  right: Expr,
  within: readonly Expr[],
  assumed: ReadonlySet<Expr>,
  depth: number,
): Proof {
  const of = domainConditions(algebra, left);
  const other = domainConditions(algebra, right);
  const needed: Expr[] = [];
  let edges = 0;
  for (const condition of assumed) {
    if (of.includes(condition) && other.includes(condition)) continue;
    if (edges++ < MAX_EDGES && holdsOnEdge(algebra, condition, left, right, within, depth)) continue;
    needed.push(condition);
  }
  const differing = [
    ...of.filter((c) => !other.includes(c)),
    ...other.filter((c) => !of.includes(c)),
    ...needed,
  ];
  if (differing.some((c) => c.kind === 'constant' && c.name === 'false'))
    return { isProved: false, why: 'the sides are nowhere defined together' };
  const known = new Set(within.flatMap((e) => domainConditions(algebra, e)));
  const conditions = withoutImplied(algebra, [...differing, ...known]).filter(
    (c) => !known.has(c) && c.kind !== 'constant' && !holdsEverywhere(algebra, c),
  );
  return { isProved: true, conditions };
}

/** Whether u != 0 or u <= v evidently holds wherever its parts have values; |u| <= v does where u² <= v². */
function holdsEverywhere(algebra: Algebra, condition: Expr): boolean {
  if (condition.kind !== 'call') return false;
  const excluded = condition.name === 'not' ? condition.args[0]!.args[0] : undefined;
  if (excluded) return isNeverZero(excluded);
  if (condition.name !== 'lessEqual') return false;
  const { $ } = algebra;
  const [a, b] = condition.args as [Expr, Expr];
  const isSize = a.kind === 'call' && a.name === 'abs';
  const differences = isSize ? [b, $.sub($.square(b), $.square(a.args[0]!))] : [$.sub(b, a)];
  const forms = new NormalForms(algebra);
  return withMeanings(algebra, differences).every((difference) => {
    const form = forms.of(difference);
    return forms.table.isZero(form) || constantValue(forms.signs.ofPolynomial(form))?.re.sign === 1;
  });
}

/** Whether the sides are equal also where u = 0, for a condition u != 0 that can be solved for a variable. */
function holdsOnEdge(
  algebra: Algebra,
  condition: Expr,
  left: Expr,
  right: Expr,
  within: readonly Expr[],
  depth: number,
): boolean {
  if (depth === 0 || condition.kind !== 'call' || condition.name !== 'not') return false;
  const u = condition.args[0]!.args[0]!;
  const solved = solvedFor(algebra, u);
  if (!solved) return false;
  const [a, b, ...others] = replaced(algebra, [left, right, ...within], solved.variable, solved.value);
  const proof = proveWithEdges(algebra, a!, b!, others, depth - 1);
  return proof.isProved && proof.conditions.length === 0;
}

/** The value of a variable for which a linear expression is zero: u = c·x + rest with a number c. */
function solvedFor(algebra: Algebra, u: Expr): { variable: Expr; value: Expr } | undefined {
  const terms = u.kind === 'sum' ? u.args : [u];
  for (const term of terms) {
    const variable = term.kind === 'product' && term.args.length === 1 ? term.args[0]! : term;
    if (variable.kind !== 'sym') continue;
    const coefficient = term.kind === 'product' ? term.coefficient : Rational.ONE;
    if (terms.some((other) => other !== term && postorder([other]).includes(variable))) continue;
    const rest = algebra.sum([u, algebra.product([algebra.minusOne, term])]);
    return { variable, value: algebra.product([algebra.num(coefficient.pow(-1n).neg()), rest]) };
  }
  return undefined;
}

function replaced(algebra: Algebra, roots: readonly Expr[], variable: Expr, value: Expr): Expr[] {
  const results = new Map<Expr, Expr>();
  for (const node of postorder(roots)) {
    const args = node.args.map((arg) => results.get(arg)!);
    results.set(node, node === variable ? value : algebra.rebuild(node, args));
  }
  return roots.map((root) => results.get(root)!);
}
