// The memory that training in one synchronous loop takes, which disposes of nothing.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Finding } from './bar.ts';
import { PACKAGES } from './bundled.ts';

const MEGABYTE = 1e6;
const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(1)} MB`;

/** Bytes in use after so many steps. */
interface Memory {
  readonly step: number;
  /** Of the arrays of the kernels. */
  readonly live: number;
  readonly resident: number;
  /** The most that was resident so far. */
  readonly peak: number;
}

/** What training for so many steps holds, from the first number of them to the second. */
export function trainingMemory(from: number, to: number): Finding {
  if (!existsSync(`${PACKAGES}/tensor/dist/index.js`))
    return { found: 'not built: run pnpm build first', met: false };
  const program = fileURLToPath(new URL('trainingMemory.mjs', import.meta.url));
  const start = performance.now();
  const output = execFileSync(process.execPath, [program, String(from), String(to)], { encoding: 'utf8' });
  const seconds = (performance.now() - start) / 1000;
  const [before, after] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Memory) as [Memory, Memory];
  const growth = after.resident - before.resident;
  return {
    found: `live at most ${megabytes(before.live)} before step ${before.step}, ${megabytes(after.live)} at the end; resident ${megabytes(before.resident)}, ${megabytes(after.resident)}; peak ${megabytes(after.peak)}; ${seconds.toFixed(0)} s`,
    met: after.live <= before.live && growth <= 10 * MEGABYTE && after.peak <= 250 * MEGABYTE,
  };
}
