// What a training step of a network of images costs as one measure grows: width, batch or depth, beside the least time that
// the machine could take, which is that of its products or that of its bytes.

import { setThreads } from '@leibniz/kernels';
import { Adam } from '@leibniz/optimizers';
import { crossEntropy, initHe, linear, manualSeed, rand, randint, type Tensor, zeros } from '@leibniz/tensor';
import { median } from './interleaved.ts';
import { arithmetic, memoryRoof } from './roof.ts';

interface Network {
  readonly width: number;
  readonly batch: number;
  /** Hidden layers. */
  readonly depth: number;
}

export interface Growth extends Network {
  readonly axis: string;
  readonly megaflops: number;
  /** Milliseconds of a step, and the least that they could be: if arithmetic and memory were busy all the time … */
  readonly taken: number;
  readonly least: number;
  /** … and if first the products are made, and then, of whole gradients, the new parameters. */
  readonly inTurn: number;
}

const PIXELS = 784;
const CLASSES = 10;
const MIDDLE: Network = { width: 200, batch: 100, depth: 1 };
const AXES = {
  width: [50, 100, 200, 400, 800, 1600, 3200],
  batch: [1, 4, 16, 64, 256, 1024, 4096],
  depth: [1, 2, 4, 8, 16, 32, 64],
} as const;

/** Reads and writes of Adam for each parameter: it, its gradient and both averages, which are written but for the gradient. */
const ADAM_BYTES = 7 * 4;

/** Bytes of an activation that are moved: the result of a layer, its ReLU and their gradients, each written and read. */
const ACTIVATION_BYTES = 8 * 4;

function sizesOf({ width, depth }: Network): number[] {
  return [PIXELS, ...new Array<number>(depth).fill(width), CLASSES];
}

/** Floating-point operations of a step, and the bytes of its products and of Adam. */
function workOf(network: Network) {
  const sizes = sizesOf(network);
  const { batch } = network;
  let [operations, activations, parameters] = [0, 0, 0];
  for (const [at, inputs] of sizes.slice(0, -1).entries()) {
    const outputs = sizes[at + 1]!;
    // The product, the gradient by the weights, and that by the inputs but for those of the first layer.
    operations += 2 * batch * inputs * outputs * (at === 0 ? 2 : 3);
    activations += ACTIVATION_BYTES * batch * outputs;
    parameters += ADAM_BYTES * (inputs + 1) * outputs;
  }
  return { operations, activations, parameters };
}

function stepOf(network: Network): () => number {
  manualSeed(1);
  const sizes = sizesOf(network);
  const { batch } = network;
  const trained = { requiresGrad: true } as const;
  const layers = sizes.slice(0, -1).map((inputs, at): [Tensor, Tensor] => {
    const outputs = sizes[at + 1]!;
    return [initHe([inputs, outputs], trained), zeros([outputs], trained)];
  });
  const optimizer = new Adam(layers.flat(), { lr: 1e-4 });
  const [x, labels] = [rand([batch, PIXELS]), randint(0, CLASSES, [batch])];
  return () => {
    optimizer.zeroGrad();
    const logits = layers.reduce<Tensor>((h, [weight, bias], at) => {
      const y = linear(h, weight, bias);
      return at === layers.length - 1 ? y : y.relu();
    }, x);
    const loss = crossEntropy(logits, labels);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
}

const timed = (work: () => unknown): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

/** As many steps as fit half a second, five at least, each after a look at how fast the machine is at that moment. */
function timesOf(step: () => number): { readonly taken: number; readonly rate: number }[] {
  for (let i = 0; i < 3; i++) step();
  const { run, operations } = arithmetic('float32');
  const times: { taken: number; rate: number }[] = [];
  const end = performance.now() + 500;
  while (times.length < 5 || performance.now() < end)
    times.push({ rate: operations / timed(run), taken: timed(step) });
  return times;
}

/** Steps along each axis, on one thread. */
function growth(): Growth[] {
  setThreads(1);
  return Object.entries(AXES).flatMap(([axis, values]) =>
    values.map((value) => {
      const network = { ...MIDDLE, [axis]: value };
      const { operations, activations, parameters } = workOf(network);
      const memory = memoryRoof() * 1e6;
      const [moving, updating] = [activations / memory, parameters / memory];
      const times = timesOf(stepOf(network));
      const taken = median(times.map((each) => each.taken));
      /** The share of each step that the roof takes, then that of the median step. */
      const roof = (least: (computing: number) => number) =>
        taken * median(times.map((each) => least(operations / each.rate) / each.taken));
      return {
        ...network,
        axis,
        megaflops: operations / 1e6,
        taken,
        least: roof((computing) => Math.max(computing, moving + updating)),
        inTurn: roof((computing) => Math.max(computing, moving) + updating),
      };
    }),
  );
}

if (import.meta.main) {
  console.log(JSON.stringify(growth()));
  process.exit();
}
