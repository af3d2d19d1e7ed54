// How often a training step of the book's network calls a kernel, counted by what every instance exports.
let calls = 0;
const { Instance } = WebAssembly;
WebAssembly.Instance = function counted(module, imports) {
  const { exports } = new Instance(module, imports);
  const wrapped = ([name, run]) => [
    name,
    (...args) => {
      calls++;
      return run(...args);
    },
  ];
  return { exports: Object.fromEntries(Object.entries(exports).map(wrapped)) };
};

const { setThreads } = await import('@leibniz/kernels');
const { Adam } = await import('@leibniz/optimizers');
const { crossEntropy, initHe, linear, rand, zeros } = await import('@leibniz/tensor');
setThreads(1);
const trained = { requiresGrad: true };
const [w1, w2] = [initHe([784, 200], trained), initHe([200, 10], trained)];
const [b1, b2] = [zeros([200], trained), zeros([10], trained)];
const optimizer = new Adam([w1, b1, w2, b2]);
const [x, labels] = [rand([100, 784]), new Uint8Array(100)];
for (let step = 0; step < 3; step++) {
  calls = 0;
  optimizer.zeroGrad();
  crossEntropy(linear(linear(x, w1, b1).relu(), w2, b2), labels).backward();
  optimizer.step();
}
console.log(calls);
