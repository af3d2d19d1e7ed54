import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { liveBytes } from '@leibniz/kernels';
import { describe, expect, it } from 'vitest';
import {
  add,
  crossEntropy,
  customGrad,
  DisposedError,
  type Formulas,
  initHe,
  lentGrad,
  manualSeed,
  randn,
  reassign,
  type Tensor,
  tensor,
  zeros,
  zerosLike,
} from './index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const SIZE = 4096;
const values = (x: Tensor) => Float64Array.from(x.dataSync());

/** Results of 160 MB in all, so that everything older has moved, and others as large as it, which take its place. */
function computeMuch(): void {
  const x = randn([1024, 256]);
  let [sum, small] = [x, randn([SIZE])];
  for (let i = 0; i < 160; i++) {
    sum = add(sum, x);
    small = small.add(1);
    if (i % 4 === 0) sum.slice(0, 0).item();
  }
}

describe('what is still referred to stays as it was, however much comes after', () => {
  it.each<[string, (x: Tensor) => Tensor]>([
    ['a result', (x) => x.mul(3)],
    ['a view', (x) => x.mul(3).reshape([64, 64]).T],
    ['a part', (x) => x.mul(3).slice([100, 200])],
    ['a part as a row of its own', (x) => x.mul(3).reshape([64, 64]).slice(3).reshape([64])],
    ['a product', (x) => x.reshape([64, 64]).matmul(x.reshape([64, 64]))],
    ['a sum', (x) => x.reshape([8, 512]).sum(0)],
  ])('%s', (_, make) => {
    manualSeed(1);
    const y = make(randn([SIZE]));
    const before = values(y);
    computeMuch();
    expect(values(y)).toEqual(before);
    expect(values(y.mul(1))).toEqual(before);
  });

  it.each<[string, (x: Tensor) => Tensor]>([
    ['in one step', (x) => x.mul(3)],
    ['in several', (x) => x.mul(3).add(1).square().sub(5).exp().add(2).relu()],
    ['from integers', (x) => tensor(new Uint8Array(SIZE).fill(7)).astype('float32').mul(x.slice(0))],
    ['from a view', (x) => x.mul(2).reshape([64, 64]).T.add(1)],
    [
      'from a part of integers',
      () =>
        tensor(Uint8Array.from({ length: 2 * SIZE }, (_, i) => i))
          .slice([SIZE])
          .astype('float32'),
    ],
    ['in another type', (x) => x.mul(3).astype('float64').add(1)],
  ])('a result that can be computed again %s', (_, make) => {
    manualSeed(1);
    const y = make(randn([SIZE]));
    const before = values(y);
    for (let times = 0; times < 3; times++) {
      computeMuch();
      expect(values(y)).toEqual(before);
      computeMuch();
      expect(values(y.mul(1))).toEqual(before);
    }
  });

  it('a result whose operand was written over, disposed of, or both, before or after it moved out', () => {
    manualSeed(1);
    const step: Formulas = ($, w) => [$.add(w!, $.int(1))];
    for (const moves of [false, true]) {
      const [w, x] = [zeros([SIZE]), randn([SIZE]).mul(2)];
      const [fromVariable, fromResult] = [w.add(3), x.add(3)];
      const before = values(fromResult);
      if (moves) computeMuch();
      reassign(step, [{ targets: [w], operands: [w] }]);
      x.dispose();
      computeMuch();
      reassign(step, [{ targets: [w], operands: [w] }]);
      expect(values(fromVariable)).toEqual(new Float64Array(SIZE).fill(3));
      expect(values(fromResult)).toEqual(before);
      expect(values(w)).toEqual(new Float64Array(SIZE).fill(2));
    }
  });

  it('the last of many results, each computed from the one before, and nothing of these', async () => {
    const { arrayBuffers } = process.memoryUsage();
    let x = zeros([SIZE]);
    for (let i = 0; i < 20_000; i++) {
      x = x.add(1);
      if (i % 100 === 0) zeros([]).item();
    }
    const grown = () => {
      collectGarbage();
      return process.memoryUsage().arrayBuffers - arrayBuffers;
    };
    // What is collected is counted as free a little later.
    for (let tries = 0; tries < 100 && grown() > 2 ** 24; tries++) await setTimeout(1);
    expect(grown()).toBeLessThan(2 ** 24); // a fifth of them would be 64 MB
    computeMuch();
    expect(values(x)).toEqual(new Float64Array(SIZE).fill(20_000));
  });

  it.each<[string, () => Tensor]>([
    ['an ordinary array', () => tensor(new Uint8Array(SIZE).fill(7))],
    ['a result', () => zeros([SIZE]).add(7)],
    ['a view of one', () => zeros([SIZE]).add(7).reshape([64, 64]).slice([0, 64]).reshape([SIZE])],
  ])('a result whose operand, %s, was written to, before or after it moved out', (_, make) => {
    for (const moves of [false, true]) {
      const x = make();
      const y = x.dtype === 'uint8' ? x.astype('float32') : x.mul(1.5);
      const before = values(y);
      if (moves) computeMuch();
      x.withData((data) => data.fill(1));
      computeMuch();
      expect(values(y)).toEqual(before);
      expect(values(x)).toEqual(new Float64Array(SIZE).fill(1));
    }
  });

  it('what was written to the elements of a result', () => {
    const y = zeros([SIZE]).add(1);
    y.withData((data) => data.fill(7));
    computeMuch();
    expect(values(y)).toEqual(new Float64Array(SIZE).fill(7));
  });

  it('elements that are lent', () => {
    const x = randn([SIZE]).mul(2);
    const before = values(x);
    x.withData((data) => {
      computeMuch();
      expect(Float64Array.from(data)).toEqual(before);
    });
  });

  it('an array of the user, of which products keep a copy at hand', () => {
    const x = tensor(randn([64, 64]).dataSync(), { shape: [64, 64] });
    const before = values(x.matmul(x));
    const bytes = liveBytes();
    x.matmul(x).dispose();
    expect(liveBytes()).toBe(bytes);
    computeMuch();
    expect(values(x.matmul(x))).toEqual(before);
    x.withData((data) => data.fill(0));
    expect(values(x.matmul(x))).toEqual(new Float64Array(SIZE));
  });

  it('what a record needs', () => {
    const w = randn([SIZE], { requiresGrad: true });
    const y = w.mul(2).square();
    computeMuch();
    y.sum().backward();
    expect(values(w.grad!)).toEqual(values(w.mul(8)));
  });

  it('the old value of a variable, for those who saw it', () => {
    const w = randn([SIZE], { requiresGrad: true });
    const [seen, y] = [w.reshape([64, 64]), w.square()];
    const before = values(w);
    reassign(($, w) => [$.add(w!, $.int(1))], [{ targets: [w], operands: [w] }]);
    reassign(($, w) => [$.add(w!, $.int(1))], [{ targets: [w], operands: [w] }]);
    expect(values(seen)).toEqual(before);
    expect(values(w)).toEqual(before.map((x) => Math.fround(Math.fround(x + 1) + 1)));
    y.sum().backward();
    expect(values(w.grad!)).toEqual(before.map((x) => 2 * x));
  });
});

