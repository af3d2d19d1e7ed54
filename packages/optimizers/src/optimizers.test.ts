import { readFileSync } from 'node:fs';
import { grad, type Tensor, tensor } from '@leibniz/tensor';
import { describe, expect, test } from 'vitest';
import {
  Adam,
  type AdamOptions,
  applyUpdates,
  chain,
  OptimizerError,
  SGD,
  type SGDOptions,
  scaleByAdam,
  scaleByLearningRate,
  scaleByMomentum,
} from './index.ts';

interface Fixture {
  readonly cases: readonly {
    readonly optimizer: 'SGD' | 'Adam';
    readonly options: Readonly<Record<string, unknown>>;
    readonly trajectory: Readonly<Record<string, { readonly w: number[][]; readonly b: number[] }>>;
  }[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/trajectories.json', import.meta.url), 'utf8'),
) as Fixture;

const float64 = { dtype: 'float64' } as const;

/** The numbers of the script beside the fixture: multiples of 1/64. */
const points = (rows: number, columns: number, factor: number, requiresGrad = false) =>
  tensor(
    Float64Array.from({ length: rows * columns }, (_, i) => (((i * factor) % 129) - 64) / 64),
    {
      shape: [rows, columns],
      requiresGrad,
    },
  );

const regression = () => {
  const [x, y] = [points(8, 3, 37), points(8, 2, 53)];
  const w = points(3, 2, 71, true);
  const b = tensor([0, 0], { ...float64, requiresGrad: true });
  const loss = (w: Tensor, b: Tensor) => x.matmul(w).add(b).tanh().sub(y).square().mean();
  return { w, b, loss };
};

const make = (
  name: 'SGD' | 'Adam',
  params: Tensor[],
  { weight_decay, ...options }: Record<string, unknown>,
) => {
  const named = { ...options, ...(weight_decay !== undefined && { weightDecay: weight_decay }) };
  return name === 'SGD'
    ? new SGD(params, named as unknown as SGDOptions)
    : new Adam(params, named as AdamOptions);
};

/** The largest difference between the elements of two tensors. */
const distance = (a: Tensor, b: Tensor) => a.sub(b).abs().max().item();

describe('200 steps in double precision agree with PyTorch to 1e-12', () => {
  test.each(cases)('$optimizer $options', ({ optimizer: name, options, trajectory }) => {
    const { w, b, loss } = regression();
    const optimizer = make(name, [w, b], options);
    for (let step = 1; step <= 200; step++) {
      optimizer.zeroGrad();
      loss(w, b).backward();
      optimizer.step();
      const expected = trajectory[step];
      if (expected === undefined) continue;
      expect(distance(w, tensor(expected.w, float64)), `w after ${step} steps`).toBeLessThan(1e-12);
      expect(distance(b, tensor(expected.b, float64)), `b after ${step} steps`).toBeLessThan(1e-12);
    }
  });
});

/** Gradient of a function of one number with curvature, as plain numbers. */
const slope = (x: number) => x ** 3 - 2 * x + 0.5;

/** Plain-number optimizers, written from the papers: each gives the next number. */
const REFERENCES: readonly {
  name: string;
  make: (x: Tensor) => SGD | Adam;
  plain: () => (x: number) => number;
}[] = [
  {
    name: 'SGD with dampened momentum and weight decay',
    make: (x) => new SGD([x], { lr: 0.02, momentum: 0.8, dampening: 0.2, weightDecay: 0.1 }),
    plain: () => {
      let velocity: number | undefined;
      return (x) => {
        const g = slope(x) + 0.1 * x;
        velocity = velocity === undefined ? g : 0.8 * velocity + 0.8 * g;
        return x - 0.02 * velocity;
      };
    },
  },
  {
    name: "SGD with Nesterov's momentum",
    make: (x) => new SGD([x], { lr: 0.02, momentum: 0.8, nesterov: true }),
    plain: () => {
      let velocity = 0;
      return (x) => {
        velocity = 0.8 * velocity + slope(x);
        return x - 0.02 * (slope(x) + 0.8 * velocity);
      };
    },
  },
  {
    name: 'Adam',
    make: (x) => new Adam([x], { lr: 0.03, betas: [0.85, 0.97], eps: 1e-6, weightDecay: 0.05 }),
    plain: () => {
      let [m, v, t] = [0, 0, 0];
      return (x) => {
        const g = slope(x) + 0.05 * x;
        t++;
        m = 0.85 * m + 0.15 * g;
        v = 0.97 * v + 0.03 * g * g;
        return x - (0.03 * (m / (1 - 0.85 ** t))) / (Math.sqrt(v / (1 - 0.97 ** t)) + 1e-6);
      };
    },
  },
];

test.each(REFERENCES)('200 steps of $name are those of plain numbers', ({ make, plain }) => {
  const x = tensor([1.7], { ...float64, requiresGrad: true });
  const optimizer = make(x);
  const next = plain();
  let expected = 1.7;
  for (let step = 0; step < 200; step++) {
    optimizer.zeroGrad();
    x.square().square().div(4).sub(x.square()).add(x.mul(0.5)).sum().backward();
    optimizer.step();
    expected = next(expected);
    expect(x.item(), `after ${step + 1} steps`).toBeCloseTo(expected, 11);
  }
});

test.each([
  {
    name: 'Adam',
    make: (params: Tensor[]) => new Adam(params, { lr: 0.05 }),
    transform: () => chain(scaleByAdam(), scaleByLearningRate(0.05)),
  },
  {
    name: 'SGD',
    make: (params: Tensor[]) => new SGD(params, { lr: 0.05, momentum: 0.9, nesterov: true }),
    transform: () => chain(scaleByMomentum(0.9, { nesterov: true }), scaleByLearningRate(0.05)),
  },
])('$name is its sentence of transforms, bit for bit', ({ make, transform }) => {
  const { w, b, loss } = regression();
  const optimizer = make([w, b]);
  const pure = transform() as ReturnType<typeof chain<[unknown, null]>>;
  let params: Tensor[] = [w.stopGradient(), b.stopGradient()];
  let state = pure.init(params);
  for (let step = 0; step < 20; step++) {
    optimizer.zeroGrad();
    loss(w, b).backward();
    optimizer.step();
    const done = pure.update(grad(loss, [0, 1])(params[0]!, params[1]!), state, params);
    params = applyUpdates(params, done.updates);
    state = done.state;
  }
  expect(params.map((p) => p.toArray())).toEqual([w.toArray(), b.toArray()]);
});

describe('state', () => {
  const train = (optimizer: SGD | Adam, steps: number, { w, b, loss }: ReturnType<typeof regression>) => {
    for (let step = 0; step < steps; step++) {
      optimizer.zeroGrad();
      loss(w, b).backward();
      optimizer.step();
    }
  };

  test.each(['SGD', 'Adam'] as const)(
    'of %s continues bit for bit, whatever happens to the first optimizer',
    (name) => {
      const [options, first, second] = [
        { lr: 0.03, ...(name === 'SGD' && { momentum: 0.9 }) },
        regression(),
        regression(),
      ];
      const optimizer = make(name, [first.w, first.b], options);
      train(optimizer, 5, first);
      const state = optimizer.state();
      second.w.assign(first.w);
      second.b.assign(first.b);
      train(optimizer, 5, first);
      const resumed = make(name, [second.w, second.b], { lr: 1 }).load(state);
      expect(resumed.lr).toBe(0.03);
      train(resumed, 5, second);
      expect([second.w.toArray(), second.b.toArray()]).toEqual([first.w.toArray(), first.b.toArray()]);
    },
  );

  test.each<[string, (state: ReturnType<Adam['state']>) => unknown]>([
    ['it is one of SGD', (state) => ({ ...state, optimizer: 'SGD' })],
    ['it has 1 slots for 2 parameters', (state) => ({ ...state, slots: [null] })],
    ['its options are lr, expected lr,betas,eps,weightDecay', (state) => ({ ...state, options: { lr: 1 } })],
    [
      'its slot 1 holds m, expected m,v,power1,power2',
      (state) => ({ ...state, slots: [null, { m: tensor([0]) }] }),
    ],
    [
      'its slot 0 holds float64 [2] as m, expected float64 [3,2]',
      (state) => ({ ...state, slots: [{ ...state.slots[0], m: tensor([0, 0], float64) }, null] }),
    ],
    ['its slot 0 holds number as v', (state) => ({ ...state, slots: [{ ...state.slots[0], v: 0 }, null] })],
  ])('is refused if %s', (why, spoil) => {
    const problem = regression();
    const optimizer = new Adam([problem.w, problem.b]);
    train(optimizer, 1, problem);
    const act = () => optimizer.load(spoil(optimizer.state()) as ReturnType<Adam['state']>);
    expect(act).toThrow(`Cannot load a state into Adam: ${why}`);
    expect(act).toThrow(expect.objectContaining({ code: 'ERR_OPTIMIZER_STATE' }));
  });
});

test('a parameter without a gradient stays, and its slot with it', () => {
  const { w, b, loss } = regression();
  const before = b.toArray();
  const optimizer = new Adam([w, b]);
  loss(w, b.stopGradient()).backward();
  optimizer.step();
  expect(b.toArray()).toEqual(before);
  expect(optimizer.state().slots[1]).toBeNull();
});

test('a schedule sets the learning rate between steps', () => {
  const x = tensor([1], { requiresGrad: true });
  const optimizer = new SGD([x], { lr: 0.5 });
  x.sum().backward();
  optimizer.step();
  optimizer.lr = 0.25;
  optimizer.step();
  expect(x.toArray()).toEqual([0.25]);
  expect(() => {
    optimizer.lr = -1;
  }).toThrow('Cannot optimize with lr = -1: it must be at least 0');
});

const x = tensor([1], { requiresGrad: true });
test.each<[string, () => unknown]>([
  ['Cannot optimize parameter 1: it does not require a gradient', () => new Adam([x, tensor([1])])],
  ['Cannot optimize parameter 0: it is not a tensor', () => new Adam([1 as unknown as Tensor])],
  ['Cannot optimize a parameter twice: each must be listed once', () => new Adam([x, x])],
  ['Cannot optimize with lr = NaN: it must be at least 0', () => new SGD([x], { lr: Number.NaN })],
  [
    'Cannot optimize with betas[1] = 1: it must be at least 0 and less than 1',
    () => new Adam([x], { betas: [0, 1] }),
  ],
  ['Cannot optimize with eps = -1: it must be at least 0', () => scaleByAdam({ eps: -1 })],
  ['Cannot optimize with momentum = -1', () => new SGD([x], { lr: 1, momentum: -1 })],
  [
    'Cannot step along the velocity as it will be (nesterov) without momentum',
    () => new SGD([x], { lr: 1, nesterov: true }),
  ],
])('%s', (message, act) => {
  expect(act).toThrow(message);
  expect(act).toThrow(OptimizerError);
});
