// Whether an algebraic number is zero. If it is not, its size has a lower bound that its expression tells (Burnikel,
// Funke, Mehlhorn, Schirra, Schmitt 2009): the number is U/L with algebraic integers U and L whose conjugates are at
// most u and l, in a field of degree D, so that |U/L| >= 1/(u^(D-1) l). An enclosure below the bound is zero.

import { balls } from './ball.ts';
import { foldAll } from './fold.ts';
import type { Expr } from './node.ts';
import { lcm, type Rational } from './rational.ts';
import { postorder } from './walk.ts';

/** Binary logarithms of u and l. */
interface Bound {
  readonly u: number;
  readonly l: number;
}

/** More bits than this are not worked out. */
const MAX_BITS = 12_000;

/** Larger orders of roots of unity are not looked at. */
const MAX_ORDER = 5000n;

/** Whether a number made of rationals by arithmetic, roots, and sines and cosines of parts of π is zero. */
export function isZeroNumber(e: Expr): boolean {
  const found = boundOf(e);
  if (!found) return false;
  const { bound, degree } = found;
  const bits = Math.ceil((degree - 1) * bound.u + bound.l) + 8;
  if (!(bits <= MAX_BITS)) return false;
  const precision = bits + 64;
  const [value] = foldAll([e], balls(precision) as never, {}) as [
    { middle: bigint; radius: bigint } | undefined,
  ];
  if (!value) return false;
  const size = (value.middle < 0n ? -value.middle : value.middle) + value.radius;
  return size < 1n << BigInt(precision - bits);
}

/** The bound of an expression and the degree of a field that has it; nothing where it is not of this kind. */
function boundOf(e: Expr): { bound: Bound; degree: number } | undefined {
  const bounds = new Map<Expr, Bound>();
  let degree = 1;
  let order = 1n;
  for (const node of postorder([e])) {
    const angle = turnOf(node);
    if (angle) {
      // cos θ = (ζ + ζ⁻¹)/2, sin θ = (ζ - ζ⁻¹)/2i
      order = lcm(order, lcm(2n * angle.q, 4n));
      if (order > MAX_ORDER) return undefined;
      bounds.set(node, { u: 1, l: 1 });
      continue;
    }
    const bound = ownBound(node, (arg) => bounds.get(arg));
    if (bound) {
      bounds.set(node, bound);
      degree *= rootDegree(node);
    }
  }
  const bound = bounds.get(e);
  return bound && { bound, degree: degree * totient(order) };
}

/** θ/π, for sin θ and cos θ of a rational multiple of π. */
function turnOf(node: Expr): Rational | undefined {
  if (node.kind !== 'call' || (node.name !== 'sin' && node.name !== 'cos')) return undefined;
  const angle = node.args[0]!;
  if (angle.kind !== 'product' || angle.args.length !== 1) return undefined;
  const [pi] = angle.args;
  return pi!.kind === 'constant' && pi!.name === 'pi' ? angle.coefficient : undefined;
}

const rational = ({ p, q }: Rational): Bound => ({ u: log2(p), l: log2(q) });

const log2 = (n: bigint): number => {
  const digits = (n < 0n ? -n : n).toString(16);
  return n === 0n
    ? 0
    : Math.log2(Number.parseInt(digits.slice(0, 12), 16) + 1) + 4 * Math.max(0, digits.length - 12);
};

const times = (a: Bound, b: Bound): Bound => ({ u: a.u + b.u, l: a.l + b.l });
const plus = (a: Bound, b: Bound): Bound => ({ u: Math.max(a.u + b.l, b.u + a.l) + 1, l: a.l + b.l });

function ownBound(node: Expr, of: (arg: Expr) => Bound | undefined): Bound | undefined {
  const args = node.args.map(of);
  switch (node.kind) {
    case 'num':
      return rational(node.value);
    case 'sum':
      return args.every((arg) => arg !== undefined) ? args.reduce(plus, rational(node.constant)) : undefined;
    case 'product':
      return args.every((arg) => arg !== undefined)
        ? args.reduce(times, rational(node.coefficient))
        : undefined;
    case 'power': {
      const exponent = node.args[1]!;
      return args[0] && exponent.kind === 'num' ? power(args[0], exponent.value) : undefined;
    }
    case 'call':
      if (node.name === 'cbrt') return args[0] && root(args[0], 3);
      return node.name === 'abs' ? args[0] : undefined;
    default:
      return undefined;
  }
}

function power(base: Bound, exponent: Rational): Bound {
  const n = Math.abs(Number(exponent.p));
  const { u, l } = root(base, Number(exponent.q));
  return exponent.p < 0n ? { u: n * l, l: n * u } : { u: n * u, l: n * l };
}

/** (U/L)^(1/k) = (U L^(k-1))^(1/k) / L, or U / (U^(k-1) L)^(1/k) */
function root({ u, l }: Bound, k: number): Bound {
  return u >= l ? { u: (u + (k - 1) * l) / k, l } : { u, l: ((k - 1) * u + l) / k };
}

function rootDegree(node: Expr): number {
  if (node.kind === 'call' && node.name === 'cbrt') return 3;
  const exponent = node.kind === 'power' ? node.args[1]! : undefined;
  return exponent?.kind === 'num' ? Number(exponent.value.q) : 1;
}

/** Euler's φ. */
function totient(n: bigint): number {
  let result = Number(n);
  let rest = n;
  for (let d = 2n; d * d <= rest; d++) {
    if (rest % d !== 0n) continue;
    while (rest % d === 0n) rest /= d;
    result -= result / Number(d);
  }
  return rest > 1n ? result - result / Number(rest) : result;
}