describe('gradients', () => {
  const withGradient = () => {
    const x = randn([SIZE], { requiresGrad: true });
    x.square().sum().backward();
    return x;
  };

  it('that were read stay', () => {
    const x = withGradient();
    const kept = x.grad!;
    x.zeroGrad();
    expect(values(kept)).toEqual(values(x.mul(2)));
  });

  it('that were lent are gone when they are forgotten', () => {
    const x = withGradient();
    const lent = lentGrad(x)!;
    expect(values(lent)).toEqual(values(x.mul(2)));
    x.zeroGrad();
    expect(() => lent.dataSync()).toThrow(DisposedError);
  });

  it('that a rule of the user keeps stay', () => {
    const kept: Tensor[] = [];
    const through = customGrad((x) => ({
      value: x.mul(1),
      gradient: (g) => {
        kept.push(g);
        return g;
      },
    }));
    const x = randn([SIZE], { requiresGrad: true });
    through(x.mul(3)).sum().backward();
    expect(values(kept[0]!)).toEqual(new Float64Array(SIZE).fill(1));
    expect(values(x.grad!)).toEqual(new Float64Array(SIZE).fill(3));
  });

  it('of gradients', () => {
    const x = randn([SIZE], { requiresGrad: true });
    x.pow(3).sum().backward({ createGraph: true });
    const slope = x.grad!;
    x.zeroGrad();
    slope.sum().backward();
    const expected = values(x).map((value) => 6 * value);
    values(x.grad!).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  });
});

