// Every committed claim as a pair of sides, with what is to come out.

import {
  diff,
  type EqualOptions,
  type Expr,
  evaluate,
  parse,
  SymbolicError,
  substitute,
  variables,
} from '@leibniz/symbolic';
import { antiderivatives } from './antiderivatives.ts';
import { gradientRules } from './gradientRules.ts';
import { identities } from './identities.ts';
import { mutant } from './mutants.ts';
import { physics } from './physics.ts';
import { traps } from './traps.ts';

export interface Claim {
  /** The claim as it is written in its table. */
  readonly text: string;
  readonly left: Expr;
  readonly right: Expr;
  readonly options: EqualOptions;
}

export interface ClaimSet {
  readonly name: string;
  readonly claims: readonly Claim[];
  /** Whether the claims hold, and which part of them must be proved or refuted. */
  readonly holds: boolean;
  readonly rate: number;
}

function claim(
  left: Expr | string,
  right: Expr | string,
  positive: string | undefined,
  text = `${left} = ${right}`,
): Claim {
  const names = positive?.split(' ') ?? [];
  const assume = Object.fromEntries(names.map((name) => [name, 'positive' as const]));
  const toExpr = (side: Expr | string) => (typeof side === 'string' ? parse(side) : side);
  return { text, left: toExpr(left), right: toExpr(right), options: { assume } };
}

const integrals = antiderivatives.map(([f, antiderivative, positive]) =>
  claim(diff(antiderivative, 'x'), f, positive, `d/dx ${antiderivative} = ${f}`),
);

const rules = gradientRules.map(([f, wrt, rule, positive]) =>
  claim(
    substitute('grad*d', { d: diff(f, wrt) }),
    substitute(rule, { result: f }),
    positive,
    `d/d${wrt} ${f} = ${rule}`,
  ),
);

const formulas = physics.map(([f, wrt, derivative, positive]) =>
  claim(diff(f, wrt), derivative, positive, `d/d${wrt} ${f} = ${derivative}`),
);

const equations = identities.map(([left, right, positive]) => claim(left, right, positive));

/** Whether doubles show that the sides differ, at some point of a fixed list. */
export function visiblyDiffer({ left, right, options: { assume = {} } }: Claim): boolean {
  const names = [...new Set([...variables(left), ...variables(right)])];
  for (let i = 0; i < 60; i++) {
    const at = Object.fromEntries(
      names.map((name, j) => {
        const size = (((i * 29 + j * 17 + 5) % 61) + 1) / (i % 3 === 0 ? 61 : 19);
        return [name, assume[name] !== 'positive' && (i + j) % 4 === 3 ? -size : size];
      }),
    );
    const [a, b] = [evaluate(left, at), evaluate(right, at)];
    if (Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) > 1e-6 * (1 + Math.abs(a) + Math.abs(b)))
      return true;
  }
  return false;
}

/** One-edit mutants of true claims that doubles show to be false. */
function mutants(
  texts: readonly (readonly [left: Expr, right: string, positive: string | undefined])[],
): Claim[] {
  return texts.flatMap(([left, right, positive], i) => {
    const edited = mutant(right, i + 1);
    if (edited === undefined) return [];
    try {
      const made = claim(left, edited, positive, `${left} = ${edited}`);
      return visiblyDiffer(made) ? [made] : [];
    } catch (error) {
      if (error instanceof SymbolicError) return [];
      throw error;
    }
  });
}

const edited = mutants([
  ...antiderivatives.map(([f, g, positive]) => [diff(g, 'x'), f, positive] as const),
  ...gradientRules.map(([f, x, rule, positive]) => {
    const result = `(${f})`;
    return [substitute('grad*d', { d: diff(f, x) }), rule.replaceAll('result', result), positive] as const;
  }),
  ...physics.map(([f, x, derivative, positive]) => [diff(f, x), derivative, positive] as const),
  ...identities.map(([left, right, positive]) => [parse(left), right, positive] as const),
]);

export const claimSets: readonly ClaimSet[] = [
  { name: 'antiderivatives', claims: integrals, holds: true, rate: 0.97 },
  { name: 'gradient rules', claims: rules, holds: true, rate: 1 },
  { name: 'physics', claims: formulas, holds: true, rate: 1 },
  { name: 'identities', claims: equations, holds: true, rate: 0.97 },
  {
    name: 'traps',
    claims: traps.map(([left, right, positive]) => claim(left, right, positive)),
    holds: false,
    rate: 0.97,
  },
  { name: 'mutants', claims: edited, holds: false, rate: 0.95 },
];
