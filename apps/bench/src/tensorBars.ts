// The bars that `tensor` is held to, each measured over what the tests loop over: pnpm bench:tensor
import { deviationsOf, FUNCTIONS, POINTS } from '@leibniz/crosscheck/functions';
import * as library from '@leibniz/tensor';
import { full, type Tensor, tensor } from '@leibniz/tensor';
import { presentNames, standardNames } from '../../../packages/tensor/src/fixtures/arrayApiList.ts';
import {
  differentiableFunctions,
  differentiablePrimitives,
} from '../../../packages/tensor/src/fixtures/derivativeCases.ts';
import {
  adjointDeviation,
  DERIVATIVE_CHECKS,
} from '../../../packages/tensor/src/fixtures/derivativeChecks.ts';
import { differences, type EXPLAINED } from '../../../packages/tensor/src/fixtures/numpyAgreement.ts';
import { numpyCases } from '../../../packages/tensor/src/fixtures/numpyCases.ts';
import { deviationFromPytorch, pytorchCases } from '../../../packages/tensor/src/fixtures/pytorchCases.ts';
import { described, mutate, score } from '../../../tools/mutate.ts';
import { type Bar, type Finding, report } from './bar.ts';
import { gzippedFileSize, gzippedSize, PACKAGES } from './bundled.ts';
import { trainingMemory } from './memory.ts';

const operations = [...differentiablePrimitives, ...differentiableFunctions];
const cases = operations.flatMap((operation) => operation.cases);

/** The greatest value, or NaN if there is one. */
const worstOf = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);

const BARS: readonly Bar[] = [
  {
    what: 'every differentiable input of every operation, both modes against finite differences, orders 1 and 2',
    bar: '0 failures, ≥ 8 samples each',
    measure() {
      const failures = cases.flatMap((each) =>
        DERIVATIVE_CHECKS.flatMap(({ failuresOf }) => failuresOf(each)),
      );
      const inputs = operations.map((each) => Math.max(...each.cases.map((one) => one.inputs.length)));
      const fewest = Math.min(...operations.map((each) => each.cases.length));
      return {
        found: `${failures.length} failures; ${operations.length} operations, ${inputs.reduce((a, b) => a + b)} inputs, ${cases.length} samples, ${fewest} at least of each`,
        met: failures.length === 0 && fewest >= 8,
      };
    },
  },
  {
    what: 'forward and reverse mode agree: ⟨v, Ju⟩ = ⟨Jᵀv, u⟩',
    bar: '1e-12 × ‖v‖‖Ju‖',
    measure() {
      const worst = worstOf(cases.map(adjointDeviation));
      return { found: `${worst.toExponential(1)} at most over ${cases.length} samples`, met: worst <= 1e-12 };
    },
  },
  {
    what: 'automatic against symbolic derivatives, both modes, orders 1 and 2',
    bar: '≥ 60 functions × 1,000 points, 1e-13 × the terms of the evaluation',
    measure() {
      const found = FUNCTIONS.flatMap(([formula, interval]) => deviationsOf(formula, interval));
      const worst = worstOf(found.map((deviation) => deviation.worst));
      const compared = found.reduce((sum, deviation) => sum + deviation.compared, 0);
      return {
        found: `${worst.toExponential(1)} at most; ${FUNCTIONS.length} functions × ${POINTS} points × 2 orders, finite at ${compared}`,
        met: worst <= 1e-13 && FUNCTIONS.length >= 60,
      };
    },
  },
  {
    what: 'values and gradients against PyTorch in float64',
    bar: '≥ 150 operations, 1e-10',
    measure() {
      const worst = worstOf(pytorchCases.map(deviationFromPytorch));
      const names = new Set(pytorchCases.map(([name]) => name));
      return {
        found: `${worst.toExponential(1)} at most; ${names.size} operations, ${pytorchCases.length} cases`,
        met: worst <= 1e-10 && names.size >= 150,
      };
    },
  },
  {
    what: 'the array API against NumPy',
    bar: '≥ 20,000 cases, 0 unexplained differences',
    measure() {
      const all = [...numpyCases()];
      const needed = new Set<(typeof EXPLAINED)[number]>();
      const wrong = all.filter((each) => differences(each, needed).length > 0);
      const names = new Set(all.map(({ name }) => name));
      return {
        found: `${wrong.length} unexplained; ${all.length} cases of ${names.size} names, ${needed.size} kinds of differences explained`,
        met: wrong.length === 0 && all.length >= 20_000,
      };
    },
  },
  {
    what: 'names of the array API standard 2024.12',
    bar: '≥ 160',
    measure() {
      const present = presentNames().length;
      return { found: `${present} of ${standardNames().length}`, met: present >= 160 };
    },
  },
  ...['exp', 'log', 'log1p', 'expm1', 'sin', 'cos', 'tanh', 'sigmoid', 'erf'].map((name) => ({
    what: `accuracy of ${name} in float32 over the whole range`,
    bar: '≤ 2 ulp',
    measure: () => accuracyOf(name),
  })),
  {
    what: 'sum of 1e7 × 0.1f',
    bar: 'relative error ≤ 1e-6',
    measure() {
      const exact = 1e7 * Math.fround(0.1);
      const error = Math.abs(full([1e7], 0.1).sum().item() - exact) / exact;
      return { found: error.toExponential(1), met: error <= 1e-6 };
    },
  },
  {
    what: '20,000 training steps of the network 784-200-10 that dispose of nothing',
    bar: 'live bytes constant, resident memory no more than 10 MB above that at step 5,000, peak ≤ 250 MB',
    measure: () => trainingMemory(5000, 20_000),
  },
  {
    what: 'the whole package with its kernels and their threads, minified and gzipped',
    bar: '≤ 120 KB',
    async measure() {
      const main = await gzippedSize("export * from '@leibniz/tensor';");
      const worker = await gzippedFileSize(`${PACKAGES}/kernels/src/worker.ts`);
      return {
        found: `${(main + worker).toFixed(1)} KB, of which ${worker.toFixed(1)} KB for threads`,
        met: main + worker <= 120,
      };
    },
  },
  {
    what: 'mutation score of shape, gradient and serializer code, 150 mutants at random; takes minutes',
    bar: '≥ 85 %',
    async measure() {
      const verdicts = await mutate({ sample: 150 });
      const survivors = verdicts.filter(({ isKilled }) => !isKilled).map(({ mutant }) => described(mutant));
      const found = score(verdicts);
      return {
        found: [`${found.toFixed(1)} %; surviving:`, ...survivors].join('\n         '),
        met: found >= 85,
      };
    },
  },
];