describe('of the memory of the kernels', () => {
  const MEGABYTE = 2 ** 20;
  const x = zeros([MEGABYTE / 4]);
  const large = zeros([9 * x.size]);
  const small = zeros([]);
  const bytesOf = (make: () => unknown) => {
    const before = liveBytes();
    make();
    return liveBytes() - before;
  };

  /** A result that is larger than all that may wait, itself included. */
  const moveAll = () => large.add(1).slice(0).item();

  it.each([
    ['float32', 8, 32],
    ['float64', 8, 64],
    ['float32', 7, 0],
    ['int32', 256, 0],
  ] as const)('a result of %s with %d elements takes %d bytes', (dtype, size, bytes) => {
    const operand = zeros([size], { dtype });
    expect(bytesOf(() => operand.add(1))).toBe(bytes);
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => 0],
    ['results that were disposed of', () => x.add(1).dispose()],
    [
      'views, disposed of after what they look at',
      () => {
        const y = x.add(1);
        const view = y.reshape([2, -1]).T;
        y.dispose();
        view.dispose();
      },
    ],
    [
      'a copy of a view',
      () => {
        const y = x.add(1);
        const view = y.reshape([2, -1]).T;
        y.dispose();
        view.dataSync();
        view.dispose();
      },
    ],
    [
      'values of a variable',
      () => {
        const w = zeros([x.size]);
        for (let i = 0; i < 3; i++) w.assign(x.add(i));
        w.dispose();
      },
    ],
    [
      'a value that a variable had and another looks at',
      () => {
        const [w, seen] = [zeros([x.size]), x.add(1)];
        w.assign(seen);
        w.assign(x.add(2));
        w.dispose();
        seen.dispose();
      },
    ],
    [
      'a value that had moved out before a variable took it',
      () => {
        const [w, seen] = [zeros([x.size]), x.add(1)];
        moveAll();
        w.assign(seen);
        w.assign(x.add(1));
        w.dispose();
        seen.dispose();
      },
    ],
    [
      'a value that a variable took twice',
      () => {
        const [w, seen] = [zeros([x.size]), x.add(1)];
        w.assign(seen).assign(seen);
        seen.dispose();
        w.dispose();
      },
    ],
    [
      'gradients that nobody read',
      () => {
        const w = tensor(x.dataSync(), { requiresGrad: true });
        const y = w.mul(2);
        y.sum().backward();
        w.zeroGrad();
        y.dispose();
      },
    ],
    [
      'a function that fails while elements are lent to it',
      () => expect(() => x.withData(() => expect.fail())).toThrow(),
    ],
  ])('8 MB hold results, the older half of which moves out then; before: %s', (_, act) => {
    moveAll();
    const before = liveBytes();
    for (let i = 0; i < 12; i++) act();
    moveAll();
    expect(liveBytes()).toBe(before);
    const results: Tensor[] = [];
    const megabytes = Array.from({ length: 14 }, () => {
      results.push(x.add(1));
      small.item();
      return (liveBytes() - before) / MEGABYTE;
    });
    expect(megabytes).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 4, 5, 6, 7, 8, 4]);
    expect(bytesOf(() => results[0]!.slice(0).item())).toBe(MEGABYTE);
  });

  it('gradients on their way through backward take nothing when it is done', () => {
    moveAll();
    const w = tensor(x.dataSync(), { requiresGrad: true });
    const loss = w.exp().sin().add(w).sum();
    expect(bytesOf(() => loss.backward())).toBe(MEGABYTE);
    expect(bytesOf(() => w.zeroGrad())).toBe(-MEGABYTE);
  });

  it('a variable is written over in its place, whatever was computed from it before', () => {
    const value = x.add(1);
    const w = zeros([x.size]).assign(value);
    value.dispose();
    const y = w.add(1);
    moveAll();
    expect(bytesOf(() => reassign(($, w) => [$.add(w!, $.int(1))], [{ targets: [w], operands: [w] }]))).toBe(
      0,
    );
    expect(y.slice([0, 2]).toArray()).toEqual([2, 2]);
  });

  it('the values of variables that nobody refers to any more move out like others', async () => {
    moveAll();
    const before = liveBytes();
    for (let i = 0; i < 20; i++) zeros([x.size]).assign(x.add(i));
    expect(liveBytes()).toBe(before + 20 * MEGABYTE);
    for (let tries = 0; tries < 100 && liveBytes() > before + 4 * MEGABYTE; tries++) {
      collectGarbage();
      await setTimeout(1);
      moveAll();
    }
    expect(liveBytes()).toBeLessThanOrEqual(before + 4 * MEGABYTE);
  });

  it('nothing moves while elements are lent, even by two functions', () => {
    moveAll();
    const y = x.add(1);
    const before = liveBytes();
    y.withData(() => {
      y.withData(() => moveAll());
      moveAll();
      expect(liveBytes() - before).toBe(18 * MEGABYTE);
    });
    moveAll();
    expect(liveBytes() - before).toBe(-MEGABYTE);
  });
});

