// The book's training step, 784-200-10 with Adam on real digits, beside PyTorch, NumPy and jax-js: rounds in turn, so
// that a machine whose speed drifts slows all.

import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { type BackendName, setBackend, setThreads } from '@leibniz/kernels';
import { loadMnist } from '@leibniz/mnist-data';
import { Adam } from '@leibniz/optimizers';
import { crossEntropy, initHe, linear, manualSeed, tensor, zeros } from '@leibniz/tensor';
import { median } from './interleaved.ts';

const ROUNDS = 5;
const STEPS = 60;
const BATCHES = 50;

/** Milliseconds of a step. */
interface Times {
  readonly median: number;
  readonly least: number;
}

/** Someone who trains for a while, each time from the start. */
interface Runner {
  readonly name: string;
  run(batch: number): Promise<Times>;
}

async function timesOf(step: (i: number) => unknown): Promise<Times> {
  for (let i = 0; i < 20; i++) await step(i);
  const taken: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const start = performance.now();
    await step(i);
    taken.push(performance.now() - start);
  }
  return { median: median(taken), least: Math.min(...taken) };
}

const { train } = await loadMnist();

/** Where OpenBLAS is told to take an older processor for granted, no side of the comparison is. */
delete process.env.OPENBLAS_CORETYPE;

/** The pixels in [0, 1], less the mean of each pixel if they are to be dense. */
function pixelsOf(dense: boolean): Float32Array {
  const pixels = Float32Array.from(train.images, (grey) => grey / 255);
  if (!dense) return pixels;
  const mean = new Float64Array(784);
  pixels.forEach((value, i) => {
    mean[i % 784]! += value / train.count;
  });
  return pixels.map((value, i) => value - mean[i % 784]!);
}

function batchesOf(pixels: Float32Array, batch: number): { x: Float32Array; labels: Uint8Array }[] {
  return Array.from({ length: BATCHES }, (_, k) => {
    const x = new Float32Array(batch * 784);
    const labels = new Uint8Array(batch);
    for (let row = 0; row < batch; row++) {
      const digit = (k * 7919 + row * 104_729) % train.count;
      x.set(pixels.subarray(digit * 784, (digit + 1) * 784), row * 784);
      labels[row] = train.labels[digit]!;
    }
    return { x, labels };
  });
}

/** Makes what belongs to a batch size once: what is thrown away would be collected while steps are measured. */
function once<T>(make: (batch: number) => T): (batch: number) => T {
  const known = new Map<number, T>();
  return (batch) => {
    const found = known.get(batch) ?? make(batch);
    known.set(batch, found);
    return found;
  };
}

/** What users write, no more. */
function ours(name: string, pixels: Float32Array, settings: () => void): Runner {
  const dataFor = once((batch) =>
    batchesOf(pixels, batch).map(({ x, labels }) => ({ x: tensor(x).reshape([batch, 784]), labels })),
  );
  return {
    name,
    async run(batch) {
      settings();
      const data = dataFor(batch);
      manualSeed(1);
      const trained = { requiresGrad: true } as const;
      const [w1, w2] = [initHe([784, 200], trained), initHe([200, 10], trained)];
      const [b1, b2] = [zeros([200], trained), zeros([10], trained)];
      const optimizer = new Adam([w1, b1, w2, b2], { lr: 0.001 });
      return timesOf((i) => {
        const { x, labels } = data[i % BATCHES]!;
        optimizer.zeroGrad();
        const loss = crossEntropy(linear(linear(x, w1, b1).relu(), w2, b2), labels);
        loss.backward();
        optimizer.step();
        return loss.item();
      });
    },
  };
}

/** jax-js has no Adam of its own that runs compiled: the step is the gradient and plain descent, which is less work. */
async function jax(pixels: Float32Array): Promise<Runner> {
  await init('wasm');
  const inputsFor = once((batch) =>
    batchesOf(pixels, batch).map(({ x, labels }) => {
      const y = new Float32Array(batch * 10);
      labels.forEach((label, row) => {
        y[row * 10 + label] = 1;
      });
      return { x: np.array(x).reshape([batch, 784]), y: np.array(y).reshape([batch, 10]) };
    }),
  );
  return {
    name: 'jax-js jit, SGD',
    async run(batch) {
      const inputs = inputsFor(batch);
      const lossOf = (w1: np.Array, b1: np.Array, w2: np.Array, b2: np.Array, x: np.Array, y: np.Array) => {
        const h = nn.relu(np.matmul(x, w1).add(b1));
        const z = np.matmul(h, w2).add(b2);
        return nn
          .logSoftmax(z)
          .mul(y)
          .sum()
          .mul(-1 / batch);
      };
      const step = jit((w1: np.Array, b1: np.Array, w2: np.Array, b2: np.Array, x: np.Array, y: np.Array) => {
        const [loss, grads] = (
          valueAndGrad as never as (f: unknown, o: unknown) => (...a: unknown[]) => [np.Array, np.Array[]]
        )(lossOf, { argnums: [0, 1, 2, 3] })(w1.ref, b1.ref, w2.ref, b2.ref, x, y);
        const moved = [w1, b1, w2, b2].map((p, i) => p.sub(grads[i]!.mul(0.001)));
        return [loss, ...moved];
      });
      const start = (shape: number[], scale: number) =>
        np
          .array(Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i) * scale))
          .reshape(shape);
      let params = [start([784, 200], 0.07), start([200], 0), start([200, 10], 0.14), start([10], 0)];
      return timesOf(async (i) => {
        const { x, y } = inputs[i % BATCHES]!;
        const [loss, ...next] = step(
          ...(params as [np.Array, np.Array, np.Array, np.Array]),
          x.ref,
          y.ref,
        ) as np.Array[];
        params = next;
        return loss!.dataSync();
      });
    },
  };
}

