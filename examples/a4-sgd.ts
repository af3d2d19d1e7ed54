// Listing A.4: stochastic gradient descent by hand, as it is printed and as it was meant.
//
// `backward` adds to `.grad`, and the listing never zeroes it: every step goes along the sum of all gradients so far. That
// is momentum without friction. It is fast at first, and then nothing stops it: it carries most hidden units below 0 for
// every digit, where relu passes no gradient that could turn them. The loss does not tell: it ends lower than that of the
// right program, which errs less often, but is sure of its errors.
import { manualSeed, noGrad, type Tensor } from '@leibniz/tensor';
import { batchOf, type Data, loadDigits } from './digits.ts';
import { accuracyChart, lossChart, writeFigures } from './figures.ts';
import { accuracy, hidden, loss, type Net, randomNet } from './net.ts';

export function sgd({ train, test }: Data, { zeroesGradients = true, seed = 1 } = {}) {
  manualSeed(seed);
  const net = randomNet();
  const losses: number[] = [];
  const accuracies: number[] = [];
  while (losses.length < 2_000) {
    const value = loss(net, batchOf(100, train));
    value.backward();
    for (const w of [net.w1, net.w2]) {
      noGrad(() => w.assign(w.sub(w.grad!.mul(0.001))));
      if (zeroesGradients) w.zeroGrad();
    }
    losses.push(value.item());
    if (losses.length % 100 === 0) accuracies.push(accuracy(net, test));
  }
  return { losses, accuracies, deadUnits: deadUnits(net, test.pixels) };
}

/** How many of the hidden units are 0 for every digit. */
const deadUnits = (net: Net, pixels: Tensor): number =>
  noGrad(() => hidden(net, pixels).max(0).equal(0))
    .astype('float32')
    .sum()
    .item();

export const bothWays = (data: Data) => ({
  'as printed': sgd(data, { zeroesGradients: false }),
  'gradients zeroed': sgd(data),
});

export const figures = (runs: ReturnType<typeof bothWays>) => ({
  'a4-loss': lossChart('The loss of SGD', runs),
  'a4-accuracy': accuracyChart('Test digits guessed right by SGD', runs),
});

if (import.meta.main) {
  const runs = bothWays(await loadDigits());
  for (const [name, { accuracies, deadUnits }] of Object.entries(runs)) {
    console.log(name, { accuracy: accuracies.at(-1), deadUnits });
  }
  writeFigures(figures(runs));
}