it('a training loop without any pause keeps as many bytes as it had', () => {
  manualSeed(1);
  const trained = { requiresGrad: true } as const;
  const parameters = [initHe([256, 128], trained), zeros([128], trained), initHe([128, 10], trained)];
  const [w1, b1, w2] = parameters as [Tensor, Tensor, Tensor];
  const averages = parameters.map((p) => zerosLike(p));
  const x = randn([64, 256]);
  const labels = tensor(
    Array.from({ length: 64 }, (_, i) => i % 10),
    { dtype: 'int32' },
  );
  const bytes: number[] = [];
  for (let step = 0; step < 600; step++) {
    for (const p of parameters) p.zeroGrad();
    const loss = crossEntropy(x.matmul(w1).add(b1).relu().matmul(w2), labels);
    loss.backward();
    for (const [i, p] of parameters.entries()) {
      const m = averages[i]!;
      reassign(
        ($, p, g, m) => [$.sub(p!, $.mul($.rational(1, 100), m!)), $.add(g!, m!)],
        [{ targets: [p, m], operands: [p, lentGrad(p)!, m] }],
      );
    }
    loss.item();
    bytes.push(liveBytes());
  }
  expect(Math.max(...bytes.slice(300))).toBeLessThanOrEqual(Math.max(...bytes.slice(100, 300)));
  expect(Math.max(...bytes)).toBeLessThan(40 * 2 ** 20);
});

describe('several assignments at once', () => {
  const formula: Formulas = ($, w, g) => [$.sub(w!, $.mul($.int(2), g!))];

  it('give each leaf what one by itself gives, of every size and type', () => {
    const leaves = [
      randn([3]),
      randn([300]),
      randn([40, 50]),
      randn([300], { dtype: 'float64' }),
      randn([]),
    ].map((x) => tensor(x.dataSync(), { shape: x.shape, dtype: x.dtype, requiresGrad: true }));
    const steps = leaves.map((w) => ({ targets: [w], operands: [w, w.square()] }));
    const expected = leaves.map((w) => values(w.sub(w.square().mul(2))));
    reassign(formula, steps);
    expect(leaves.map(values)).toEqual(expected);
  });

  it('are refused if one reads or writes what another writes', () => {
    const [v, w] = [zeros([4]), zeros([4])];
    const refused = expect.objectContaining({ code: 'ERR_SHAPE_INVALID' });
    const writes = { targets: [v], operands: [w, w] };
    expect(() => reassign(formula, [writes, { targets: [v], operands: [w, w] }])).toThrow(refused);
    expect(() => reassign(formula, [writes, { targets: [w], operands: [v, w] }])).toThrow(refused);
    expect(values(v)).toEqual(new Float64Array(4));
  });
});
