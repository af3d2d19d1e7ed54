import { describe, expect, test } from 'vitest';
import { checkOrders, sampled } from './fixtures/checkOrders.ts';
import { Generator } from './generator.ts';
import {
  BatchNorm,
  binaryCrossEntropy,
  Conv2d,
  crossEntropy,
  decodeSafetensors,
  dropout,
  Embedding,
  encodeSafetensors,
  grad,
  huber,
  klDivergence,
  LayerNorm,
  Linear,
  logSoftmax,
  Module,
  nll,
  noGrad,
  ones,
  randint,
  randn,
  SelfAttention,
  type Tensor,
  tensor,
  vmap,
} from './index.ts';

const options = { generator: new Generator(3), dtype: 'float64' } as const;
const code = (name: string) => expect.objectContaining({ code: name });

class Net extends Module {
  readonly convolution = new Conv2d(1, 2, 2, options);
  readonly norm = new BatchNorm(2, options);
  readonly layers = [new Linear(8, 6, options), new Linear(6, 3, options)];
  override call(x: Tensor): Tensor {
    const seen = this.norm.call(this.convolution.call(x)).tanh();
    return this.layers.reduce((y, layer) => layer.call(y).tanh(), seen.reshape([x.shape[0]!, -1]) as Tensor);
  }
}

const images = () => sampled([4, 1, 3, 3], [-1, 1], new Generator(1));

test('parameters are named by their paths, state is not among them', () => {
  const net = new Net();
  expect([...net.parameters().keys()]).toEqual([
    'convolution.weight',
    'convolution.bias',
    'norm.weight',
    'norm.bias',
    'layers.0.weight',
    'layers.0.bias',
    'layers.1.weight',
    'layers.1.bias',
  ]);
  expect([...net.tensors().keys()].filter((name) => !net.parameters().has(name))).toEqual([
    'norm.mean',
    'norm.variance',
  ]);
});

test('a model survives a file', () => {
  const [net, other] = [new Net(), new Net()];
  other.load(decodeSafetensors(encodeSafetensors(net.tensors())).tensors);
  expect(other.train(false).call(images()).toArray()).toEqual(net.train(false).call(images()).toArray());
  expect(() => net.load(new Map())).toThrow(
    "Cannot load the tensor 'convolution.weight': no value is given for it",
  );
  const more = new Map([...net.tensors(), ['x', ones([1])]]);
  expect(() => net.load(more)).toThrow("Cannot load the tensor 'x': there is none of that name");
});

test('a model learns', () => {
  const net = new Net();
  const [x, labels] = [images(), [0, 1, 2, 0]];
  const loss = () => crossEntropy(net.call(x), labels);
  const first = loss().item();
  for (let step = 0; step < 60; step++) {
    loss().backward();
    for (const p of net.parameters().values()) {
      noGrad(() => p.assign(p.sub(p.grad!.mul(0.5))));
      p.zeroGrad();
    }
  }
  expect(loss().item()).toBeLessThan(first / 2);
});

test('batch normalisation keeps running means for the time after training', () => {
  const norm = new BatchNorm(2, { momentum: 1 });
  const x = randn([50, 2], { generator: new Generator(1) })
    .mul(3)
    .add(5);
  const y = norm.call(x);
  expect(Math.abs(y.mean().item())).toBeLessThan(1e-5);
  norm.train(false);
  const after = norm.call(x);
  expect(
    after
      .sub(y.mul(Math.sqrt(49 / 50)))
      .abs()
      .max()
      .item(),
  ).toBeLessThan(1e-4);
});

