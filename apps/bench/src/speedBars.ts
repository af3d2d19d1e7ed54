// The bars of speed, each beside what is found. Where a machine's speed drifts, both sides of a bar do, in turn.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { apart } from './apart.ts';
import type { Bar, Finding } from './bar.ts';
import type { BookTimes } from './book.ts';
import { PACKAGES } from './bundled.ts';
import type { Growth } from './growth.ts';
import { type Outcome, race } from './interleaved.ts';
import { nameOf, ours, PRODUCTS, type Product } from './kernels.ts';
import { trainingMemory } from './memory.ts';
import { arithmetic } from './roof.ts';
import { lines, NAMES, type TrainingTimes } from './training.ts';

const SQUARE: Product = { m: 512, k: 512, n: 512 };
const times = (ratio: number) => `${ratio.toFixed(2)}×`;
const indented = (text: readonly string[]) => text.map((line) => `\n         ${line}`).join('');

/** A bar over contests that were run before: the least of their ratios. */
const over = (what: string, least: number, isMeant: (outcome: Outcome) => boolean) => ({
  what,
  bar: `≥ ${least}×`,
  of(outcomes: readonly Outcome[]): Finding {
    const meant = outcomes.filter(isMeant);
    if (meant.length === 0) return { found: 'not run' };
    const worst = Math.min(...meant.map(({ ratio }) => ratio.median));
    const each = meant.map(({ name, peer, ratio }) => `${times(ratio.median).padStart(8)} ${peer}: ${name}`);
    return { found: `${times(worst)} at least${indented(each)}`, met: worst >= least };
  },
});

const isOf =
  (operation: string) =>
  ({ name, peer }: Outcome) =>
    name.startsWith(`${operation} of`) && name.includes('float32') && (peer === 'tfjs' || peer === 'jax-js');

const CONTESTED = [
  over(
    'products of 512 × 512 in float32 on one thread beside tfjs',
    1.2,
    ({ name, peer }) => name === 'matmul 512×512×512 float32' && peer === 'tfjs',
  ),
  over(
    'the same in float64 beside numpy-ts',
    1.3,
    ({ name, peer }) => name === 'matmul 512×512×512 float64' && peer === 'numpy-ts',
  ),
  over(
    'products of 512 × 512 on all threads beside one',
    1.8,
    ({ name, peer }) => name.startsWith('matmul 512×512×512 on') && peer === 'one',
  ),
  over(
    'of 100 × 784 and 784 × 200 on all threads beside one',
    1.5,
    ({ name, peer }) => name.startsWith('matmul 100×784×200 on') && peer === 'one',
  ),
  over(
    'every product on all threads beside one',
    1,
    ({ name, peer }) => name.includes(' on ') && peer === 'one',
  ),
  over('Adam on 159,010 parameters beside a loop of plain JavaScript', 3, ({ name }) =>
    name.startsWith('Adam'),
  ),
  ...['add', 'exp', 'softmax', 'layer norm', 'sum', 'max'].map((operation) =>
    over(`${operation} beside the JavaScript libraries, 1e3 to 1e7 elements`, 1, isOf(operation)),
  ),
  over('add, sum and max of 1e7 elements beside a copy of as many bytes', 0.5, ({ peer }) => peer === 'copy'),
];

/** How fast one product is beside another, operation for operation, in turn. */
function rateBeside(product: Product, reference: Product): number {
  const operations = ({ m, k, n }: Product) => m * k * n;
  const { ratio } = race({
    ...{ name: nameOf(product), peer: nameOf(reference) },
    ...{ ours: ours('float32', product, 1), theirs: ours('float32', reference, 1) },
  });
  return (ratio.median * operations(product)) / operations(reference);
}

const LAYOUTS: readonly (readonly [Product, least: number])[] = [
  ...[{ transposeA: true }, { transposeB: true }, { transposeA: true, transposeB: true }].map(
    (layout) => [{ ...SQUARE, ...layout }, 0.85] as const,
  ),
  ...PRODUCTS.slice(2).map((product) => [product, product.n === 10 ? 0.5 : 0.85] as const),
];

let trained: TrainingTimes[] | undefined;

/** A bar for both batches: how many times as fast as the best of the peers. */
const training = (what: string, our: string, peers: readonly string[], least: number): Bar => ({
  what,
  bar: `≥ ${least}×`,
  measure() {
    trained ??= apart<TrainingTimes[]>('training.ts');
    const ratios = trained.map(({ batch, times: found }) => {
      const medianOf = (wanted: string) => found.find(([name]) => name === wanted)?.[1].median;
      const own = medianOf(our) ?? Number.NaN;
      const best = Math.min(...peers.flatMap((peer) => medianOf(peer) ?? []));
      return { batch, ratio: best / own };
    });
    if (!ratios.every(({ ratio }) => Number.isFinite(ratio))) return { found: 'a peer is not installed' };
    const found = ratios.map(({ batch, ratio }) => `${times(ratio)} at batch ${batch}`).join(', ');
    return { found, met: ratios.every(({ ratio }) => ratio >= least) };
  },
});

/** What a program of its own finds, over the built packages. */
function childFinds(file: string): string | undefined {
  if (!existsSync(`${PACKAGES}/tensor/dist/index.js`)) return undefined;
  const program = fileURLToPath(new URL(file, import.meta.url));
  return execFileSync(process.execPath, [program], { encoding: 'utf8' });
}

