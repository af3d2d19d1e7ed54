// Scales of charts: from values to positions 0 to 1, with ticks at numbers that people like.

export interface Tick {
  readonly value: number;
  /** Empty for the lines between the labelled ones. */
  readonly label: string;
}

export interface Scale {
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly Tick[];
  /** Where a value lies between the ends of the domain: 0 to 1, or NaN for what the scale has no place for. */
  readonly at: (value: number) => number;
}

export interface ScaleOptions {
  /** About how many ticks are labelled. */
  readonly count: number;
  readonly log?: boolean;
  /** Widens the domain to the next ticks. */
  readonly nice?: boolean;
}

/** The scale for some values; those that are not finite, or too large to be drawn, do not count. */
export function scaleOf(values: Iterable<number>, { count, log = false, nice = false }: ScaleOptions): Scale {
  const counts = log ? (v: number) => v > TINY && v < HUGE : (v: number) => Math.abs(v) < HUGE;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!counts(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range: Range = low > high ? (log ? [0.1, 1] : [0, 1]) : widened(low, high);
  const { domain, ticks, position } = log ? logarithmic(range, count, nice) : linear(range, count, nice);
  const [from, to] = domain.map(position) as [number, number];
  const at = (value: number) => {
    const share = (position(value) - from) / (to - from);
    return share >= -ROUNDING && share <= 1 + ROUNDING ? share : Number.NaN;
  };
  return { domain, ticks, at };
}

const ROUNDING = 1e-9;

type Range = readonly [low: number, high: number];

/** Beyond these, differences and ratios of values overflow or lose their digits. */
const HUGE = 1e290;
const TINY = 1e-290;

/** A range that is wide enough to be divided; the values of a constant stand in its middle. */
function widened(low: number, high: number): Range {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(TINY, largest * 1e-9)) return [low, high];
  const margin = largest > TINY ? largest / 10 : 1;
  return [low - margin, high + margin];
}

interface Division {
  readonly domain: Range;
  readonly ticks: readonly Tick[];
  readonly position: (value: number) => number;
}

function linear([low, high]: Range, count: number, nice: boolean): Division {
  const step = niceStep((high - low) / count);
  const [first, last] = nice
    ? [Math.floor(low / step), Math.ceil(high / step)]
    : [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  const multiples = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
  const labels = labelsOf(multiples, step);
  return {
    domain: nice ? [first * step, last * step] : [low, high],
    ticks: multiples.map((value, i) => ({ value, label: labels[i]! })),
    position: (value) => value,
  };
}

/** The number 1, 2 or 5 times a power of ten that is nearest to `step` in ratio. */
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return power * (lead < Math.SQRT2 ? 1 : lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10);
}

/** Powers of ten, with 2 and 5 times those where there are few; the lines between have no labels. */
function logarithmic([low, high]: Range, count: number, nice: boolean): Division {
  const position = Math.log10;
  const decades = position(high) - position(low);
  if (decades < 0.7) return { ...linear([low, high], count, nice && low > high / 10), position };
  const leads = decades < 1.5 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / count));
  const [first, last] = [Math.floor(position(low) + 1e-9), Math.ceil(position(high) - 1e-9)];
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last; exponent++) {
    for (let lead = 1; lead < 10; lead++) {
      const value = lead * 10 ** exponent;
      const isLabelled = leads.includes(lead) && exponent % every === 0;
      ticks.push({ value, label: isLabelled ? plain(value) : '' });
    }
  }
  const domain: Range = nice ? [below(ticks, low), above(ticks, high)] : [low, high];
  const isInside = ({ value }: Tick) => value >= domain[0] * (1 - 1e-9) && value <= domain[1] * (1 + 1e-9);
  return {
    domain,
    ticks: ticks.filter((tick) => isInside(tick) && (tick.label !== '' || every === 1)),
    position,
  };
}

const below = (ticks: readonly Tick[], low: number) =>
  ticks.findLast(({ value }) => value <= low)?.value ?? low;
const above = (ticks: readonly Tick[], high: number) =>
  ticks.find(({ value }) => value >= high)?.value ?? high;

/** Labels with as many decimals as the step between them needs. */
function labelsOf(values: readonly number[], step: number): string[] {
  const largest = Math.max(...values.map(Math.abs));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (decimals > 6 || largest >= 1e7) {
    const digits = Math.max(0, Math.floor(Math.log10(largest) + 1e-9) - Math.floor(Math.log10(step) + 1e-9));
    return values.map((value) => scientific(value, digits));
  }
  return values.map((value) => grouped(value, decimals));
}

/** A number as people write it: 12,500 or 0.05, and 3×10⁻⁸ where that is shorter. */
export function plain(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e7)) return scientific(value, 2);
  return grouped(value, size >= 1000 ? 0 : size >= 1 ? 3 : 6)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
}

const MINUS = '\u2212';

function grouped(value: number, decimals: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(decimals).split('.') as [string, string?];
  const digits = `${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction === undefined ? '' : `.${fraction}`}`;
  return `${value < 0 && /[1-9]/.test(digits) ? MINUS : ''}${digits}`;
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function scientific(value: number, digits: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = Math.abs(value).toExponential(Math.min(digits, 15)).split('e') as [
    string,
    string,
  ];
  const lead = mantissa.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  const power = exponent
    .replace('+', '')
    .replace('-', '⁻')
    .replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!);
  return `${value < 0 ? MINUS : ''}${lead === '1' ? '' : `${lead}×`}10${power}`;
}
