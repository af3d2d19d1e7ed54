// Special functions of real numbers in double precision. Each agrees with mpmath to a few units in the last
// place on the points of the fixture beside the tests.

const SQRT_PI = 1.772453850905516;

/** The even Bernoulli numbers B2, B4, … B24, which the asymptotic series below share. */
const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
  -236364091 / 2730,
] as const;

/** From here on the asymptotic series reach double precision; smaller arguments are shifted up by recurrence. */
const ASYMPTOTIC = 16;

/** `exp(-x²)` without the error that rounding `x²` would bring: `x` is split so that the square of its head is exact. */
function expMinusSquare(x: number): number {
  const head = Math.fround(x);
  return Math.exp(-head * head) * Math.exp((head - x) * (head + x));
}

/** erf(x) for |x| < 2.5: 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms are all of one sign. DLMF 7.6.2. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * expMinusSquare(x) * sum;
}

/** erfc(x) for x >= 1: the continued fraction of DLMF 7.9.2, evaluated from its tail. */
function erfcFraction(x: number): number {
  const depth = x > 6 ? 20 : x > 2 ? 80 : 300;
  let tail = x;
  for (let k = depth; k >= 1; k--) tail = x + k / 2 / tail;
  return expMinusSquare(x) / (SQRT_PI * tail);
}

/** The error function 2/√π ∫₀ˣ e^(-t²) dt. */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) < 2.5) return x === 0 ? x : erfSeries(x);
  return Math.sign(x) * (1 - erfc(Math.abs(x)));
}

/** The complementary error function 1 - erf(x), accurate where it is tiny. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0.5) return 1 - erf(x);
  if (x > 27.5) return 0;
  return x < 1 ? 1 - erfSeries(x) : erfcFraction(x);
}

const isPole = (x: number) => x <= 0 && Number.isInteger(x);

/** sin(πx) with the argument reduced before the multiplication, so that it is exact at integers. */
function sinPi(x: number): number {
  const r = x - 2 * Math.round(x / 2);
  if (Math.abs(r) <= 0.25) return Math.sin(Math.PI * r);
  if (Math.abs(r) <= 0.75) return Math.sign(r) * Math.cos(Math.PI * (Math.abs(r) - 0.5));
  return Math.sign(r) * Math.sin(Math.PI * (1 - Math.abs(r)));
}

/** Σ B₂ₖ / (2k (2k-1) x^(2k-1)), the correction in Stirling's series of log Γ. DLMF 5.11.1. */
function stirlingCorrection(x: number): number {
  const inverseSquare = 1 / (x * x);
  let sum = 0;
  for (let k = BERNOULLI.length; k >= 1; k--) {
    sum = sum * inverseSquare + BERNOULLI[k - 1]! / (2 * k * (2 * k - 1));
  }
  return sum / x;
}

/** The gamma function; NaN at its poles 0, -1, -2, … */
export function gamma(x: number): number {
  if (isPole(x) || x === -Infinity) return Number.NaN;
  if (x < 0.5) return Math.PI / (sinPi(x) * gamma(1 - x));
  if (x > 171.7) return Infinity;
  if (Number.isInteger(x)) return factorial(x - 1);
  let shifted = x;
  let product = 1;
  for (; shifted < ASYMPTOTIC; shifted++) product *= shifted;
  const root = shifted ** (shifted / 2 - 0.25);
  const correction = Math.exp(stirlingCorrection(shifted));
  return (Math.sqrt(2 * Math.PI) * root * Math.exp(-shifted) * root * correction) / product;
}

function factorial(n: number): number {
  let product = 1;
  for (let k = 2; k <= n; k++) product *= k;
  return product;
}

