import { describe, expect, test } from 'vitest';
import { grad, noGrad, randn, type Tensor, tensor, valueAndGrad, zeros } from './index.ts';

const leaf = (values: number | number[] | number[][]) =>
  tensor(values, { dtype: 'float64', requiresGrad: true });
const code = (name: string) => expect.objectContaining({ code: name });

describe('backward', () => {
  test('adds to the gradients of all leaves, and to no others', () => {
    const [a, b, c] = [leaf([1, 2]), leaf([3, 4]), tensor([5, 6], { dtype: 'float64' })];
    const product = a.mul(b).mul(c);
    product.sum().backward();
    expect([a.grad!.toArray(), b.grad!.toArray()]).toEqual([
      [15, 24],
      [5, 12],
    ]);
    expect([c.grad, product.grad]).toEqual([undefined, undefined]);
    a.sum().backward();
    expect(a.grad!.toArray()).toEqual([16, 25]);
    a.zeroGrad();
    expect(a.grad).toBeUndefined();
  });

  test('of a leaf itself is 1', () => {
    const x = leaf(3);
    x.backward();
    expect(x.grad!.item()).toBe(1);
  });

  test('starts from a given gradient', () => {
    const x = leaf([1, 2]);
    x.square().backward({ gradient: tensor([1, 10], { dtype: 'float64' }) });
    expect(x.grad!.toArray()).toEqual([2, 40]);
  });

  test('sums the paths through a value that is used more than once', () => {
    const x = leaf(3);
    const y = x.square();
    y.mul(x).add(y).backward();
    expect(x.grad!.item()).toBe(27 + 6);
  });

  test('does not overflow the stack on a record of 50,000 steps', () => {
    const x = leaf([1]);
    let y: Tensor = x;
    for (let step = 0; step < 50_000; step++) y = y.add(1);
    y.sum().backward();
    expect(x.grad!.toArray()).toEqual([1]);
  });

  test('visits what is used twice once, however often that is nested', () => {
    const x = leaf(1);
    let y: Tensor = x;
    for (let level = 0; level < 60; level++) y = y.add(y);
    y.backward();
    expect(x.grad!.item()).toBe(2 ** 60);
  });

  test('of a tensor that grad computed from is an error: its record was freed', () => {
    let inner: Tensor | undefined;
    grad((x: Tensor) => {
      inner = x.square();
      return inner.sum();
    })(tensor([1, 2]));
    expect(() => inner!.sum().backward()).toThrow(code('ERR_GRADIENT_FREED'));
  });

  test('leaves gradients that share nothing: assigning to one does not change another', () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    a.add(b).sum().backward();
    a.grad!.assign(zeros([2], { dtype: 'float64' }));
    expect(b.grad!.toArray()).toEqual([1, 1]);
  });

  test('frees the record, so a second time is an error', () => {
    const x = leaf(2);
    const y = x.square();
    y.backward();
    expect(() => y.backward()).toThrow(code('ERR_GRADIENT_FREED'));
    expect(() => y.add(1).backward()).toThrow(code('ERR_GRADIENT_FREED'));
    expect(x.square().requiresGrad).toBe(true);
  });

  test('with createGraph keeps the record and records itself', () => {
    const x = leaf(2);
    const y = x.mul(x).mul(x);
    y.backward({ createGraph: true });
    const first = x.grad!;
    expect([first.item(), first.requiresGrad]).toEqual([12, true]);
    x.zeroGrad();
    first.backward();
    expect(x.grad!.item()).toBe(12);
  });

  test('refuses what has no gradient', () => {
    expect(() => tensor(1).backward()).toThrow(code('ERR_GRADIENT_NOT_RECORDED'));
    expect(() => leaf([1, 2]).square().backward()).toThrow(
      'Cannot take gradients of a tensor of shape [2]: reduce it to one number, for example by .sum()',
    );
    expect(() => leaf([1, 2]).backward({ gradient: tensor(1) })).toThrow(code('ERR_GRADIENT_NOT_SCALAR'));
  });
});

