import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { type FunctionSpec, load, loop, op, store } from './assembler.ts';
import { useThreads } from './fixtures/threads.ts';
import { layout, take, view } from './heap.ts';
import { instantiate } from './memory.ts';
import { fork, parts, setThreads, threads } from './threads.ts';

afterAll(() => setThreads(1));

/** work(to, rounds): counts the calls at `to`, after so many rounds of a loop. */
const count = {
  name: 'count',
  params: ['i32', 'i32'],
  body: (local, [to, rounds]) => [
    loop(local('i32'), 0, rounds!, 1, []),
    store('i32.store', to!, op('i32.add', load('i32.load', to!), 1)),
  ],
} as const satisfies FunctionSpec;

/** squared(rounds): takes as long as rounds² rounds of a loop. */
const squared = {
  name: 'squared',
  params: ['i32'],
  body: (local, [rounds]) => loop(local('i32'), 0, rounds!, 1, loop(local('i32'), 0, rounds!, 1, [])),
} as const satisfies FunctionSpec;

describe('jobs', () => {
  const kernels = instantiate([count, squared]);

  test.each([1, 2, 3, 5])('on %d threads run every part once', async (n) => {
    await useThreads(n);
    expect(threads()).toBe(n);
    const address = take(64 * 40);
    const words = new Int32Array(view(new Float32Array(), address, 1).buffer, address, 16 * 40).fill(0);
    for (let round = 1; round <= 300; round++) {
      fork(
        kernels.count,
        Array.from({ length: 40 }, (_, at) => [address + 64 * at, (round % 7) * 300]),
      );
      expect(words.every((value, at) => value === (at % 16 === 0 ? round : 0))).toBe(true);
    }
  });

  test('a thread that does not come back is an error within a second or so; the next job runs', async () => {
    await useThreads(2);
    // The caller is busy with the first part, long enough for a thread that is late, which takes half a minute for the second.
    const start = performance.now();
    expect(() => fork(kernels.squared, [[9000], [200_000]])).toThrow(
      expect.objectContaining({ code: 'ERR_KERNEL_THREAD' }),
    );
    expect(performance.now() - start).toBeLessThan(10_000);
    const [flag] = layout(64) as [number];
    const words = new Int32Array(view(new Float32Array(), flag, 1).buffer, flag, 16);
    await useThreads(2);
    words.fill(0);
    fork(kernels.count, [
      [flag, 0],
      [flag + 4, 0],
    ]);
    expect([...words.subarray(0, 3)]).toEqual([1, 1, 0]);
  });

  test('a kernel that fails is an error on whatever thread; the next job runs', async () => {
    await useThreads(2);
    const outside = 2 ** 32 - 4;
    expect(() =>
      fork(
        kernels.count,
        Array.from({ length: 20 }, () => [outside, 1000]),
      ),
    ).toThrow();
    const [address] = layout(64) as [number];
    const words = new Int32Array(view(new Float32Array(), address, 1).buffer, address, 2).fill(0);
    fork(kernels.count, [
      [address, 0],
      [address + 4, 0],
    ]);
    expect([...words]).toEqual([1, 1]);
  });
});

test.each([0, -1, 1.5, Number.NaN, 65])('%d threads are refused', (n) => {
  expect(() => setThreads(n)).toThrow(expect.objectContaining({ code: 'ERR_KERNEL_THREAD' }));
});

test('parts cover a length, begin at multiples of the unit, and are one where there is little work', () => {
  setThreads(2);
  for (const length of [0, 1, 63, 64, 1000, 100_000]) {
    for (const work of [0, 1e5, 1e6, 1e9]) {
      const cut = parts(length, 64, work);
      expect(cut.flat()).toEqual([0, ...cut.flatMap(([, to]) => [to, to])].slice(0, 2 * cut.length));
      expect(cut.at(-1)?.[1] ?? 0).toBe(length);
      expect(cut.every(([from]) => from % 64 === 0)).toBe(true);
      if (work === 0) expect(cut.length).toBeLessThanOrEqual(1);
    }
  }
  expect(parts(100_000, 64, 1e9).length).toBe(8);
});

/** What a program prints that is run by a Node of its own. */
function printed(program: string, env: Readonly<Record<string, string>> = {}): string {
  const flags = [
    '--conditions=@leibniz/source',
    '--disallow-code-generation-from-strings',
    '--input-type=module',
  ];
  const index = JSON.stringify(new URL('./index.ts', import.meta.url).href);
  return execFileSync(process.execPath, [...flags, '--eval', program.replace('KERNELS', index)], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, ...env },
  }).trim();
}

test('a program whose threads are idle ends', () => {
  const program = `
    import { allocate, compileMap, setThreads } from KERNELS;
    setThreads(3);
    const x = allocate('float64', 1e6).fill(2);
    const f = compileMap({ dtype: 'float64', inputs: 1 }, ($, a) => $.exp($.exp(a)));
    for (let round = 0; round < 40; round++) f(x, x.fill(round % 3));
    console.log(x.every((value) => value === x[0]));
  `;
  expect(printed(program)).toBe('true');
});

test('without shared memory everything runs on the caller, on ordinary arrays', () => {
  const program = `
    delete globalThis.SharedArrayBuffer;
    const { allocate, compileMap, isLive, liveBytes, matmul, reduce, release, threads } = await import(KERNELS);
    const x = allocate('float64', 1e6).fill(2);
    compileMap({ dtype: 'float64', inputs: 1 }, ($, a) => $.exp($.log(a)))(x, x);
    const y = matmul(allocate('float64', 1e6), x, x, { m: 1000, n: 1000, k: 1000 });
    const [sum] = reduce('sum', allocate('float64', 1), y, { outer: 1, n: 1e6, inner: 1 });
    const bytes = liveBytes();
    release(x);
    console.log(threads(), x.buffer instanceof ArrayBuffer, sum, bytes, liveBytes(), isLive(x));
  `;
  expect(printed(program)).toBe('1 true 4000000000 16000008 8000008 false');
});

test.each([
  ['2', '2'],
  ['', String(Math.min(16, availableParallelism()))],
  ['0', 'ERR_KERNEL_THREAD'],
  ['many', 'ERR_KERNEL_THREAD'],
])('LEIBNIZ_THREADS=%s: %s', (value, expected) => {
  const program = `
    import { threads } from KERNELS;
    try { console.log(threads()); } catch (error) { console.log(error.code); }
  `;
  expect(printed(program, { LEIBNIZ_THREADS: value })).toBe(expected);
});
