// Listing A.5: the same network, trained by Adam. The book has over 95 %: so have the digits that it learned from, but
// not those that it never saw.
import { Adam } from '@leibniz/optimizers';
import { manualSeed } from '@leibniz/tensor';
import { batchOf, type Data, loadDigits } from './digits.ts';
import { accuracyChart, lossChart, writeFigures } from './figures.ts';
import { accuracy, loss, randomNet } from './net.ts';

export function adam({ train, test }: Data, seed = 1) {
  manualSeed(seed);
  const net = randomNet();
  const optimizer = new Adam([net.w1, net.w2], { lr: 0.001 });
  const known = batchOf(10_000, train);
  const losses: number[] = [];
  const accuracies = { known: [] as number[], unknown: [] as number[] };
  while (losses.length < 5_000) {
    optimizer.zeroGrad();
    const value = loss(net, batchOf(500, train));
    value.backward();
    optimizer.step();
    losses.push(value.item());
    if (losses.length % 250 !== 0) continue;
    accuracies.known.push(accuracy(net, known));
    accuracies.unknown.push(accuracy(net, test));
  }
  return {
    'digits it learned from': { losses, accuracies: accuracies.known },
    'test digits': { losses, accuracies: accuracies.unknown },
  };
}

export const figures = (runs: ReturnType<typeof adam>) => ({
  'a5-loss': lossChart('The loss of Adam', { Adam: runs['digits it learned from'] }),
  'a5-accuracy': accuracyChart('What Adam has learned', runs),
});

if (import.meta.main) {
  const runs = adam(await loadDigits());
  for (const [name, { accuracies }] of Object.entries(runs)) console.log(name, accuracies.at(-1));
  writeFigures(figures(runs));
}
