// Polynomials in one variable over the integers modulo a prime below 2^26, so that products of residues are exact
// doubles.

/** Coefficients, the constant first, without a leading zero; the zero polynomial is empty. */
export type Residues = readonly number[];

export function trimmed<T extends number | bigint>(coefficients: T[]): T[] {
  // biome-ignore lint/suspicious/noDoubleEquals: the zero of both numbers and big integers
  while (coefficients.length > 0 && coefficients.at(-1)! == 0) coefficients.pop();
  return coefficients;
}

/** The residue of an integer in [0, p). */
export function residue(n: bigint, p: number): number {
  const r = Number(n % BigInt(p));
  return r < 0 ? r + p : r;
}

/** a^n mod p. */
export function powerOf(a: number, n: number, p: number): number {
  let result = 1;
  let square = a;
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

const inverseOf = (a: number, p: number) => powerOf(a, p - 2, p);

export function monic(f: Residues, p: number): Residues {
  const lead = f.at(-1) ?? 1;
  if (lead === 1) return f;
  const by = inverseOf(lead, p);
  return f.map((c) => (c * by) % p);
}

export function multiply(f: Residues, g: Residues, p: number): Residues {
  if (f.length === 0 || g.length === 0) return [];
  const product = new Array<number>(f.length + g.length - 1).fill(0);
  for (let i = 0; i < f.length; i++)
    for (let j = 0; j < g.length; j++) product[i + j] = (product[i + j]! + f[i]! * g[j]!) % p;
  return product;
}

export function subtract(f: Residues, g: Residues, p: number): Residues {
  const length = Math.max(f.length, g.length);
  return trimmed(Array.from({ length }, (_, i) => ((f[i] ?? 0) - (g[i] ?? 0) + p) % p));
}

/** Quotient and remainder by a divisor that is not zero. */
export function divide(f: Residues, g: Residues, p: number): [quotient: Residues, remainder: Residues] {
  const rest = [...f];
  const top = g.length - 1;
  const by = inverseOf(g[top]!, p);
  const quotient = new Array<number>(Math.max(f.length - top, 0)).fill(0);
  for (let i = f.length - 1; i >= top; i--) {
    const factor = (rest[i]! * by) % p;
    if (factor === 0) continue;
    quotient[i - top] = factor;
    for (let j = 0; j <= top; j++) rest[i - top + j] = (rest[i - top + j]! + (p - factor) * g[j]!) % p;
  }
  return [trimmed(quotient), trimmed(rest.slice(0, Math.min(top, f.length)))];
}

export const remainder = (f: Residues, g: Residues, p: number): Residues => divide(f, g, p)[1];

/** The monic greatest common divisor. */
export function residueGcd(f: Residues, g: Residues, p: number): Residues {
  let [a, b] = [f, g];
  while (b.length > 0) [a, b] = [b, remainder(a, b, p)];
  return monic(a, p);
}

/** s and t with s·f + t·g = 1, for coprime f and g. */
export function bezout(f: Residues, g: Residues, p: number): [s: Residues, t: Residues] {
  let [a, b] = [f, g];
  let [s, t]: [Residues, Residues] = [[1], []];
  let [u, v]: [Residues, Residues] = [[], [1]];
  while (b.length > 0) {
    const [quotient, rest] = divide(a, b, p);
    [a, b] = [b, rest];
    [s, u] = [u, subtract(s, multiply(quotient, u, p), p)];
    [t, v] = [v, subtract(t, multiply(quotient, v, p), p)];
  }
  const by = [inverseOf(a[0]!, p)];
  return [multiply(s, by, p), multiply(t, by, p)];
}

export const derivative = (f: Residues, p: number): Residues =>
  trimmed(f.slice(1).map((c, i) => (c * ((i + 1) % p)) % p));

/** f^n modulo g. */
export function powerModulo(f: Residues, n: bigint, g: Residues, p: number): Residues {
  let result: Residues = remainder([1], g, p);
  let square = remainder(f, g, p);
  for (let left = n; left > 0n; left >>= 1n) {
    if (left & 1n) result = remainder(multiply(result, square, p), g, p);
    if (left > 1n) square = remainder(multiply(square, square, p), g, p);
  }
  return result;
}
