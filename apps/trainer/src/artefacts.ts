// What a run leaves behind. A file appears under its name only when it is whole.

import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeSafetensors, type Tensor } from '@leibniz/tensor';
import { lineChart } from './chart.ts';

/** Everything about a run that somebody might ask later. */
export interface Summary {
  readonly options: object;
  readonly activation: {
    readonly formula: string;
    readonly derivative: string;
    readonly disagreement: number;
  };
  readonly data: object;
  readonly steps: number;
  readonly seconds: number;
  readonly imagesPerSecond: number;
  readonly finalLoss: number;
  readonly test: { readonly correct: number; readonly count: number; readonly accuracy: number };
  readonly finished: boolean;
  readonly node: string;
}

export interface Artefacts {
  readonly curve: string;
  readonly weights: string;
  readonly summary: string;
}

/** Writes loss curve, weights and summary into a folder, and returns their paths. */
export function writeArtefacts(
  folder: string,
  summary: Summary,
  losses: readonly number[],
  parameters: Readonly<Record<string, Tensor>>,
): Artefacts {
  mkdirSync(folder, { recursive: true });
  const chart = lineChart({
    title: 'Training loss',
    xLabel: 'step',
    yLabel: 'cross-entropy',
    series: [
      { name: 'batch', x: losses.map((_, i) => i + 1), y: [...losses] },
      { name: 'smoothed', x: losses.map((_, i) => i + 1), y: smoothed(losses) },
    ],
    logY: true,
  });
  const metadata = { activation: summary.activation.formula, accuracy: String(summary.test.accuracy) };
  return {
    curve: write(join(folder, 'loss.svg'), chart),
    weights: write(join(folder, 'weights.safetensors'), encodeSafetensors(parameters, metadata)),
    summary: write(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`),
  };
}

/** An exponential mean over about fifty steps, freed of its start at zero. */
export function smoothed(values: readonly number[]): number[] {
  const memory = 0.98;
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    mean = memory * mean + (1 - memory) * value;
    weight = memory * weight + (1 - memory);
    return mean / weight;
  });
}

function write(path: string, content: string | Uint8Array): string {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content, { flush: true });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  return path;
}