test.each<[string, Module, Tensor]>([
  ['Linear', new Linear(3, 2, options), sampled([2, 3], [-1, 1], new Generator(1))],
  [
    'Conv2d',
    new Conv2d(2, 2, 2, { ...options, padding: 1, stride: 2 }),
    sampled([1, 2, 3, 3], [-1, 1], new Generator(1)),
  ],
  ['LayerNorm', new LayerNorm(3, options), sampled([2, 3], [-1, 1], new Generator(1))],
  ['BatchNorm', new BatchNorm(3, options), sampled([4, 3], [-1, 1], new Generator(1))],
  [
    'SelfAttention',
    new SelfAttention(4, 2, { ...options, isCausal: true }),
    sampled([2, 3, 4], [-1, 1], new Generator(1)),
  ],
])('%s has derivatives of orders 1 and 2', (_, module, x) => {
  expect(checkOrders((x) => module.call(x!), [x])).toEqual([]);
});

test('causal attention sees nothing that comes later', () => {
  const attention = new SelfAttention(4, 2, { ...options, isCausal: true });
  const x = sampled([3, 4], [-1, 1], new Generator(1));
  const changed = x.add(tensor([[0], [0], [9]], { dtype: 'float64' }));
  expect(attention.call(changed).slice([0, 2]).toArray()).toEqual(attention.call(x).slice([0, 2]).toArray());
});

test('Embedding gives the rows of its table, and their gradients', () => {
  const table = new Embedding(4, 2, options);
  const indices = randint(0, 3, [5], { generator: new Generator(2) });
  table.call(indices).sum().backward();
  const counts = [0, 1, 2, 3].map((row) => indices.equal(row).astype('int32').sum().item());
  expect(table.weight.grad!.toArray()).toEqual(counts.map((n) => [n, n]));
});

test('dropout keeps the mean, and refuses to drop all', () => {
  const x = ones([10_000], { requiresGrad: true });
  const y = dropout(x, 0.25, { generator: new Generator(1) });
  expect(Math.abs(y.mean().item() - 1)).toBeLessThan(0.02);
  expect(new Set(y.dataSync())).toEqual(new Set([0, Math.fround(1 / 0.75)]));
  y.sum().backward();
  expect(x.grad!.toArray()).toEqual(y.toArray());
  expect(() => dropout(x, 1)).toThrow(code('ERR_SHAPE_INVALID'));
});

describe('losses at logits of ±1e4 are finite and right', () => {
  const logits = tensor([1e4, -1e4], { dtype: 'float64' });
  const target = tensor([0, 1], { dtype: 'float64' });
  test.each<[string, (x: Tensor) => Tensor, number[]]>([
    ['binary cross-entropy', (x) => binaryCrossEntropy(x, target, { reduction: 'sum' }), [1, -1]],
    ['negative log-likelihood', (x) => nll(logSoftmax(x), tensor(1).astype('int32')), [1, -1]],
    ['divergence', (x) => klDivergence(logSoftmax(x), target), [1, -1]],
    ['smoothed cross-entropy', (x) => crossEntropy(x, target, { labelSmoothing: 0.5 }), [0.75, -0.75]],
    ['Huber', (x) => huber(x, target, { reduction: 'sum' }), [1, -1]],
  ])('%s', (_, loss, gradient) => {
    expect(Number.isFinite(loss(logits).item())).toBe(true);
    expect(grad(loss)(logits).toArray()).toEqual(gradient);
    expect(vmap(grad(loss))(logits.reshape([1, 2])).toArray()).toEqual([gradient]);
  });

  test('probabilities of 0 count 0', () => {
    const certain = tensor([0, -Infinity], { dtype: 'float64' });
    expect(crossEntropy(certain, tensor([1, 0], { dtype: 'float64' })).item()).toBe(0);
    expect(klDivergence(certain, tensor([1, 0], { dtype: 'float64' })).item()).toBe(0);
  });

  test.each<[string, () => unknown]>([
    ['Cannot smooth labels by 2 in crossEntropy', () => crossEntropy(logits, target, { labelSmoothing: 2 })],
    ['Cannot take the Huber loss with delta 0', () => huber(logits, target, { delta: 0 })],
    ['Cannot take the divergence: expected shape [2], got [1]', () => klDivergence(logits, ones([1]))],
  ])('%s', (message, act) => expect(act).toThrow(message));
});
