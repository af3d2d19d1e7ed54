// The tensor libraries that are compared with, started on WebAssembly.

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { init } from '@jax-js/jax';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

export async function startTensorflow(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  setWasmPaths(`${dirname(resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm'))}/`);
  await tf.setBackend('wasm');
  await tf.ready();
}

export async function startJax(): Promise<void> {
  await init('wasm');
}
