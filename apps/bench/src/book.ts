// The book's Listing A.5, start to finish, beside PyTorch's.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setThreads } from '@leibniz/kernels';
import { loadMnist } from '@leibniz/mnist-data';
import { adam } from '../../../examples/a5-adam.ts';
import { loadDigits } from '../../../examples/digits.ts';
import { pythonWith } from './training.ts';

export interface BookTimes {
  /** Seconds. */
  readonly ours: number;
  /** The better of one thread and all of them; absent where there is no PyTorch. */
  readonly torch?: number;
}

async function bookTimes(threads: readonly number[]): Promise<BookTimes> {
  const digits = await loadDigits();
  setThreads(Math.max(...threads));
  const start = performance.now();
  adam(digits);
  const ours = (performance.now() - start) / 1000;
  const python = pythonWith('torch');
  if (python === undefined) return { ours };
  const { train } = await loadMnist();
  const folder = mkdtempSync(join(tmpdir(), 'leibniz-bench-'));
  const [pixels, labels] = [join(folder, 'pixels'), join(folder, 'labels')];
  writeFileSync(pixels, train.images);
  writeFileSync(labels, train.labels);
  const { OPENBLAS_CORETYPE: _, ...env } = process.env;
  const script = join(import.meta.dirname, '../peers/book.py');
  const seconds = threads.map((count) =>
    Number(spawnSync(python, [script, pixels, labels, String(count)], { env, encoding: 'utf8' }).stdout),
  );
  rmSync(folder, { recursive: true });
  return { ours, torch: Math.min(...seconds) };
}

if (import.meta.main) {
  console.log(JSON.stringify(await bookTimes([1, availableParallelism()])));
  process.exit();
}
