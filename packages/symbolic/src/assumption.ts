import type { Algebra } from './algebra.ts';
import { DomainError } from './errors.ts';
import { FACT } from './facts.ts';
import type { Expr, Facts, Sym } from './node.ts';
import { memoise, postorder } from './walk.ts';

/** What may be known of a variable besides that it is real. */
export type Assumption = 'real' | 'positive' | 'nonnegative' | 'nonzero' | 'integer';

/** What is known of variables, by their names. */
export type Assumptions = Readonly<Record<string, Assumption | readonly Assumption[]>>;

const MEANING: Readonly<Record<Assumption, Facts>> = {
  real: 0,
  positive: FACT.nonnegative | FACT.nonzero,
  nonnegative: FACT.nonnegative,
  nonzero: FACT.nonzero,
  integer: FACT.integer,
};

/** The facts that are assumed of each variable. */
export function assumedFacts(assume: Assumptions): ReadonlyMap<string, Facts> {
  return new Map(
    Object.entries(assume).map(([name, given]) => [
      name,
      [given].flat().reduce((facts, assumption) => facts | meaning(name, assumption), 0),
    ]),
  );
}

function meaning(name: string, assumption: string): Facts {
  if (Object.hasOwn(MEANING, assumption)) return MEANING[assumption as Assumption];
  throw new DomainError(
    `Cannot assume that ${name} is ${assumption}: known are ${Object.keys(MEANING).join(', ')}`,
  );
}

/** The facts of the variables under the roots: a name stands for one variable, of which all is true that is said anywhere. */
export function factsOfVariables(roots: readonly Expr[]): Map<string, Facts> {
  const known = new Map<string, Facts>();
  for (const node of postorder(roots)) {
    if (node.kind === 'sym') known.set(node.name, (known.get(node.name) ?? 0) | node.facts);
  }
  return known;
}

/** The expressions with all known of each variable that is assumed here or in any of them. */
export function withAssumptions(
  algebra: Algebra,
  roots: readonly Expr[],
  assumed: ReadonlyMap<string, Facts>,
): Expr[] {
  const known = factsOfVariables(roots);
  if (assumed.size === 0 && [...known.values()].every((facts) => facts === FACT.total)) return [...roots];
  return rewritten(algebra, roots, ({ name }) => known.get(name)! | (assumed.get(name) ?? 0));
}

/** Takes from results what was assumed of their variables beyond what the given expressions know. */
export function forgetting(algebra: Algebra, given: readonly Expr[]): (e: Expr) => Expr {
  const known = factsOfVariables(given);
  return (e) => rewritten(algebra, [e], ({ name, facts }) => known.get(name) ?? facts)[0]!;
}

function rewritten(algebra: Algebra, roots: readonly Expr[], factsOf: (variable: Sym) => Facts): Expr[] {
  return memoise<Expr>(roots, (node, resultOf) =>
    node.kind === 'sym'
      ? algebra.sym(node.name, factsOf(node))
      : algebra.rebuild(node, node.args.map(resultOf)),
  );
}

/** An expression of variables of which nothing is assumed, and what was, as conditions on the variable x. */
export function asConditions(algebra: Algebra, e: Expr, x: string): { plain: Expr; conditions: Expr[] } {
  const facts = factsOfVariables([e]).get(x) ?? 0;
  const [plain] = rewritten(algebra, [e], () => 0) as [Expr];
  const { $, zero } = algebra;
  const variable = algebra.sym(x);
  const conditions = [
    ...(facts & FACT.nonnegative ? [$.lessEqual(zero, variable)] : []),
    ...(facts & FACT.nonzero ? [$.not($.equal(variable, zero))] : []),
    ...(facts & FACT.integer ? [$.equal($.floor(variable), variable)] : []),
  ] as Expr[];
  return { plain, conditions };
}