describe('assign', () => {
  test('replaces the elements of a leaf, and nothing that was computed from the old ones', () => {
    const x = leaf([1, 2]);
    const [view, y] = [x.reshape([2, 1]), x.square()];
    x.assign(tensor([10, 20], { dtype: 'float64' }));
    expect([x.toArray(), view.toArray(), y.toArray()]).toEqual([
      [10, 20],
      [[1], [2]],
      [1, 4],
    ]);
    y.sum().backward();
    expect(x.grad!.toArray()).toEqual([2, 4]);
    x.zeroGrad();
    x.square().sum().backward();
    expect(x.grad!.toArray()).toEqual([20, 40]);
  });

  test('of a constant leaf does not reach into a record either', () => {
    const [x, c] = [leaf([1, 2]), tensor([3, 4], { dtype: 'float64' })];
    const y = x.mul(c).sum();
    c.assign(zeros([2], { dtype: 'float64' }));
    y.backward();
    expect(x.grad!.toArray()).toEqual([3, 4]);
  });

  test('is for leaves, and for the same shape and type', () => {
    const x = leaf([1, 2]);
    expect(() => x.square().assign(x)).toThrow(
      'Cannot assign to the result of square: only leaves hold a value of their own',
    );
    expect(() => x.assign(tensor([1, 2]))).toThrow(
      'Cannot assign float32 [2] to float64 [2]: shape and dtype must agree',
    );
    expect(() => x.assign(leaf([[1, 2]]))).toThrow(code('ERR_SHAPE_MISMATCH'));
  });

  test('takes elements that the value does not share with the caller', () => {
    const x = zeros([2]);
    const value = tensor([1, 2]);
    x.assign(value);
    value.assign(tensor([5, 6]));
    expect(x.toArray()).toEqual([1, 2]);
  });
});

describe('noGrad', () => {
  test('records nothing, and ends with its function', () => {
    const x = leaf(2);
    expect(noGrad(() => x.square()).requiresGrad).toBe(false);
    expect(() => noGrad(() => x.sum(5))).toThrow(RangeError);
    expect(x.square().requiresGrad).toBe(true);
  });

  test('cannot be held over an asynchronous function', () => {
    expect(() => noGrad(async () => 1)).toThrow(code('ERR_GRADIENT_ASYNC'));
  });
});

test('stopGradient makes a constant', () => {
  const x = leaf(3);
  x.mul(x.stopGradient()).backward();
  expect(x.grad!.item()).toBe(3);
});

describe('grad', () => {
  const cube = (x: Tensor) => x.mul(x).mul(x);

  test('of grad of grad …', () => {
    const x = tensor(2, { dtype: 'float64' });
    expect(grad(cube)(x).item()).toBe(12);
    expect(grad(grad(cube))(x).item()).toBe(12);
    expect(grad(grad(grad(cube)))(x).item()).toBe(6);
    expect(grad(grad(grad(grad(cube))))(x).item()).toBe(0);
  });

  test('leaves no record and no .grad behind', () => {
    const x = leaf(2);
    const [value, gradient] = noGrad(() => valueAndGrad(cube)(x));
    expect([value.item(), gradient.item(), value.requiresGrad, gradient.requiresGrad, x.grad]).toEqual([
      8,
      12,
      false,
      false,
      undefined,
    ]);
    expect(grad(cube)(tensor(2)).requiresGrad).toBe(false);
  });

  test('is recorded for a leaf, so that backward goes through it', () => {
    const x = leaf(2);
    grad(cube)(x).square().backward();
    expect(x.grad!.item()).toBe(2 * 12 * 12);
  });

  test('by several arguments, beside others that are no tensors', () => {
    const f = (x: Tensor, n: number, y: Tensor) => x.mul(y).mul(n);
    const gradients = grad(f, [0, 2])(tensor(3), 10, tensor(4));
    expect(gradients.map((g) => g.item())).toEqual([40, 30]);
    expect(grad(f, 2)(tensor(3), 10, tensor(4)).item()).toBe(30);
  });

  test('of an inner function that uses a variable of the outer one', () => {
    // d/dx (x · d/dy (x² y³)) at y = 2 is d/dx 12 x³.
    const outer = (x: Tensor) => x.mul(grad((y: Tensor) => x.square().mul(cube(y)))(tensor(2)));
    expect(grad(outer)(tensor(3)).item()).toBe(36 * 9);
  });

  test('of a function that does not depend on its argument is 0', () => {
    expect(grad((_: Tensor) => tensor(1))(tensor([1, 2])).toArray()).toEqual([0, 0]);
  });

  test('leaves a record that it meets as it is', () => {
    const w = leaf(3);
    const z = w.square();
    expect(grad((x: Tensor) => x.mul(z))(tensor(2, { dtype: 'float64' })).item()).toBe(9);
    z.backward();
    expect(w.grad!.item()).toBe(6);
  });
});

test('memory does not grow over a training loop without any disposal', () => {
  const w = randn([200, 100], { requiresGrad: true });
  const x = randn([100, 200]);
  const step = () => {
    x.matmul(w).square().mean().backward();
    noGrad(() => w.assign(w.sub(w.grad!.mul(1e-3))));
    w.zeroGrad();
  };
  for (let i = 0; i < 200; i++) step();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 2000; i++) step();
  expect(process.memoryUsage().rss - before).toBeLessThan(64e6);
});
