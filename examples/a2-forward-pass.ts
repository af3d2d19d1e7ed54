// Listing A.2: a hundred handwritten digits go through a network of two layers.
//
// With weights of variance 1 the logits reach into the hundreds. float32 ends at exp(88.7), so a softmax written down as
// in the formula is Infinity/Infinity for most digits; with the greatest logit taken off first, no exponent is above 0.
import { crossEntropy, manualSeed, type Tensor } from '@leibniz/tensor';
import { box, digitSvg, sequence, stringDiagram } from '@leibniz/trainer/chart';
import { batchOf, type Data, loadDigits } from './digits.ts';
import { writeFigures } from './figures.ts';
import { accuracy, logits, randomNet } from './net.ts';

/** exp(zᵢ)/Σ exp(zⱼ), as the formula has it. */
function naiveSoftmax(z: Tensor): Tensor {
  const powers = z.exp();
  return powers.div(powers.sum(1, { keepdims: true }));
}

/** How many rows have a NaN: the only number that is not equal to itself. */
const spoiledRows = (p: Tensor): number => p.notEqual(p).astype('float32').max(1).sum().item();

export function forwardPass({ train }: Data, seed = 1) {
  manualSeed(seed);
  const net = randomNet();
  const batch = batchOf(100, train);
  const z = logits(net, batch.pixels);
  return {
    shape: z.shape,
    greatestLogit: z.abs().max().item(),
    spoiledRows: { naive: spoiledRows(naiveSoftmax(z)), stable: spoiledRows(z.softmax()) },
    loss: crossEntropy(z, batch.labels).item(),
    lossOfKnowingNothing: Math.log(10),
    accuracy: accuracy(net, batch),
  };
}

/** The first of the digits to train on. */
export function digit({ train: { pixels, labels } }: Data): string {
  const title = `A handwritten ${labels.slice(0).item()}`;
  return digitSvg(pixels.slice(0).dataSync(), 28, 28, { title });
}

export function diagram(): string {
  const relu = box('relu', ['200'], ['200'], { linear: false });
  const net = sequence(box('w₁', ['784'], ['200']), relu, box('w₂', ['200'], ['10']));
  return stringDiagram(net, { title: 'A network of two layers' });
}

if (import.meta.main) {
  const data = await loadDigits();
  console.log(forwardPass(data));
  writeFigures({ 'a2-digit': digit(data), 'a2-network': diagram() });
}
