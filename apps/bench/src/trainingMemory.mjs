// Training steps of the network 784-200-10 in one synchronous loop that disposes of nothing, in a process of their
// own; the memory in use is written as JSON, a line each time. Plain JavaScript over the built packages, as users run it:
// reading TypeScript takes memory, too.
import { readFileSync } from 'node:fs';
import { liveBytes } from '@leibniz/kernels';
import { Adam } from '@leibniz/optimizers';
import { crossEntropy, Generator, initHe, manualSeed, rand, randint, zeros } from '@leibniz/tensor';

/** Memory is told after so many steps, the last of which is the end. */
const STEPS = process.argv.slice(2).map(Number);

/** Results wait and move out in turn, so the bytes in use rise and fall: what counts is the most in so many steps. */
const PERIOD = 500;

const BATCH = 100;
const BATCHES = 20;

manualSeed(1);
const generator = new Generator(2);
const trained = { requiresGrad: true };
const [w1, w2] = [initHe([784, 200], trained), initHe([200, 10], trained)];
const [b1, b2] = [zeros([200], trained), zeros([10], trained)];
const optimizer = new Adam([w1, b1, w2, b2], { lr: 0.001 });
const batches = Array.from({ length: BATCHES }, () => ({
  x: rand([BATCH, 784], { generator }),
  labels: randint(0, 10, [BATCH], { generator }),
}));
let live = 0;
for (let step = 1; step <= STEPS.at(-1); step++) {
  const { x, labels } = batches[step % BATCHES];
  optimizer.zeroGrad();
  const loss = crossEntropy(x.matmul(w1).add(b1).relu().matmul(w2).add(b2), labels);
  loss.backward();
  optimizer.step();
  live = step % PERIOD === 1 ? liveBytes() : Math.max(live, liveBytes());
  if (!STEPS.includes(step)) continue;
  const [resident, peak] = [process.memoryUsage().rss, peakBytes()];
  console.log(JSON.stringify({ step, live, resident, peak }));
}

/** The most that was resident; where the system tells, without what the process had been before it started this program. */
function peakBytes() {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
