import { describe, expect, test } from 'vitest';
import { Generator } from './generator.ts';
import {
  broadcastTo,
  grad,
  matmul,
  permuteDims,
  randint,
  randn,
  reshape,
  slice,
  sum,
  type Tensor,
  tensor,
  transpose,
} from './index.ts';
import { internals } from './tensor.ts';

const isView = (y: Tensor, x: Tensor) => internals.strided(y).data === internals.strided(x).data;
const copy = (x: Tensor) => tensor(x.dataSync(), { shape: x.shape, dtype: x.dtype });

/** A stream of integers below a bound. */
function integers(seed: number) {
  const generator = new Generator(seed);
  return (bound: number) => randint(0, bound, [1], { generator }).item();
}

/** One random movement of a tensor. */
function randomMove(x: Tensor, below: (n: number) => number): (x: Tensor) => Tensor {
  const axes = x.shape.map((_, axis) => axis);
  switch (below(5)) {
    case 0: {
      const order = axes.toSorted(() => below(3) - 1);
      return (x) => permuteDims(x, order);
    }
    case 1: {
      const ranges = x.shape.map(
        (n) => [below(n + 1), null, below(2) + 1] as [number | null, number | null, number],
      );
      for (const range of ranges) if (below(3) === 0) range.splice(0, 3, null, null, -1);
      return (x) => slice(x, ...ranges);
    }
    case 2: {
      const lengths = [1, below(3) + 1].filter((n) => x.size % n === 0);
      return (x) => reshape(x, [...lengths, x.size / lengths.reduce((a, b) => a * b, 1)]);
    }
    case 3:
      return (x) => broadcastTo(x, [2, ...x.shape]);
    default:
      return (x) => reshape(x, [...x.shape.slice(0, 1), 1, ...x.shape.slice(1)]);
  }
}

test('random movements of views are those of copies, and so are what is computed of them and their gradients', () => {
  for (let seed = 0; seed < 300; seed++) {
    const below = integers(seed);
    const first = randn([2, 3, 2], { dtype: 'float64', generator: new Generator(seed) });
    const moves: ((x: Tensor) => Tensor)[] = [];
    let [view, copied]: Tensor[] = [first, first];
    for (let step = 0; step < 5 && view!.size < 200; step++) {
      const move = randomMove(view!, below);
      moves.push(move);
      view = move(view!);
      copied = copy(move(copied!));
      expect(view.shape).toEqual(copied.shape);
    }
    expect(view!.toArray()).toEqual(copied!.toArray());
    expect(view!.exp().toArray()).toEqual(copied!.exp().toArray());
    expect(sum(view!, view!.ndim > 0 ? -1 : undefined).toArray()).toEqual(
      sum(copied!, copied!.ndim > 0 ? -1 : undefined).toArray(),
    );
    // The gradient of Σ c·view(x) is how often, and with which c, each element was seen.
    const counts = grad((x: Tensor) =>
      moves
        .reduce((x, move) => move(x), x)
        .square()
        .sum(),
    )(first);
    const seen = new Float64Array(first.size);
    const labels = tensor(
      Float64Array.from(seen, (_, i) => i),
      { shape: first.shape },
    );
    for (const i of moves.reduce((x, move) => move(x), labels).dataSync())
      seen[i]! += 2 * first.dataSync()[i]!;
    const found = counts.dataSync();
    for (const [i, value] of seen.entries()) expect(found[i]).toBeCloseTo(value, 10);
  }
});

describe('nothing is copied', () => {
  const x = randn([4, 6]);
  test.each<[string, Tensor]>([
    ['reshape', reshape(x, [2, 2, 6])],
    ['reshape to a column', reshape(x, [24, 1])],
    ['permuteDims', permuteDims(x)],
    ['slice', slice(x, [1, 3], [null, null, -2])],
    ['an element', slice(x, 1, 2)],
    ['broadcastTo', broadcastTo(x, [5, 4, 6])],
    ['reshape of a slice', reshape(slice(x, [1, 3]), [12])],
    ['reshape of every other column', reshape(slice(x, null, [null, null, 2]), [2, 2, 3])],
    ['reshape of a permuted', reshape(permuteDims(reshape(x, [2, 2, 6]), [2, 0, 1]), [6, 4])],
  ])('by %s', (_, view) => expect(isView(view, x)).toBe(true));

  test('but where strides cannot say it', () => {
    const flat = reshape(transpose(x), [24]);
    expect(isView(flat, x)).toBe(false);
    expect(flat.toArray()).toEqual(copy(transpose(x)).reshape([24]).toArray());
  });
});

test('matrices that lie transposed are multiplied as they lie', () => {
  const [a, b] = [randn([3, 4], { dtype: 'float64' }), randn([3, 5], { dtype: 'float64' })];
  const expected = matmul(copy(a.T), b);
  expect(matmul(a.T, b).toArray()).toEqual(expected.toArray());
  expect(matmul(b.T, a).toArray()).toEqual(matmul(copy(b.T), a).toArray());
  expect(matmul(a, copy(b.T).T, { transposeA: true }).toArray()).toEqual(expected.toArray());
  expect(matmul(a.T, copy(b.T), { transposeB: true }).toArray()).toEqual(expected.toArray());
  const stacked = permuteDims(randn([4, 2, 3], { dtype: 'float64' }), [1, 2, 0]);
  expect(matmul(stacked, a.T as Tensor).toArray()).toEqual(
    matmul(copy(stacked), copy(a.T) as Tensor).toArray(),
  );
});