function peerName(peer: 'torch' | 'numpy', threads: number): string {
  const count = threads === 1 ? '1 thread' : `${threads} threads`;
  return `${peer === 'torch' ? 'PyTorch' : 'NumPy'}, ${count}`;
}

/** PyTorch and NumPy live in a process of their own, which answers one request at a time. */
class Python {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;

  constructor(python: string, pixels: string, labels: string) {
    const { OPENBLAS_CORETYPE: _, ...environment } = process.env;
    const script = join(import.meta.dirname, '../peers/training.py');
    this.child = spawn(python, [script, pixels, labels], { env: environment });
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  runner(peer: 'torch' | 'numpy', threads: number): Runner {
    return {
      name: peerName(peer, threads),
      run: async (batch) => {
        this.child.stdin.write(`${JSON.stringify({ peer, threads, batch, steps: STEPS })}\n`);
        return JSON.parse((await this.lines.next()).value as string) as Times;
      },
    };
  }

  end(): void {
    this.child.stdin.end();
  }
}

/** A Python that has the module: the one on the path, or the system's own. */
export const pythonWith = (module: string) =>
  ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0,
  );
const all = availableParallelism();
const settings = (backend: BackendName, threads: number) => () => {
  setBackend(backend);
  setThreads(threads);
};

function hasBlas(): boolean {
  try {
    setBackend('blas');
    return true;
  } catch {
    return false;
  } finally {
    setBackend('wasm');
  }
}

export interface TrainingTimes {
  readonly batch: number;
  /** By the names of the runners; those that are not installed are left out. */
  readonly times: readonly (readonly [name: string, times: Times])[];
}

export const NAMES = {
  one: 'ours, 1 thread',
  all: `ours, ${all} threads`,
  dense: `ours, ${all} threads, dense digits`,
  blas: `ours with BLAS, ${all} threads`,
  jax: 'jax-js jit, SGD',
  torch: [1, all].map((threads) => peerName('torch', threads)),
  numpy: peerName('numpy', all),
};

/** Medians of several rounds, in which all take their turn. */
export async function trainingTimes(): Promise<TrainingTimes[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leibniz-bench-'));
  const [sparse, dense] = [pixelsOf(false), pixelsOf(true)];
  writeFileSync(join(folder, 'pixels'), sparse);
  writeFileSync(join(folder, 'labels'), train.labels);
  const runners: Runner[] = [
    ours(NAMES.one, sparse, settings('wasm', 1)),
    ours(NAMES.all, sparse, settings('wasm', all)),
    ours(NAMES.dense, dense, settings('wasm', all)),
    ...(hasBlas() ? [ours(NAMES.blas, sparse, settings('blas', all))] : []),
    await jax(sparse),
  ];
  const pythons: Python[] = [];
  for (const [peer, threads] of [
    ['torch', [1, all]],
    ['numpy', [all]],
  ] as const) {
    const found = pythonWith(peer);
    if (!found) continue;
    const python = new Python(found, join(folder, 'pixels'), join(folder, 'labels'));
    pythons.push(python);
    runners.push(...threads.map((count) => python.runner(peer, count)));
  }
  const results: TrainingTimes[] = [];
  for (const batch of [100, 500]) {
    const found = new Map<string, Times[]>(runners.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round++) {
      for (const runner of runners) found.get(runner.name)!.push(await runner.run(batch));
    }
    const times = [...found].map(([name, each]): [string, Times] => [
      name,
      { median: median(each.map((one) => one.median)), least: Math.min(...each.map((one) => one.least)) },
    ]);
    results.push({ batch, times });
  }
  for (const python of pythons) python.end();
  rmSync(folder, { recursive: true });
  settings('wasm', all)();
  return results;
}

/** The times as lines of a table. */
export const lines = ({ times }: TrainingTimes): string[] =>
  times.map(
    ([name, { median, least }]) =>
      `${name.padEnd(32)} median ${median.toFixed(3).padStart(8)} ms   best ${least.toFixed(3).padStart(8)}   ${(1000 / median).toFixed(0).padStart(6)} steps/s`,
  );

if (import.meta.main) {
  console.log(JSON.stringify(await trainingTimes()));
  process.exit();
}
