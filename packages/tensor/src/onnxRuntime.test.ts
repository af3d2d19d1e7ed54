// The exported models in ONNX Runtime, in its build as WebAssembly, which is the same code on every machine.
import { env, InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-web/wasm';
import { expect, test } from 'vitest';
import { exportedFunctions, modelOf } from './fixtures/onnxModels.ts';
import type { Tensor } from './index.ts';

env.wasm.numThreads = 1;
const ERROR = 3;

/** Its types bear our names. */
const given = (x: Tensor) => new RuntimeTensor(x.dtype as 'float32', x.dataSync() as Float32Array, x.shape);

const tolerance = (dtype: string) => (dtype === 'float64' ? 1e-12 : 1e-5);

test.each(exportedFunctions)('$name gives our results', async (exported) => {
  const session = await InferenceSession.create(modelOf(exported), { logSeverityLevel: ERROR });
  const feeds = session.inputNames.map((name, i) => [name, given(exported.examples[i]!)]);
  const { y } = await session.run(Object.fromEntries(feeds));
  const expected = exported.f(...exported.examples);
  expect([y!.type, y!.dims]).toEqual([expected.dtype, expected.shape]);
  const found = [...(y!.data as Float32Array)];
  const distances = [...expected.dataSync()].map((value, i) => Math.abs(found[i]! - value));
  expect(
    distances.every((distance) => distance <= tolerance(expected.dtype)),
    `${distances}`,
  ).toBe(true);
  await session.release();
});
