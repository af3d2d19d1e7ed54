// Listing A.3: the gradients of the loss by the weights, automatically and by hand.
import { manualSeed, oneHot, type Tensor } from '@leibniz/tensor';
import { graphSvg } from '@leibniz/trainer/chart';
import { batchOf, type Data, type Digits, loadDigits } from './digits.ts';
import { writeFigures } from './figures.ts';
import { hidden, loss, type Net, randomNet, scaled } from './net.ts';

/** With δ = (softmax(h w₂) - [label])/n, the gradient by the logits: xᵀ(δ w₂ᵀ ∘ [h > 0]) by w₁, and hᵀδ by w₂. */
function gradientsByHand(net: Net, { pixels, labels }: Digits): Tensor[] {
  const h = hidden(net, pixels);
  const delta = h.matmul(net.w2).softmax().sub(oneHot(labels, 10)).div(labels.size);
  const passed = delta.matmul(net.w2.T).mul(h.greater(0).astype('float32'));
  return [scaled(pixels).T.matmul(passed), h.T.matmul(delta)];
}

const norm = (x: Tensor): number => Math.sqrt(x.square().sum().item());

export function gradients({ train }: Data, seed = 1) {
  manualSeed(seed);
  const net = randomNet();
  const batch = batchOf(100, train);
  const backward = () => {
    loss(net, batch).backward();
    return [net.w1.grad!, net.w2.grad!];
  };
  const byHand = gradientsByHand(net, batch);
  const automatic = backward();
  return {
    norms: automatic.map(norm),
    distancesByHand: automatic.map((g, i) => norm(g.sub(byHand[i]!))),
    // What `backward` finds is added to what is there, for Listing A.4 to trip over.
    normsAfterTwice: backward().map(norm),
  };
}

export function graph(): string {
  const nodes = [
    { id: 'x', kind: 'input', label: 'x\n100 × 784', from: [] },
    { id: 'w1', kind: 'parameter', label: 'w₁\n784 × 200', from: [] },
    { id: 'x w1', kind: 'operation', label: 'matmul\n100 × 200', from: ['x', 'w1'] },
    { id: 'h', kind: 'operation', label: 'relu\n100 × 200', from: ['x w1'] },
    { id: 'w2', kind: 'parameter', label: 'w₂\n200 × 10', from: [] },
    { id: 'h w2', kind: 'operation', label: 'matmul\n100 × 10', from: ['h', 'w2'] },
    { id: 'labels', kind: 'input', label: 'labels\n100', from: [] },
    { id: 'loss', kind: 'output', label: 'cross-entropy\n1', from: ['h w2', 'labels'] },
  ] as const;
  const edges = nodes.flatMap(({ id: to, from: all }) => all.map((from) => ({ from, to })));
  return graphSvg({ nodes, edges }, { title: 'What the loss is computed from' });
}

if (import.meta.main) {
  console.log(gradients(await loadDigits()));
  writeFigures({ 'a3-graph': graph() });
}
