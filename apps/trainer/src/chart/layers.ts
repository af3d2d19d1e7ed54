// Layered drawing of directed acyclic graphs: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of
// hierarchical system structures", IEEE Transactions on Systems, Man, and Cybernetics 11 (1981). Layers by longest
// paths, order within a layer by barycenters, and then the nearest places that keep the order and the distances.

/** A box to be placed: its size along the direction of the edges, and across it. */
export interface Item {
  readonly id: string;
  readonly length: number;
  readonly breadth: number;
}

/** An edge between two items, by their index. */
export type Arc = readonly [from: number, to: number];

export interface Place {
  readonly along: number;
  readonly across: number;
}

export interface Placement {
  /** The middle of each item. */
  readonly places: readonly Place[];
  /** The bends of each arc between its ends: where it comes into a layer that it passes, and where it leaves it. */
  readonly bends: readonly (readonly Place[])[];
  readonly length: number;
  readonly breadth: number;
}

export interface Gaps {
  /** Between one layer and the next. */
  readonly along: number;
  /** Between neighbours in a layer. */
  readonly across: number;
}

/** Places for the items such that every arc leads forward and neither items overlap nor arcs pass behind them. */
export function placed(items: readonly Item[], arcs: readonly Arc[], gaps: Gaps): Placement {
  const { all, steps, chains, layer } = withBends(items, arcs, layers(items, arcs));
  const rows = ordered(all.length, steps, layer);
  const across = spread(rows, steps, all, gaps.across);
  const lengths = rows.map((row) => Math.max(...row.map((i) => all[i]!.length)));
  const starts = lengths.map((_, k) =>
    lengths.slice(0, k).reduce((sum, length) => sum + length + gaps.along, 0),
  );
  const top = Math.min(...all.map(({ breadth }, i) => across[i]! - breadth / 2));
  const bottom = Math.max(...all.map(({ breadth }, i) => across[i]! + breadth / 2));
  const at = (i: number, share: number): Place => {
    const k = layer[i]!;
    return { along: starts[k]! + share * lengths[k]!, across: across[i]! - top };
  };
  return {
    places: items.map((_, i) => at(i, 0.5)),
    bends: chains.map((chain) => chain.flatMap((i) => [at(i, 0), at(i, 1)])),
    length: items.length === 0 ? 0 : starts.at(-1)! + lengths.at(-1)!,
    breadth: items.length === 0 ? 0 : bottom - top,
  };
}

/** The layer of each item: one more than the last of those before it; what has none stands just before its first use. */
function layers(items: readonly Item[], arcs: readonly Arc[]): number[] {
  const layer = new Array<number>(items.length).fill(0);
  const order = topological(items, arcs);
  for (const i of order)
    for (const [from, to] of arcs) if (from === i) layer[to] = Math.max(layer[to]!, layer[i]! + 1);
  for (const i of items.keys()) {
    const uses = arcs.filter(([from]) => from === i).map(([, to]) => layer[to]!);
    if (uses.length > 0 && !arcs.some(([, to]) => to === i)) layer[i] = Math.min(...uses) - 1;
  }
  return layer;
}

function topological(items: readonly Item[], arcs: readonly Arc[]): number[] {
  const waiting = items.map((_, i) => arcs.filter(([, to]) => to === i).length);
  const order = [...items.keys()].filter((i) => waiting[i] === 0);
  for (const i of order) {
    for (const [from, to] of arcs) {
      if (from !== i) continue;
      waiting[to]! -= 1;
      if (waiting[to] === 0) order.push(to);
    }
  }
  if (order.length === items.length) return order;
  const cycle = cycleAmong(new Set([...items.keys()].filter((i) => waiting[i]! > 0)), arcs);
  throw new RangeError(`Cannot draw a graph with a cycle: ${cycle.map((i) => items[i]!.id).join(' -> ')}`);
}

/** A cycle among items that each have an arc from another of them, found by going backwards. */
function cycleAmong(stuck: ReadonlySet<number>, arcs: readonly Arc[]): number[] {
  const path = [[...stuck][0]!];
  for (;;) {
    const [before] = arcs.find(([from, to]) => to === path[0] && stuck.has(from))!;
    const seen = path.indexOf(before);
    path.unshift(before);
    if (seen >= 0) return path.slice(0, seen + 2);
  }
}

/** What keeps the way of an arc free in a layer that it passes. */
const BEND: Item = { id: '', length: 0, breadth: 4 };

/** Arcs that pass layers are cut into steps from one layer to the next, with a bend at each cut. */
function withBends(items: readonly Item[], arcs: readonly Arc[], layerOf: readonly number[]) {
  const all: Item[] = [...items];
  const layer = [...layerOf];
  const steps: Arc[] = [];
  const chains = arcs.map(([from, to]) => {
    const chain: number[] = [];
    for (let k = layer[from]! + 1; k < layer[to]!; k++) {
      chain.push(all.push(BEND) - 1);
      layer.push(k);
    }
    const stops = [from, ...chain, to];
    steps.push(...chain.map((i, k): Arc => [stops[k]!, i]), [stops.at(-2)!, to]);
    return chain;
  });
  return { all, steps, chains, layer };
}

type Neighbours = (i: number) => readonly number[];

