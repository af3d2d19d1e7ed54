import { describe, expect, test } from 'vitest';
import { Generator } from './generator.ts';
import { initHe, initXavier, manualSeed, permutation, rand, randint, randn } from './index.ts';

/** Mean and variance of the elements. */
function moments(values: ArrayLike<number>): [mean: number, variance: number] {
  const list = Array.from(values);
  const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
  return [mean, list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / list.length];
}

describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
  const options = { dtype, generator: new Generator(3) };

  test('rand is uniform in [0, 1)', () => {
    const values = rand([20_000], options).dataSync();
    expect(values.every((x) => x >= 0 && x < 1)).toBe(true);
    const [mean, variance] = moments(values);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(0.01);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.003);
  });

  test('randn is normal: moments, and the Kolmogorov-Smirnov distance to its quartiles', () => {
    const values = randn([20_001], options).dataSync();
    const [mean, variance] = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.03);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
    for (const [quantile, share] of [
      [-1.959964, 0.025],
      [-0.67449, 0.25],
      [0, 0.5],
      [0.67449, 0.75],
      [1.959964, 0.975],
    ] as const) {
      expect(Math.abs(values.filter((x) => x < quantile).length / values.length - share)).toBeLessThan(0.01);
    }
  });
});

describe('a seed', () => {
  test('gives the same bits again, and another seed others', () => {
    const draw = (seed: number | bigint) => {
      manualSeed(seed);
      return [rand([3]), randn([3], { dtype: 'float64' }), randint(-5, 5, [3]), permutation(5)].map((x) =>
        x.toArray(),
      );
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(2n ** 64n - 1n)).toEqual(draw(2n ** 64n - 1n));
  });

  test('gives these bits on every machine', () => {
    expect([...randn([4], { dtype: 'float64', generator: new Generator(42) }).dataSync()]).toEqual([
      1.3737436993259746, -0.3885166644084736, -0.10621719952901053, -0.0340332557324003,
    ]);
    expect([...rand([2], { generator: new Generator(42) }).dataSync()]).toEqual([
      0.6129598617553711, 0.4685865044593811,
    ]);
    expect(permutation(8, { generator: new Generator(42) }).toArray()).toEqual([6, 4, 0, 5, 2, 7, 1, 3]);
  });

  test.each([1.5, Number.NaN, 2n ** 64n])('cannot be %s', (seed) =>
    expect(() => new Generator(seed)).toThrow(RangeError),
  );
});

test('the state of a generator continues its stream, also through JSON', () => {
  const generator = new Generator(5);
  rand([7], { generator });
  const state = JSON.parse(JSON.stringify(generator.state()));
  const next = rand([5], { generator }).toArray();
  expect(rand([5], { generator: new Generator().load(state) }).toArray()).toEqual(next);
  expect(() => generator.load({ ...state, block: -1 })).toThrow('it is none of philox4x32-10');
  expect(() => generator.load({ ...state, algorithm: 'mt19937' })).toThrow(RangeError);
});

test('randint covers its range evenly', () => {
  const counts = new Map<number, number>();
  for (const x of randint(-1, 2, [9000], { generator: new Generator(1) }).dataSync())
    counts.set(x, (counts.get(x) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual([-1, 0, 1]);
  for (const count of counts.values()) expect(Math.abs(count - 3000)).toBeLessThan(200);
  expect(() => randint(2, 2, [1])).toThrow(RangeError);
});

test('a permutation holds each number once, and each place is as likely', () => {
  const generator = new Generator(1);
  const sums = new Array<number>(4).fill(0);
  for (let draw = 0; draw < 4000; draw++) {
    const order = permutation(4, { generator }).dataSync();
    expect([...order].sort()).toEqual([0, 1, 2, 3]);
    for (const [place, x] of order.entries()) sums[place]! += x;
  }
  for (const sum of sums) expect(Math.abs(sum / 4000 - 1.5)).toBeLessThan(0.08);
  expect([permutation(0).size, permutation(1).toArray()]).toEqual([0, [0]]);
});

test('initial weights have the spread of their layer', () => {
  const generator = new Generator(2);
  const [, he] = moments(initHe([200, 100], { generator }).dataSync());
  const [, xavier] = moments(initXavier([200, 100], { generator, requiresGrad: true }).dataSync());
  expect(Math.abs(he - 2 / 200)).toBeLessThan(3e-4);
  expect(Math.abs(xavier - 2 / 300)).toBeLessThan(3e-4);
  expect(() => initHe([5])).toThrow('Cannot initialise weights of shape [5]');
});

test('split streams are distinct, and the same for the same state', () => {
  const draws = () =>
    new Generator(5)
      .split(100)
      .map((generator) => String(rand([4], { generator, dtype: 'float64' }).toArray()));
  expect(new Set(draws()).size).toBe(100);
  expect(draws()).toEqual(draws());
  const [parent, child] = [new Generator(5), new Generator(5).split(1)[0]!];
  expect(parent.words(4)).not.toEqual(child.words(4));
});
