// The gradient of the two-layer net, derived by hand, against the automatic one, the symbolic one and measurements.

import { checkGradient } from '@leibniz/gradcheck';
import { evaluate, gradient } from '@leibniz/symbolic';
import { crossEntropy, Generator, oneHot, randn, type Tensor, tensor } from '@leibniz/tensor';
import { expect, it } from 'vitest';

const SIZES = { n: 4, inputs: 3, hidden: 5, classes: 3 } as const;
const LABELS = Uint8Array.of(2, 0, 1, 2);

function network() {
  const { n, inputs, hidden, classes } = SIZES;
  const options = { dtype: 'float64', generator: new Generator(11) } as const;
  const trained = { ...options, requiresGrad: true };
  return {
    x: randn([n, inputs], options),
    w1: randn([inputs, hidden], trained),
    b1: randn([hidden], trained),
    w2: randn([hidden, classes], trained),
    b2: randn([classes], trained),
  };
}

type Network = ReturnType<typeof network>;
type Name = 'w1' | 'b1' | 'w2' | 'b2';
const NAMES: readonly Name[] = ['w1', 'b1', 'w2', 'b2'];

const hiddenOf = ({ x, w1, b1 }: Network) => x.matmul(w1).add(b1).tanh();
const lossOf = (net: Network) => crossEntropy(hiddenOf(net).matmul(net.w2).add(net.b2), LABELS);

/**
 * With h = tanh(x·w1 + b1), p = softmax(h·w2 + b2) and one-hot labels t:
 * dz2 = (p - t)/n, dw2 = hᵀdz2, db2 = Σ dz2, dz1 = dz2·w2ᵀ ⊙ (1 - h²), dw1 = xᵀdz1, db1 = Σ dz1.
 */
function byHand(net: Network): Record<Name, Tensor> {
  const h = hiddenOf(net);
  const p = h.matmul(net.w2).add(net.b2).softmax(1);
  const dz2 = p.sub(oneHot(tensor(LABELS), SIZES.classes).astype('float64')).div(SIZES.n);
  const dz1 = dz2.matmul(net.w2.T).mul(h.square().neg().add(1));
  return { w1: net.x.T.matmul(dz1), b1: dz1.sum(0), w2: h.T.matmul(dz2), b2: dz2.sum(0) };
}

function automatic(net: Network): Record<Name, Tensor> {
  lossOf(net).backward();
  return Object.fromEntries(NAMES.map((name) => [name, net[name].grad!])) as Record<Name, Tensor>;
}

const flat = (gradients: Record<Name, Tensor>) => NAMES.flatMap((name) => [...gradients[name].dataSync()]);

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number) {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(tolerance);
}

it('by hand = automatic', () => {
  expectClose(flat(automatic(network())), flat(byHand(network())), 1e-14);
});

it.each(NAMES)('automatic = measured, by %s', (name) => {
  const net = network();
  const f = (values: ArrayLike<number>) => {
    const changed = tensor(Float64Array.from(values), { dtype: 'float64', shape: net[name].shape });
    return lossOf({ ...net, [name]: changed }).item();
  };
  const { ok, message } = checkGradient(f, Float64Array.from(automatic(network())[name].dataSync()), [
    ...net[name].dataSync(),
  ]);
  expect(ok, message).toBe(true);
});

it('automatic = symbolic, the whole net written out as one formula', () => {
  const net = network();
  const names = NAMES.flatMap((name) => Array.from({ length: net[name].size }, (_, i) => `${name}_${i}`));
  const values = Object.fromEntries(names.map((name, i) => [name, flatValues(net)[i]!]));
  const partials = gradient(lossFormula(net), names).map((partial) => evaluate(partial, values));
  expectClose(partials, flat(automatic(network())), 1e-13);
});

const flatValues = (net: Network) => NAMES.flatMap((name) => [...net[name].dataSync()]);

/** The loss as a text: sums of products, tanh, and a logarithm of a sum of exponentials for each digit. */
function lossFormula({ x }: Network): string {
  const { n, inputs, hidden, classes } = SIZES;
  const pixels = x.dataSync();
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
  const definitions: string[] = [];
  const terms = indices(n).map((row) => {
    for (const j of indices(hidden)) {
      const products = indices(inputs).map((i) => `(${pixels[row * inputs + i]})*w1_${i * hidden + j}`);
      definitions.push(`h${row}_${j} := tanh(${products.join(' + ')} + b1_${j})`);
    }
    for (const k of indices(classes)) {
      const products = indices(hidden).map((j) => `h${row}_${j}*w2_${j * classes + k}`);
      definitions.push(`z${row}_${k} := ${products.join(' + ')} + b2_${k}`);
    }
    const exponentials = indices(classes).map((k) => `exp(z${row}_${k})`);
    return `log(${exponentials.join(' + ')}) - z${row}_${LABELS[row]}`;
  });
  return `${definitions.join('; ')}; (${terms.join(' + ')})/${n}`;
}