/** Every so manyeth pattern of 32 bits is an argument: all magnitudes and signs; and as many of moderate size. */
const STRIDE = 32_749;

function argumentsOf(): Float32Array<ArrayBuffer> {
  const patterns = Uint32Array.from({ length: Math.floor(2 ** 32 / STRIDE) }, (_, i) => i * STRIDE);
  const moderate = patterns.length;
  const all = new Float32Array(2 * moderate);
  all.set(new Float32Array(patterns.buffer));
  for (let i = 0; i < moderate; i++) all[moderate + i] = 110 * ((2 * i) / moderate - 1);
  return all;
}

/**
 * The distance of the float32 results from those in float64 of the same numbers, which the kernels' tests compare with
 * many digits, in units of the last place of the float32 numbers there.
 */
function accuracyOf(name: string): Finding {
  const f = (library as unknown as Record<string, (x: Tensor) => Tensor>)[name]!;
  const points = argumentsOf();
  const found = f(tensor(points)).dataSync();
  const exact = f(tensor(Float64Array.from(points))).dataSync();
  let worst = { ulps: 0, x: 0 };
  for (const [i, x] of points.entries()) {
    const ulps = distance(found[i]!, exact[i]!);
    if (!(ulps <= worst.ulps)) worst = { ulps, x };
  }
  return {
    found: `${worst.ulps.toFixed(2)} ulp at most, at ${worst.x}; ${points.length} points`,
    met: worst.ulps <= 2,
  };
}

function distance(found: number, exact: number): number {
  if (Object.is(found, Math.fround(exact)))
    return Number.isFinite(found) ? Math.abs(found - exact) / unit(exact) : 0;
  return Number.isFinite(found) && Number.isFinite(exact)
    ? Math.abs(found - exact) / unit(exact)
    : Number.POSITIVE_INFINITY;
}

/** The distance of neighbouring float32 numbers of this size. */
function unit(x: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (Math.min(Math.max(exponent, -126), 127) - 23);
}

await report(BARS, process.argv[2]);