/** log |Γ(x)|; +Infinity at the poles. */
export function lgamma(x: number): number {
  if (isPole(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(sinPi(x))) - lgamma(1 - x);
  if (Math.abs(x - 1) < 0.35) return lgammaNearOne(x - 1);
  if (Math.abs(x - 2) < 0.35) return lgammaNearOne(x - 2) + Math.log1p(x - 2);
  if (x < ASYMPTOTIC) return Math.log(gamma(x));
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + stirlingCorrection(x);
}

/** Euler's constant. */
const EULER = 0.5772156649015329;

/**
 * log Γ(1+z) for |z| < 0.35, where the zero at z = 0 asks for a series:
 * -log(1+z) + z(1-γ) + Σ_{n≥2} (-1)ⁿ (ζ(n)-1) zⁿ / n. DLMF 5.7.3.
 */
function lgammaNearOne(z: number): number {
  let sum = 0;
  for (let n = 40; n >= 2; n--) sum = sum * -z + zetaMinusOne(n) / n;
  return -Math.log1p(z) + z * (1 - EULER) + sum * z * z;
}

/** ζ(n) - 1 by eight terms and the Euler-Maclaurin tail. DLMF 25.2.9. */
function zetaMinusOne(n: number): number {
  const start = 8;
  let sum = start ** (1 - n) / (n - 1) + start ** -n / 2;
  let rising = n;
  let factorial = 2;
  for (let k = 1; k <= 6; k++) {
    sum += (BERNOULLI[k - 1]! * rising * start ** (1 - n - 2 * k)) / factorial;
    rising *= (n + 2 * k - 1) * (n + 2 * k);
    factorial *= (2 * k + 1) * (2 * k + 2);
  }
  for (let m = start - 1; m >= 2; m--) sum += m ** -n;
  return sum;
}

/** The digamma function Γ'/Γ; NaN at its poles. */
export const digamma = (x: number): number => polygamma(0, x);

/** The n-th derivative of digamma, n = 0, 1, 2, …; NaN for other n and at the poles. DLMF 5.15. */
export function polygamma(n: number, x: number): number {
  if (!Number.isInteger(n) || n < 0 || n > 100 || isPole(x) || Number.isNaN(x) || x === -Infinity) {
    return Number.NaN;
  }
  const sign = n % 2 === 0 ? -1 : 1;
  if (x < 0.5) return -sign * polygamma(n, 1 - x) - Math.PI * cotDerivative(n, x);
  const scale = factorial(n);
  let shifted = x;
  let sum = 0;
  for (; shifted < ASYMPTOTIC + n; shifted++) sum += shifted ** (-n - 1);
  return sign * scale * sum + polygammaAsymptotic(n, shifted, sign);
}

/** DLMF 5.15.8 and 5.11.2, the leading term of digamma being log x. */
function polygammaAsymptotic(n: number, x: number, sign: number): number {
  if (n === 0) {
    let sum = 0;
    for (let k = BERNOULLI.length; k >= 1; k--) sum = (sum + BERNOULLI[k - 1]! / (2 * k)) / (x * x);
    return Math.log(x) - 1 / (2 * x) - sum;
  }
  let rising = factorial(n - 1);
  let sum = rising * x ** -n + (rising * n * x ** (-n - 1)) / 2;
  rising *= (n * (n + 1)) / 2;
  for (let k = 1; k <= BERNOULLI.length; k++) {
    sum += BERNOULLI[k - 1]! * rising * x ** (-n - 2 * k);
    rising *= ((n + 2 * k) * (n + 2 * k + 1)) / ((2 * k + 1) * (2 * k + 2));
  }
  return sign * sum;
}

/** The n-th derivative of cot(πx) by x: πⁿ Pₙ(cot πx) with P₀(c) = c, Pₙ₊₁(c) = -(1+c²) Pₙ'(c). */
function cotDerivative(n: number, x: number): number {
  let coefficients = [0, 1];
  for (let step = 0; step < n; step++) {
    const next = new Array<number>(coefficients.length + 1).fill(0);
    for (let k = 1; k < coefficients.length; k++) {
      next[k - 1]! -= k * coefficients[k]!;
      next[k + 1]! -= k * coefficients[k]!;
    }
    coefficients = next;
  }
  const c = sinPi(x + 0.5) / sinPi(x);
  return Math.PI ** n * coefficients.reduceRight((sum, coefficient) => sum * c + coefficient, 0);
}
