// The book's Listing A.5, start to finish, beside PyTorch's: in turn, the best of some runs of each.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setThreads } from '@leibniz/kernels';
import { loadMnist } from '@leibniz/mnist-data';
import { adam } from '../../../examples/a5-adam.ts';
import { loadDigits } from '../../../examples/digits.ts';
import { pythonWith } from './training.ts';

const ROUNDS = 3;

export interface BookTimes {
  /** Seconds. */
  readonly ours: number;
  /** On one thread or all of them, whichever is faster in the first round; absent where there is no PyTorch. */
  readonly torch?: number;
}

async function bookTimes(threads: readonly number[]): Promise<BookTimes> {
  const digits = await loadDigits();
  setThreads(Math.max(...threads));
  const own = () => {
    const start = performance.now();
    adam(digits);
    return (performance.now() - start) / 1000;
  };
  const python = pythonWith('torch');
  if (python === undefined) return { ours: own() };
  const { train } = await loadMnist();
  const folder = mkdtempSync(join(tmpdir(), 'leibniz-bench-'));
  const [pixels, labels] = [join(folder, 'pixels'), join(folder, 'labels')];
  writeFileSync(pixels, train.images);
  writeFileSync(labels, train.labels);
  const { OPENBLAS_CORETYPE: _, ...env } = process.env;
  const script = join(import.meta.dirname, '../peers/book.py');
  const torch = (count: number) =>
    Number(spawnSync(python, [script, pixels, labels, String(count)], { env, encoding: 'utf8' }).stdout);
  const times = { ours: [own()], torch: threads.map(torch) };
  const best = threads[times.torch.indexOf(Math.min(...times.torch))]!;
  for (let round = 1; round < ROUNDS; round++) {
    times.ours.push(own());
    times.torch.push(torch(best));
  }
  rmSync(folder, { recursive: true });
  return { ours: Math.min(...times.ours), torch: Math.min(...times.torch) };
}

if (import.meta.main) {
  console.log(JSON.stringify(await bookTimes([1, availableParallelism()])));
  process.exit();
}
