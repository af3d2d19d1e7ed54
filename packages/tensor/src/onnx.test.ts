import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exportedFunctions, modelOf } from './fixtures/onnxModels.ts';
import { cholesky, encodeOnnx, ones, type Tensor, tensor } from './index.ts';

const { models } = JSON.parse(readFileSync(new URL('../fixtures/onnx.json', import.meta.url), 'utf8')) as {
  models: Record<string, string>;
};
const code = (name: string) => expect.objectContaining({ code: name });

describe("each model is the one that ONNX's own checker accepted", () => {
  test.each(exportedFunctions)('$name', (exported) => {
    expect(createHash('sha256').update(modelOf(exported)).digest('hex')).toBe(models[exported.name]);
  });
});

test('tensors keep their names', () => {
  const w = tensor([1, 2]);
  const bytes = encodeOnnx((x) => x!.mul(w), [ones([2])], {
    inputs: ['image'],
    output: 'scaled',
    tensors: new Map([['weight', w]]),
  });
  const text = Buffer.from(bytes).toString('latin1');
  for (const name of ['image', 'scaled', 'weight']) expect(text).toContain(name);
});

test('a tensor that is used twice is stored once', () => {
  const w = ones([1000]);
  const bytes = encodeOnnx((x) => x!.mul(w).add(w), [ones([1000])]);
  expect(bytes.length).toBeLessThan(5000);
});

test.each<[string, () => unknown]>([
  ['ERR_TRANSFORM_UNSUPPORTED', () => encodeOnnx((x) => cholesky(x!), [ones([1, 1])])],
  ['ERR_TRANSFORM_UNSUPPORTED', () => encodeOnnx((x) => x!.digamma(), [ones([1])])],
  ['ERR_TRANSFORM_VALUE', () => encodeOnnx((x) => tensor(x!.item()), [ones([1])])],
  ['ERR_TRANSFORM_ARGUMENT', () => encodeOnnx((x: Tensor) => x, [ones([1])], { inputs: [] })],
])('%s', (name, act) => expect(act).toThrow(code(name)));