const NOT_BUILT: Finding = { found: 'not built: run pnpm build first', met: false };

function growthTable(found: readonly Growth[]): string[] {
  return found.map((each) => {
    const { axis, megaflops, taken, least, inTurn } = each;
    const at = `${axis} ${each[axis as 'width']}`.padEnd(12);
    const share = (roof: number) => `${((100 * roof) / taken).toFixed(0)} %`.padStart(5);
    return `${at} ${megaflops.toFixed(1).padStart(9)} MFLOP ${taken.toFixed(3).padStart(9)} ms, roof ${least.toFixed(3).padStart(9)} ms ${share(least)}, with Adam after the products ${share(inTurn)}`;
  });
}

const MEASURED: readonly Bar[] = [
  {
    what: 'products of 512 × 512 in float32 on one thread, of what 128-bit SIMD does at most',
    bar: '≥ 80 %',
    measure() {
      const { run, operations } = arithmetic('float32');
      const { ratio, ours: taken } = race({
        name: '',
        peer: '',
        ours: ours('float32', SQUARE, 1),
        theirs: run,
      });
      const share = (ratio.median * 2 * 512 ** 3) / operations;
      const rate = (2 * 512 ** 3) / taken / 1e6;
      return { found: `${(100 * share).toFixed(0)} %, ${rate.toFixed(1)} GFLOPS`, met: share >= 0.8 };
    },
  },
  {
    what: 'products of other layouts and shapes beside 512 × 512, operation for operation',
    bar: '≥ 85 %, with 10 columns ≥ 50 %',
    measure() {
      const found = LAYOUTS.map(([product, least]) => ({
        product,
        least,
        rate: rateBeside(product, SQUARE),
      }));
      const each = found.map(({ product, rate }) => {
        const transposed = [product.transposeA && 'A', product.transposeB && 'B']
          .filter(Boolean)
          .join(' and ');
        return `${(100 * rate).toFixed(0).padStart(4)} % ${nameOf({ ...product, transposeA: false })}${transposed && `, ${transposed} transposed`}`;
      });
      return { found: indented(each), met: found.every(({ rate, least }) => rate >= least) };
    },
  },
  {
    what: 'the training step, 784-200-10 with Adam on real digits',
    bar: 'none: the times that follow from',
    measure() {
      trained ??= apart<TrainingTimes[]>('training.ts');
      return {
        found: trained.map((each) => `batch ${each.batch}${indented(lines(each))}`).join('\n       '),
      };
    },
  },
  training('the training step on one thread beside jax-js', NAMES.one, [NAMES.jax], 2),
  training('the training step on all threads beside PyTorch', NAMES.all, NAMES.torch, 1),
  training('the training step with BLAS beside PyTorch', NAMES.blas, NAMES.torch, 1.2),
  training('the training step with BLAS beside NumPy', NAMES.blas, [NAMES.numpy], 1),
  {
    what: 'calls of kernels in a training step',
    bar: '≤ 12',
    measure() {
      const found = childFinds('launches.mjs');
      return found === undefined ? NOT_BUILT : { found: found.trim(), met: Number(found) <= 12 };
    },
  },
  {
    what: 'from import to the first product, and then the first training step; best of 5 processes',
    bar: '≤ 30 ms and ≤ 25 ms',
    measure() {
      const runs = Array.from({ length: 5 }, () => childFinds('startup.mjs'));
      if (runs.includes(undefined)) return NOT_BUILT;
      const found = runs.map((run) => JSON.parse(run!) as { product: number; step: number });
      const product = Math.min(...found.map((each) => each.product));
      const step = Math.min(...found.map((each) => each.step));
      return {
        found: `${product.toFixed(0)} ms and ${step.toFixed(0)} ms`,
        met: product <= 30 && step <= 25,
      };
    },
  },
  {
    what: 'training steps as width, batch or depth grow, on one thread and dense input, of what the machine does at most',
    bar: '≥ 50 % from 10 MFLOP on',
    measure() {
      const found = apart<Growth[]>('growth.ts');
      const fraction = ({ taken, least }: Growth) => least / taken;
      const large = found.filter(({ megaflops }) => megaflops >= 10);
      const worst = Math.min(...large.map(fraction));
      return {
        found: `${(100 * worst).toFixed(0)} % at least${indented(growthTable(found))}`,
        met: worst >= 0.5,
      };
    },
  },
  {
    what: "the book's Listing A.5, start to finish, beside PyTorch",
    bar: '> 1×',
    measure() {
      const { ours: own, torch } = apart<BookTimes>('book.ts');
      if (torch === undefined) return { found: `${own.toFixed(1)} s; PyTorch is not installed` };
      return {
        found: `${times(torch / own)}: ${own.toFixed(1)} s against ${torch.toFixed(1)} s`,
        met: own < torch,
      };
    },
  },
  {
    what: '100,000 training steps that dispose of nothing',
    bar: 'live bytes constant, resident memory no more than 10 MB above that at step 20,000',
    measure: () => trainingMemory(20_000, 100_000),
  },
];

/** All bars; those over contests hold what was found there. */
export const speedBars = (outcomes: readonly Outcome[]): Bar[] => [
  ...CONTESTED.map(({ what, bar, of }) => ({ what, bar, measure: () => of(outcomes) })),
  ...MEASURED,
];
