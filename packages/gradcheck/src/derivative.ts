import { centralDifference, type Quotient, representable } from './centralDifference.ts';
import { requireOption } from './GradcheckError.ts';

export interface DerivativeOptions {
  /** Which derivative: the first (default) or the second. */
  readonly order?: 1 | 2;
  /** The widest step that is tried; by default a tenth of max(1, |x|). */
  readonly step?: number;
  /** Relative precision of the values of f: 2^-52 by default, 2^-23 for one that computes in single precision. */
  readonly epsilon?: number;
}

export interface Estimate {
  readonly value: number;
  /** How far off `value` may be, in the judgement of the method; Infinity where it found no value. */
  readonly error: number;
}

/**
 * The derivative of `f` at `x`, measured, with an estimate of its own error.
 *
 * Ridders' method: central differences at steps h, h/2, h/4, … are extrapolated to h = 0 (Richardson), and the entry
 * of the tableau that agrees best with its neighbours is taken. Three things are added, so that the error is honest:
 * the rounding of f counts, measured at the smallest steps where cancellation inside f makes it large; a value that
 * the quotients at smaller steps contradict is off by as much as they say; and the search does not stop at the first
 * rise of the error. A step at which f is not finite is passed over, so that points near the edge of a domain can be
 * measured too. Where f has a kink, the answer is the mean of the slopes on both sides.
 *
 * C. J. F. Ridders, "Accurate computation of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982);
 * Numerical Recipes, 3rd edition, section 5.7.
 *
 * @example
 * import { derivative } from '@leibniz/gradcheck';
 *
 * const { value, error } = derivative(Math.sin, 1);
 * Math.abs(value - Math.cos(1)) <= error; // => true
 * error < 1e-11; // => true
 *
 * derivative((x) => x ** 3, 2, { order: 2 }).value.toFixed(8); // => 12.00000000
 */
export function derivative(f: (x: number) => number, x: number, options: DerivativeOptions = {}): Estimate {
  const { order = 1, step = 0.1 * Math.max(1, Math.abs(x)), epsilon = Number.EPSILON } = options;
  if (!Number.isFinite(x)) return NOTHING;
  requireOption('order', order, order === 1 || order === 2, '1 or 2');
  requireOption('step', step, step > 0 && Number.isFinite(step), 'a positive number');
  requireOption('epsilon', epsilon, epsilon >= 0 && epsilon < 1, 'at least 0 and less than 1');
  return best(
    tableau((h) => centralDifference[order](f, x, representable(x, h), epsilon), step),
    order,
  );
}

const NOTHING: Estimate = { value: Number.NaN, error: Number.POSITIVE_INFINITY };

/** One step of Ridders' tableau: the quotient, then ever higher extrapolations of it and of the rows above. */
interface Row {
  readonly h: number;
  readonly rounding: number;
  readonly entries: readonly number[];
}

/** Rows at h, h/2, h/4, …: as many as have finite quotients, at most ROWS of them after HALVINGS halvings. */
const ROWS = 20;
const HALVINGS = 48;

function tableau(quotientAt: (h: number) => Quotient, step: number): Row[] {
  const rows: Row[] = [];
  for (let i = 0; i < HALVINGS && rows.length < ROWS; i++) {
    const h = step / 2 ** i;
    const { value, rounding } = quotientAt(h);
    if (Number.isFinite(value))
      rows.push({ h, rounding, entries: extrapolated(value, rows.at(-1)?.entries ?? []) });
  }
  return rows;
}

/** Each entry removes one more even power of h: T[j] = T[j-1] + (T[j-1] - above[j-1]) / (4^j - 1). */
function extrapolated(quotient: number, above: readonly number[]): number[] {
  const entries = [quotient];
  for (const [j, coarser] of above.entries()) {
    const finer = entries[j]!;
    entries.push(finer + (finer - coarser) / (4 ** (j + 1) - 1));
  }
  return entries;
}

function best(rows: readonly Row[], order: 1 | 2): Estimate {
  const noise = noiseOf(rows, order);
  // Extrapolation at most doubles what rounding does to the quotients.
  const blur = rows.map(({ h, rounding }) => 2 * (rounding + noise / h ** order));
  let found = NOTHING;
  for (let i = 1; i < rows.length; i++) {
    const [entries, above] = [rows[i]!.entries, rows[i - 1]!.entries];
    for (const [j, coarser] of above.entries()) {
      const [finer, value] = [entries[j]!, entries[j + 1]!];
      const error = Math.max(Math.abs(value - finer), Math.abs(value - coarser)) + blur[i]!;
      if (error < found.error)
        found = leastOff(found, { value, error: error + contradiction(value, rows, blur, i) });
    }
  }
  return found;
}

const leastOff = (a: Estimate, b: Estimate) => (b.error < a.error ? b : a);

/**
 * What f is off by from a smooth function, seen in how the quotients jump about at the four smallest steps. They are
 * taken where two extrapolations have removed what still depends smoothly on h.
 */
function noiseOf(rows: readonly Row[], order: 1 | 2): number {
  const jumps = rows.slice(1).map((row, i) => {
    const [below, above] = [row.entries[2], rows[i]!.entries[2]];
    return below === undefined || above === undefined ? 0 : Math.abs(below - above) * row.h ** order;
  });
  return Math.max(0, ...jumps.slice(-4)) / 2;
}

/** How far `value` lies outside of what the quotients after row `i` allow for. */
function contradiction(value: number, rows: readonly Row[], blur: readonly number[], i: number): number {
  let most = 0;
  for (let k = i + 1; k < rows.length; k++) {
    const [quotient, coarser] = [rows[k]!.entries[0]!, rows[k - 1]!.entries[0]!];
    most = Math.max(most, Math.abs(value - quotient) - Math.abs(quotient - coarser) - blur[k]!);
  }
  return most;
}
