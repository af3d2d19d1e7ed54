// Γ and its logarithmic derivatives over intervals, by Taylor coefficients of the incomplete gamma function.

import { add, div, type Interval, integer, mul, neg, sizeOf, sub, Undecided, widened } from './arithmetic.ts';
import { floorOf, plus, size } from './float.ts';
import { exp, log } from './functions.ts';

type Jet = readonly Interval[];

const jetTimes = (a: Jet, b: Jet): Jet =>
  a.map((_, n) => a.slice(0, n + 1).reduce((sum, x, i) => add(sum, mul(x, b[n - i]!)), integer(0)));

/** a / (c + ε) */
function jetOver(a: Jet, c: Interval): Jet {
  const result: Interval[] = [];
  a.forEach((x, n) => {
    result.push(div(n === 0 ? x : sub(x, result[n - 1]!), c));
  });
  return result;
}

/** Where the incomplete gamma function is cut off. */
const CUT = 200;

/**
 * The Taylor coefficients of Γ at x: the integral up to CUT as Σ CUT^(x+k) e^-CUT / (x (x+1) … (x+k)), for x in [1, 2];
 * the rest of the integral of t^(x-1) (log t)^n e^-t is less than 2 CUT^(1+n/2) e^-CUT. Other x by recurrence.
 */
function gammaJet(x: Interval, order: number): Jet {
  const steps = floorOf(x.low) - 1n;
  if (size(steps) > 400n) throw new Undecided('a large argument of gamma');
  const base = sub(x, integer(steps));
  const cut = integer(CUT);
  const small = exp(neg(cut));
  const logCut = log(cut);
  let coefficient = mul(exp(mul(base, logCut)), small);
  const powers: Interval[] = [];
  for (let n = 0; n <= order; n++) {
    powers.push(coefficient);
    coefficient = div(mul(coefficient, logCut), integer(n + 1));
  }
  let term = jetOver(powers, base);
  let sum = term;
  for (let k = 1; k < 1200; k++) {
    term = jetOver(
      term.map((part) => mul(part, cut)),
      add(base, integer(k)),
    );
    sum = sum.map((part, n) => add(part, term[n]!));
  }
  // By then a term is less than a fifth of the one before, whatever the derivative.
  const rest = sum.map((_, n) =>
    plus(sizeOf(mul(integer(2n * BigInt(CUT) ** BigInt(1 + n)), small)), sizeOf(term[n]!)),
  );
  let jet: Jet = sum.map((part, n) => widened(part, rest[n]!));
  const factor = (c: Interval): Jet => jet.map((_, n) => (n === 0 ? c : integer(n === 1 ? 1 : 0)));
  for (let j = 0n; j < steps; j++) jet = jetTimes(jet, factor(add(base, integer(j))));
  for (let j = -1n; j >= steps; j--) jet = jetOver(jet, add(base, integer(j)));
  return jet;
}

export const gamma = (x: Interval) => gammaJet(x, 0)[0]!;

/** ψ⁽ᵐ⁾ = (m+1)! times the coefficient of ε^(m+1) in log Γ(x + ε). */
export function polygammaAt(m: number, x: Interval): Interval {
  const g = gammaJet(x, m + 1);
  const logarithm: Interval[] = [integer(0)];
  for (let n = 1; n <= m + 1; n++) {
    let sum = mul(integer(n), g[n]!);
    for (let i = 1; i < n; i++) sum = sub(sum, mul(integer(i), mul(logarithm[i]!, g[n - i]!)));
    logarithm.push(div(sum, mul(integer(n), g[0]!)));
  }
  let factorial = 1;
  for (let n = 2; n <= m + 1; n++) factorial *= n;
  return mul(integer(factorial), logarithm[m + 1]!);
}
