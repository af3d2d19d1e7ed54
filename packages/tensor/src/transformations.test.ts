import { describe, expect, test } from 'vitest';
import { Generator } from './generator.ts';
import {
  checkpoint,
  crossEntropy,
  customGrad,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  logSumExp,
  noGrad,
  randn,
  stack,
  stopGradient,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
} from './index.ts';

const f64 = (values: number | number[] | number[][]) => tensor(values, { dtype: 'float64' });
const random = (shape: number[], seed = 1) =>
  randn(shape, { dtype: 'float64', generator: new Generator(seed) });
const code = (name: string) => expect.objectContaining({ code: name });

function expectClose(found: Tensor, wanted: Tensor, tolerance = 1e-12) {
  expect(found.shape).toEqual(wanted.shape);
  const [a, b] = [found.dataSync(), wanted.dataSync()];
  for (const [i, x] of b.entries())
    expect(Math.abs(a[i]! - x)).toBeLessThanOrEqual(tolerance * (1 + Math.abs(x)));
}

/** Functions of a vector of length 3 with one number as value, and their gradients by hand. */
const FUNCTIONS: readonly { name: string; f: (x: Tensor) => Tensor }[] = [
  {
    name: 'a cubic',
    f: (x) =>
      x
        .pow(3)
        .mul(f64([1, 2, 3]))
        .sum(),
  },
  { name: 'logSumExp', f: (x) => logSumExp(x) },
  { name: 'a product', f: (x) => x.prod() },
  {
    name: 'a quadratic form',
    f: (x) =>
      x
        .matmul(random([3, 3], 5))
        .mul(x)
        .sum(),
  },
  {
    name: 'a network',
    f: (x) =>
      random([4, 3], 2)
        .matmul(x)
        .tanh()
        .matmul(random([4, 2], 3))
        .sigmoid()
        .sum(),
  },
  { name: 'cross-entropy', f: (x) => crossEntropy(x, tensor(1).astype('int32')) },
  { name: 'rows picked', f: (x) => x.take([2, 0, 2]).square().sum().mul(x.slice(1)) },
  { name: 'a maximum', f: (x) => x.max().mul(x.sin().sum()) },
];

describe.each(FUNCTIONS)('of $name', ({ f }) => {
  const x = random([3], 7);
  const u = random([3], 8);
  const v = random([3], 9);
  const H = stack([0, 1, 2].map((i) => grad((x: Tensor) => grad(f)(x).slice(i))(x)));

  test('hessian, forward over reverse, reverse over reverse, forward over forward', () => {
    expectClose(hessian(f)(x), H);
    expectClose(jacobian(jacobian(f))(x), H);
    expectClose(jacobian(jacobian(f, { mode: 'forward' }), { mode: 'forward' })(x), H);
    expectClose(jacobian(jacobian(f, { mode: 'forward' }))(x), H);
  });

  test('hvp, and reverse over forward', () => {
    expectClose(hvp(f, x, v), H.matmul(v));
    expectClose(grad((x: Tensor) => jvp(f, [x], [v])[1])(x), H.matmul(v));
    const nested = jvp((x) => jvp(f, [x!], [u])[1], [x], [v])[1];
    expectClose(nested, u.matmul(H).matmul(v) as Tensor);
  });

  test('vmap of grad, grad of vmap, vmap of hessian, vmap of vmap', () => {
    const X = random([4, 3], 11);
    const rows = [0, 1, 2, 3].map((i) => X.slice(i));
    const gradients = stack(rows.map((row) => grad(f)(row)));
    expectClose(vmap(grad(f))(X), gradients);
    expectClose(grad((X: Tensor) => vmap(f)(X).sum())(X), gradients);
    expectClose(vmap(hessian(f))(X), stack(rows.map((row) => hessian(f)(row))));
    expectClose(vmap(vmap(grad(f)))(X.reshape([2, 2, 3])), gradients.reshape([2, 2, 3]));
    expectClose(
      vmap((x: Tensor, t: Tensor) => jvp(f, [x], [t])[1], { inAxes: [0, null] })(X, u),
      gradients.matmul(u) as Tensor,
    );
    expectClose(jvp((X) => vmap(grad(f))(X!), [X], [X])[1], stack(rows.map((row) => hvp(f, row, row))));
    expectClose(
      grad((X: Tensor) => vmap((x: Tensor) => grad(f)(x).square().sum())(X).sum())(X),
      stack(rows.map((row) => hvp(f, row, grad(f)(row)).mul(2))),
    );
  });

  test('checkpoint changes nothing', () => {
    const g = checkpoint(f);
    expectClose(grad(g)(x), grad(f)(x), 0);
    expectClose(hessian(g)(x), H);
    expectClose(grad((x: Tensor) => grad(g)(x).mul(v).sum())(x), H.matmul(v));
    expectClose(vmap(grad(g))(random([2, 3], 3)), vmap(grad(f))(random([2, 3], 3)));
  });

  test('customGrad by the true gradient changes nothing', () => {
    const g = customGrad((x) => ({ value: f(x!), gradient: (c) => grad(f)(x!).mul(c) }));
    const X = random([2, 3], 3);
    expectClose(grad(g)(x), grad(f)(x));
    expectClose(hessian(g)(x), H);
    expectClose(jvp(g, [x], [v])[1], jvp((x) => f(x!), [x], [v])[1]);
    expectClose(vmap(grad(g))(X), vmap(grad(f))(X));
    expectClose(grad((X: Tensor) => vmap(g)(X).sum())(X), vmap(grad(f))(X));
    expectClose(vmap(hessian(g))(X), vmap(hessian(f))(X));
  });
});

