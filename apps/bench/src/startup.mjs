// Milliseconds from the import of the built packages to the first product, and from there to the end of the first training
// step, in a process of its own.
const start = performance.now();
const { allocate, matmul } = await import('@leibniz/kernels');
const [a, b, out] = [1, 2, 3].map(() => allocate('float32', 64 * 64).fill(1));
matmul(out, a, b, { m: 64, n: 64, k: 64 });
const product = performance.now();
const { crossEntropy, initHe, linear, rand, zeros } = await import('@leibniz/tensor');
const { Adam } = await import('@leibniz/optimizers');
const trained = { requiresGrad: true };
const [w1, w2] = [initHe([784, 200], trained), initHe([200, 10], trained)];
const [b1, b2] = [zeros([200], trained), zeros([10], trained)];
const optimizer = new Adam([w1, b1, w2, b2]);
const [x, labels] = [rand([100, 784]), new Uint8Array(100)];
const ready = performance.now();
crossEntropy(linear(linear(x, w1, b1).relu(), w2, b2), labels).backward();
optimizer.step();
const end = performance.now();
console.log(JSON.stringify({ product: product - start, step: end - ready }));
