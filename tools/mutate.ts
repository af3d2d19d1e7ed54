// How many small changes of the code the tests notice: pnpm mutate [--sample n] [--seed n] [files]
//
// A changed source is served to the tests by a plugin; no file is written. A mutant that no test of its suite notices
// survives, and one on which they never end is killed by the clock.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type Mutant, mutantsOf } from './mutants.ts';

interface Suite {
  readonly folder: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

const SUITES: readonly Suite[] = [
  {
    folder: 'packages/tensor/src',
    files: ['shape', 'movement', 'slice', 'concat', 'indexing', 'manipulation'],
    tests: ['shape', 'operations', 'views', 'errors', 'arrayApi', 'gradients', 'primitives', 'elementwise'],
  },
  {
    folder: 'packages/tensor/src',
    files: ['backward', 'record', 'grad', 'jvp', 'vmap', 'jacobian', 'customGrad', 'stopGradient', 'storage'],
    tests: ['tensor', 'transformations', 'errors', 'backward', 'elementwise', 'primitives', 'storage'],
  },
  {
    folder: 'packages/tensor/src',
    files: ['bytes', 'half', 'npy', 'zip', 'safetensors', 'protobuf', 'onnx', 'onnxGraph'],
    tests: ['npy', 'safetensors', 'half', 'protobuf', 'onnx'],
  },
];

export interface Verdict {
  readonly mutant: Mutant;
  readonly isKilled: boolean;
}

export interface MutationOptions {
  /** How many mutants are tried of all; absent: all. */
  readonly sample?: number;
  readonly seed?: number;
  /** Ends of paths; absent: all files of the suites. */
  readonly files?: readonly string[];
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** Tries mutants, as many at a time as there are processors. */
export async function mutate(options: MutationOptions = {}): Promise<Verdict[]> {
  const { sample = Number.POSITIVE_INFINITY, seed = 1, files, onVerdict } = options;
  const isWanted = (path: string) => files === undefined || files.some((file) => path.endsWith(file));
  const all = SUITES.flatMap((suite) =>
    suite.files
      .map((file) => `${suite.folder}/${file}.ts`)
      .filter(isWanted)
      .flatMap((path) => mutantsOf(path, readFileSync(path, 'utf8')))
      .map((mutant) => ({ mutant, suite })),
  );
  const chosen = shuffled(all, seed).slice(0, sample);
  const limits = new Map<Suite, number>();
  for (const suite of new Set(chosen.map(({ suite }) => suite))) limits.set(suite, await limitOf(suite));
  const verdicts: Verdict[] = [];
  const waiting = chosen.values();
  const work = async () => {
    for (const { mutant, suite } of waiting) {
      const verdict = { mutant, isKilled: !(await passes(suite, limits.get(suite)!, mutant)) };
      verdicts.push(verdict);
      onVerdict?.(verdict);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return verdicts;
}

/** Milliseconds after which the tests hang: a few times what they take on the code as it is. */
async function limitOf(suite: Suite): Promise<number> {
  const start = performance.now();
  if (!(await passes(suite, 300_000)))
    throw new Error(`Cannot mutate ${suite.files.join(', ')}: the tests fail on the code as it is`);
  return 10_000 + 4 * (performance.now() - start);
}

/** Whether the tests pass on the code as it is, or with one change, in time. */
async function passes({ folder, tests }: Suite, limit: number, mutant?: Mutant): Promise<boolean> {
  const paths = tests.map((test) => `${folder}/${test}.test.ts`);
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tools/mutant.config.ts', ...paths],
    {
      // A group of its own, which is ended together with the processes that it starts.
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...(mutant && { LEIBNIZ_MUTANT: JSON.stringify(mutant) }) },
    },
  );
  const clock = setTimeout(() => endGroup(child), limit);
  const code = await new Promise<number | null>((resolve) => {
    child.once('exit', resolve);
  });
  clearTimeout(clock);
  endGroup(child); // what hangs may outlive the process that started it
  return code === 0;
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}

/** Fisher and Yates, with the generator mulberry32. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

/** The percentage of the killed ones. */
export const score = (verdicts: readonly Verdict[]): number =>
  (100 * verdicts.filter(({ isKilled }) => isKilled).length) / verdicts.length;

/** Where a mutant is, and how its line reads. */
export function described({ file, start, end, text }: Mutant): string {
  const source = readFileSync(file, 'utf8');
  const line = source.slice(0, start).split('\n').length;
  return `${file}:${line}: ${source.slice(start, end)}  ->  ${text}`;
}

if (process.argv[1] === import.meta.filename) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { sample: { type: 'string' }, seed: { type: 'string' } },
  });
  const verdicts = await mutate({
    ...(values.sample && { sample: Number(values.sample) }),
    ...(values.seed && { seed: Number(values.seed) }),
    ...(positionals.length > 0 && { files: positionals }),
    onVerdict: ({ mutant, isKilled }) => {
      if (!isKilled) console.log(`survived  ${described(mutant)}`);
    },
  });
  const killed = verdicts.filter(({ isKilled }) => isKilled).length;
  console.log(`${killed} of ${verdicts.length} mutants are killed: ${score(verdicts).toFixed(1)} %`);
}