function neighbours(count: number, steps: readonly Arc[]): { before: Neighbours; after: Neighbours } {
  const before = Array.from({ length: count }, (): number[] => []);
  const after = Array.from({ length: count }, (): number[] => []);
  for (const [from, to] of steps) {
    before[to]!.push(from);
    after[from]!.push(to);
  }
  return { before: (i) => before[i]!, after: (i) => after[i]! };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const SWEEPS = 12;

/** The items of each layer in the order, of all that were tried, in which the fewest steps cross. */
function ordered(count: number, steps: readonly Arc[], layer: readonly number[]): number[][] {
  const { before, after } = neighbours(count, steps);
  const rows = Array.from({ length: Math.max(0, ...layer.map((k) => k + 1)) }, (): number[] => []);
  for (let i = 0; i < count; i++) rows[layer[i]!]!.push(i);
  let best = rows.map((row) => [...row]);
  let fewest = crossings(best, steps);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const [from, turn] = sweep % 2 === 0 ? [before, rows] : [after, rows.toReversed()];
    for (const row of turn) sortByBarycenter(row, from, indices(rows));
    const found = crossings(rows, steps);
    if (found < fewest) [best, fewest] = [rows.map((row) => [...row]), found];
  }
  return best;
}

function indices(rows: readonly (readonly number[])[]): Map<number, number> {
  return new Map(rows.flatMap((row) => row.map((i, k) => [i, k] as const)));
}

function sortByBarycenter(row: number[], from: Neighbours, index: ReadonlyMap<number, number>): void {
  const center = new Map(
    row.map((i, k) => [i, from(i).length === 0 ? k : mean(from(i).map((j) => index.get(j)!))] as const),
  );
  row.sort((a, b) => center.get(a)! - center.get(b)!);
}

/** How many pairs of steps between the same layers cross. */
function crossings(rows: readonly (readonly number[])[], steps: readonly Arc[]): number {
  const index = indices(rows);
  const layerOf = new Map(rows.flatMap((row, k) => row.map((i) => [i, k] as const)));
  let count = 0;
  for (const [k, [a, b]] of steps.entries()) {
    for (const [c, d] of steps.slice(k + 1)) {
      if (layerOf.get(a) !== layerOf.get(c)) continue;
      if ((index.get(a)! - index.get(c)!) * (index.get(b)! - index.get(d)!) < 0) count += 1;
    }
  }
  return count;
}

/** Where each item stands across: near the mean of its neighbours, in the order of its layer, without overlap. */
function spread(
  rows: readonly (readonly number[])[],
  steps: readonly Arc[],
  all: readonly Item[],
  gap: number,
): number[] {
  const { before, after } = neighbours(all.length, steps);
  const across = new Array<number>(all.length).fill(0);
  // What is computed pulls more than what is given, so that the trunk of the graph is straight and its leaves give way;
  // and bends pull each other more than boxes do, so that long arcs are straight.
  const isBend = (i: number) => all[i] === BEND;
  const pull = (from: number, to: number) =>
    (before(from).length === 0 ? 1 : 500) *
    (isBend(from) && isBend(to) ? 8 : isBend(from) || isBend(to) ? 2 : 1);
  const wish = (i: number): Wish => {
    const pulls = [
      ...before(i).map((j) => ({ at: across[j]!, weight: pull(j, i) })),
      ...after(i).map((j) => ({ at: across[j]!, weight: pull(i, j) })),
    ];
    const weight = pulls.reduce((sum, { weight }) => sum + weight, 0);
    const at = pulls.reduce((sum, { at, weight }) => sum + weight * at, 0) / weight;
    return weight === 0 ? { at: across[i]!, weight: 1 } : { at, weight };
  };
  for (let sweep = 0; sweep < 4 * SWEEPS; sweep++) {
    for (const row of sweep % 2 === 0 ? rows : rows.toReversed()) {
      const breadths = row.map((i) => all[i]!.breadth);
      for (const [k, value] of nearest(row.map(wish), breadths, gap).entries()) across[row[k]!] = value;
    }
  }
  return across;
}

interface Wish {
  readonly at: number;
  readonly weight: number;
}

/**
 * The positions nearest to the wishes, in the sense of weighted least squares, that keep order and distance. Measured
 * from where each would stand if all were packed, that is an isotonic regression: pool adjacent violators.
 */
function nearest(wishes: readonly Wish[], breadths: readonly number[], gap: number): number[] {
  const packed: number[] = [];
  for (const [k, breadth] of breadths.entries()) {
    packed.push(k === 0 ? 0 : packed[k - 1]! + (breadths[k - 1]! + breadth) / 2 + gap);
  }
  const pools: { sum: number; weight: number; size: number }[] = [];
  for (const [k, { at, weight }] of wishes.entries()) {
    let pool = { sum: weight * (at - packed[k]!), weight, size: 1 };
    for (
      let last = pools.at(-1);
      last && last.sum / last.weight > pool.sum / pool.weight;
      last = pools.at(-1)
    ) {
      pool = { sum: last.sum + pool.sum, weight: last.weight + pool.weight, size: last.size + pool.size };
      pools.pop();
    }
    pools.push(pool);
  }
  const shifts = pools.flatMap(({ sum, weight, size }) => new Array<number>(size).fill(sum / weight));
  return shifts.map((shift, k) => shift + packed[k]!);
}
