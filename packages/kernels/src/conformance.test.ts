// Every kernel beside its reference in Node; `browser.test.ts` has the same in Chromium.

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Cell, type Conformance, conformance } from './fixtures/conformance.ts';
import { expectConformance } from './fixtures/conformanceExpected.ts';
import type { Shape } from './fixtures/conformanceProblem.ts';
import { useThreads } from './fixtures/threads.ts';

/** What was done since the last run: the most parts of a job, and the plans of products that skip zeros. */
const seen = vi.hoisted(() => ({ parts: 0, sparse: 0 }));

vi.mock('./threads.ts', async (original) => {
  const threads = await original<typeof import('./threads.ts')>();
  const fork: typeof threads.fork = (kernel, rows) => {
    seen.parts = Math.max(seen.parts, rows.length);
    threads.fork(kernel, rows);
  };
  return { ...threads, fork };
});

vi.mock('./sparse.ts', async (original) => {
  const sparse = await original<typeof import('./sparse.ts')>();
  const sparsePlan: typeof sparse.sparsePlan = (...args) => {
    const plan = sparse.sparsePlan(...args);
    if (plan) seen.sparse++;
    return plan;
  };
  return { ...sparse, sparsePlan };
});

afterAll(() => useThreads(1));

/** Relaxed SIMD came with V8 11.4, as in Chrome 114. */
const relaxed = Number.parseFloat(process.versions.v8) >= 11.4 ? [false, true] : [false];

describe('conformance', () => {
  const runs: (Cell & { readonly shape: Shape; readonly isCut: boolean; readonly isSparse: boolean })[] = [];
  let found: Conformance;
  beforeAll(async () => {
    found = await conformance((cell, shape) => {
      runs.push({ ...cell, shape, isCut: seen.parts > 1, isSparse: seen.sparse > 0 });
      Object.assign(seen, { parts: 0, sparse: 0 });
    });
  }, 60_000);

  test('every kernel equals its reference in every cell', () =>
    expectConformance(found, { relaxed, threads: [1, 2] }));

  test('large arrays in the memory are cut for two threads, by every kernel that can be', () => {
    const isAlone = (kernel: string) => /^(copy|argmax|evaluate|compiled|random)/.test(kernel);
    const isLarge = ({ size, place, threads }: Cell) =>
      size === 'large' && place !== 'ordinary' && threads === 2;
    const wrong = runs.filter((run) => isLarge(run) && run.isCut === isAlone(run.kernel));
    expect(wrong).toEqual([]);
  });

  test('zeros are skipped in medium and large products whose second factor is not transposed', () => {
    const isSkipping = ({ kernel, size }: Cell) =>
      /^product .n, mostly zero/.test(kernel) && (size === 'medium' || size === 'large');
    expect(runs.filter((run) => run.isSparse !== isSkipping(run))).toEqual([]);
  });
});
