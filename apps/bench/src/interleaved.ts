// Two ways to do the same, timed in turn, so that a machine whose speed drifts slows both.

export interface Contest {
  readonly name: string;
  readonly peer: string;
  readonly ours: () => unknown;
  readonly theirs: () => unknown;
}

export interface Outcome {
  readonly name: string;
  readonly peer: string;
  /** Median milliseconds of one call. */
  readonly ours: number;
  readonly theirs: number;
  /** The median, least and greatest of theirs / ours, pair by pair: above 1 we are faster. */
  readonly ratio: { readonly median: number; readonly least: number; readonly greatest: number };
}

/** How long one sample should take at least, in milliseconds, and how many pairs are taken. */
const SAMPLE = 20;
const PAIRS = 15;

export const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** What the work gives is kept here, so that none of it can be left out. */
export let sink: unknown;

function time(work: () => unknown, times: number): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) sink = work();
  return (performance.now() - start) / times;
}

/** Milliseconds in which compilers warm up. */
const WARMTH = 200;

/** How many calls fill a sample, found when the compiler has warmed up. */
function calibrated(work: () => unknown): number {
  for (let start = performance.now(); performance.now() - start < WARMTH; ) sink = work();
  let times = 1;
  while (time(work, times) * times < SAMPLE && times < 1e7) times *= 2;
  return times;
}

/** Runs a contest. */
export function race({ name, peer, ours, theirs }: Contest): Outcome {
  const [ourTimes, theirTimes] = [calibrated(ours), calibrated(theirs)];
  const pairs = Array.from(
    { length: PAIRS },
    () => [time(ours, ourTimes), time(theirs, theirTimes)] as const,
  );
  const ratios = pairs.map(([a, b]) => b / a);
  return {
    name,
    peer,
    ours: median(pairs.map(([a]) => a)),
    theirs: median(pairs.map(([, b]) => b)),
    ratio: { median: median(ratios), least: Math.min(...ratios), greatest: Math.max(...ratios) },
  };
}