test('the innermost variable is meant: d/dx (x · d/dy (x y)) = 2x, in every pair of modes', () => {
  const x = f64(3);
  const one = f64(1);
  const forward = (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp((x) => f(x!), [x], [one])[1];
  const modes = [(f: (x: Tensor) => Tensor) => grad(f), forward];
  for (const outer of modes)
    for (const inner of modes) expect(outer((x) => x.mul(inner((y) => x.mul(y))(one)))(x).item()).toBe(6);
});

describe('vmap', () => {
  test('over several axes, of several arguments, with results of several tensors', () => {
    const [a, b] = [random([2, 3], 1), random([3, 2], 2)];
    const [sums, products] = vmap((x: Tensor, y: Tensor) => [x.add(y), x.mul(y).sum()] as const, {
      inAxes: [0, 1],
    })(a, b);
    expectClose(sums, a.add(b.T as Tensor));
    expectClose(products, a.mul(b.T as Tensor).sum(1));
    expect(vmap((x: Tensor) => x, { outAxes: 1 })(a).shape).toEqual([3, 2]);
    expect(vmap((_: Tensor) => f64([1, 2]))(a).toArray()).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('of named parameters, and per-example gradients by them', () => {
    const params = { w: random([3], 1), b: f64(0.5) };
    const loss = (p: { w: Tensor; b: Tensor }, x: Tensor) => x.matmul(p.w).add(p.b).square() as Tensor;
    const X = random([4, 3], 2);
    const perExample = vmap(grad(loss), { inAxes: [null, 0] })(params, X);
    const [value, total] = valueAndGrad((p: typeof params) => vmap(loss, { inAxes: [null, 0] })(p, X).sum())(
      params,
    );
    expect(value.shape).toEqual([]);
    expectClose(perExample.w.sum(0), total.w);
    expectClose(perExample.b.sum(0), total.b);
  });

  test('of labels', () => {
    const X = random([4, 3], 2);
    const labels = tensor([0, 2, 1, 2], { dtype: 'int32' });
    const losses = vmap((x: Tensor, label: Tensor) => crossEntropy(x, label))(X, labels);
    expectClose(losses, crossEntropy(X, labels, { reduction: 'none' }));
  });

  test.each<[string, () => unknown]>([
    ['ERR_TRANSFORM_VALUE', () => vmap((x: Tensor) => f64(x.item()))(f64([1, 2]))],
    ['ERR_SHAPE_MISMATCH', () => vmap((x: Tensor, y: Tensor) => x.add(y))(f64([1, 2]), f64([1, 2, 3]))],
    ['ERR_SHAPE_MISMATCH', () => vmap((x: Tensor) => x, { inAxes: null })(f64([1]))],
    [
      'ERR_TRANSFORM_ARGUMENT',
      () => vmap((x: Tensor, y: Tensor) => x.add(y), { inAxes: [0] })(f64([1]), f64([1])),
    ],
    ['ERR_SHAPE_AXIS', () => vmap((x: Tensor) => x)(f64(1))],
  ])('%s', (name, act) => expect(act).toThrow(code(name)));

  test('lets no tensor escape', () => {
    let kept: Tensor | undefined;
    vmap((x: Tensor) => {
      kept = x;
      return x;
    })(f64([1, 2]));
    expect(() => kept!.add(1)).toThrow(code('ERR_TRANSFORM_ESCAPED'));
    expect(() => kept!.item()).toThrow(code('ERR_TRANSFORM_ESCAPED'));
    expect(() => vmap((x: Tensor) => x.add(kept!))(f64([1, 2]))).toThrow(code('ERR_TRANSFORM_ESCAPED'));
    expect(String(kept)).toBe('tensor(shape [] inside vmap, float64)');
  });
});

test('stopGradient stops all modes at all levels', () => {
  const f = (x: Tensor) => x.mul(stopGradient(x));
  const x = f64(3);
  expect(grad(f)(x).item()).toBe(3);
  expect(jvp((x) => f(x!), [x], [f64(1)])[1].item()).toBe(3);
  expect(grad((x: Tensor) => vmap(f)(x).sum())(f64([3])).toArray()).toEqual([3]);
  expect(grad((x: Tensor) => jvp((y) => y!.mul(stopGradient(x)), [x], [f64(1)])[1])(x).item()).toBe(0);
});

describe('customGrad', () => {
  const doubled = customGrad((x) => ({ value: x!, gradient: (g) => g.mul(2) }));

  test('is what every mode uses', () => {
    const x = f64([1, 2]);
    expect(grad((x: Tensor) => doubled(x).sum())(x).toArray()).toEqual([2, 2]);
    expect(jvp(doubled, [x], [f64([1, 10])])[1].toArray()).toEqual([2, 20]);
    expect(vmap(grad(doubled))(x).toArray()).toEqual([2, 2]);
    expect(grad((x: Tensor) => vmap(doubled)(x).sum())(x).toArray()).toEqual([2, 2]);
    expect(jacobian(doubled)(x).toArray()).toEqual([
      [2, 0],
      [0, 2],
    ]);
    const leaf = tensor([1], { requiresGrad: true });
    doubled(leaf).sum().backward();
    expect(leaf.grad!.toArray()).toEqual([2]);
  });

  test('with a shared argument in a batch sums the gradients by it', () => {
    const product = customGrad((x, y) => ({ value: x!.mul(y!), gradient: (g) => [g.mul(y!), g.mul(x!)] }));
    const shared = (y: Tensor) => vmap(product, { inAxes: [0, null] })(f64([1, 2, 3]), y).sum();
    expect(grad(shared)(f64(5)).item()).toBe(6);
    const [X, y] = [random([3, 2], 1), random([2], 2)];
    const sum = (X: Tensor, y: Tensor) => vmap(product, { inAxes: [0, null] })(X, y).sum();
    const [byX, byY] = grad(sum, [0, 1])(X, y);
    expectClose(byX!, y.broadcastTo([3, 2]));
    expectClose(byY!, X.sum(0));
  });

  test('gives the arguments that it has no gradient for none', () => {
    const [x, scale] = [tensor(3, { requiresGrad: true }), tensor(2, { requiresGrad: true })];
    const scaled = customGrad((x, scale) => ({ value: x!.mul(scale!), gradient: (g) => g.mul(scale!) }));
    scaled(x, scale).backward();
    expect([x.grad!.item(), scale.grad]).toEqual([2, undefined]);
    expect(grad((scale: Tensor) => scaled(tensor(3), scale))(tensor(2)).item()).toBe(0);
  });

  test('gives the arguments that it has no gradient for none', () => {
    const [x, scale] = [tensor(3, { requiresGrad: true }), tensor(2, { requiresGrad: true })];
    const scaled = customGrad((x, scale) => ({ value: x!.mul(scale!), gradient: (g) => g.mul(scale!) }));
    scaled(x, scale).backward();
    expect([x.grad!.item(), scale.grad]).toEqual([2, undefined]);
    expect(grad((scale: Tensor) => scaled(tensor(3), scale))(tensor(2)).item()).toBe(0);
  });

  test('refuses to lose a gradient', () => {
    const w = tensor(2, { requiresGrad: true });
    const f = customGrad((x) => ({ value: x!.mul(w), gradient: (g) => g.mul(w) }));
    expect(() => f(tensor(1))).toThrow(code('ERR_GRADIENT_CAPTURED'));
    expect(noGrad(() => f(tensor(1).mul(1))).requiresGrad).toBe(false);
  });
});

describe('checkpoint', () => {
  test('gives the gradients by what the function captures', () => {
    const w = tensor([2, 3], { dtype: 'float64', requiresGrad: true });
    const scale = w.square();
    const x = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
    checkpoint((x: Tensor) => x.mul(scale).mul(w).sum())(x).backward();
    expect([w.grad!.toArray(), x.grad!.toArray()]).toEqual([
      [12, 54],
      [8, 27],
    ]);
  });

  test('visits what it captured once, however often that is used', () => {
    const [w, x] = [tensor(1, { requiresGrad: true }), tensor(1, { requiresGrad: true })];
    const doubled = (y: Tensor) => Array.from({ length: 60 }).reduce<Tensor>((y) => y.add(y), y);
    checkpoint((x: Tensor) => x.mul(doubled(w.mul(1))))(x).backward();
    expect([w.grad!.item(), x.grad!.item()]).toEqual([2 ** 60, 2 ** 60]);
  });

  test('keeps nothing of the function until the gradient is taken', () => {
    let runs = 0;
    const f = checkpoint((x: Tensor) => {
      runs++;
      return x.exp().sum();
    });
    const x = tensor([0], { requiresGrad: true });
    const y = f(x);
    expect(runs).toBe(1);
    y.backward();
    expect([runs, x.grad!.item()]).toEqual([2, 1]);
  });

  test('of a function that uses a tensor of the transformation around it', () => {
    const [w, X] = [random([2], 1), random([3, 2], 2)];
    const f = (w: Tensor) => vmap((x: Tensor) => checkpoint((w: Tensor) => w.mul(x).exp().sum())(w))(X).sum();
    const plain = (w: Tensor) => X.mul(w).exp().sum() as Tensor;
    expectClose(f(w), plain(w));
    expectClose(grad(f)(w), grad(plain)(w));
  });

  test('runs the function once inside a transformation', () => {
    let runs = 0;
    const f = checkpoint((x: Tensor) => {
      runs++;
      return x.exp().sum();
    });
    vmap(f)(f64([[1], [2]]));
    jvp((x) => f(x!), [f64([1])], [f64([1])]);
    expect(runs).toBe(2);
  });

  test('refuses to compute again with other values', () => {
    const w = tensor(2, { requiresGrad: true });
    const y = checkpoint((x: Tensor) => x.mul(w))(tensor(3, { requiresGrad: true }));
    w.assign(tensor(5));
    expect(() => y.backward()).toThrow(code('ERR_GRADIENT_CHANGED'));
  });
});

test('what is counted or compared does not move along a direction', () => {
  const direction = f64([1, 5, 3]);
  const f = (x: Tensor) => {
    const counted = x.argmax().astype('float64').add(x.greater(1.5).astype('float64').sum());
    return counted.mul(x.sum()) as Tensor;
  };
  const [value, tangent] = jvp((x) => f(x!), [f64([1, 2, 4])], [direction]);
  expect([value.item(), tangent.item()]).toEqual([4 * 7, 4 * 9]);
});

test('the function of a jacobian may read elements in reverse mode, as its rows share one run, and not forward', () => {
  const f = (x: Tensor) => (x.slice(0).item() > 0 ? x.square() : x);
  expect(jacobian(f)(f64([3])).toArray()).toEqual([[6]]);
  expect(() => jacobian(f, { mode: 'forward' })(f64([3]))).toThrow(code('ERR_TRANSFORM_VALUE'));
});

test('the jacobian of a matrix by a matrix has the axes of both, in both modes', () => {
  const [X, A] = [random([2, 3], 1), random([3, 4], 2)];
  const f = (X: Tensor) => X.matmul(A) as Tensor;
  const found = jacobian(f)(X);
  expect(found.shape).toEqual([2, 4, 2, 3]);
  expectClose(jacobian(f, { mode: 'forward' })(X), found);
  // ∂(XA)ᵢⱼ/∂Xₖₗ = δᵢₖ Aₗⱼ
  expectClose(found.slice(1, 2, 1), A.slice(null, 2));
  expectClose(found.slice(1, 2, 0), A.slice(null, 2).mul(0));
});

test('vjp may be pulled back more than once, and in a batch', () => {
  const x = f64([1, 2, 3]);
  const [value, pullback] = vjp((x: Tensor) => x.square(), x);
  expect(value.requiresGrad).toBe(false);
  for (let i = 0; i < 2; i++) expect(pullback(f64([1, 0, 1]))[0]!.toArray()).toEqual([2, 0, 6]);
  expect(
    vmap((g: Tensor) => pullback(g)[0]!)(
      f64([
        [1, 1, 1],
        [0, 1, 0],
      ]),
    ).toArray(),
  ).toEqual([
    [2, 4, 6],
    [0, 4, 0],
  ]);
  expect(() => pullback(f64([1]))).toThrow(code('ERR_SHAPE_MISMATCH'));
});

test.each<[string, () => unknown]>([
  ['ERR_TRANSFORM_ARGUMENT', () => jvp((x) => x!, [f64(1)], [])],
  ['ERR_SHAPE_MISMATCH', () => jvp((x) => x!, [f64(1)], [f64([1])])],
  ['ERR_SHAPE_MISMATCH', () => jvp((x) => x!, [tensor(1)], [f64(1)])],
])('jvp refuses: %s', (name, act) => expect(act).toThrow(code(name)));

test('dispose lets go of the elements, and use after that is an error', () => {
  const x = f64([1, 2]);
  const view = x.reshape([2, 1]);
  {
    using y = x.add(1);
    expect(y.toArray()).toEqual([2, 3]);
  }
  x.dispose();
  expect(() => x.add(1)).toThrow('Cannot use a tensor of shape [2] after its dispose()');
  for (const use of [() => x.toArray(), () => x.sum(), () => x.dataSync(), () => x.item()])
    expect(use).toThrow(code('ERR_DISPOSED'));
  expect(view.toArray()).toEqual([[1], [2]]);
});
