// The figures of the examples: where they are written, and those of trainings.
import { mkdirSync, writeFileSync } from 'node:fs';
import { lineChart } from '@leibniz/trainer/chart';

/** Writes figures into the folder `figures` beside the examples. */
export function writeFigures(figures: Readonly<Record<string, string>>): void {
  const folder = new URL('figures/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(figures)) {
    writeFileSync(new URL(`${name}.svg`, folder), svg);
    console.log(`drawn: examples/figures/${name}.svg`);
  }
}

/** What is kept of a training. */
export interface Run {
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** The share of some digits guessed right, every so many steps. */
  readonly accuracies: readonly number[];
}

type Runs = Readonly<Record<string, Run>>;

/** The losses of trainings, each point the mean of a hundredth of the way. */
export function lossChart(title: string, runs: Runs): string {
  const series = Object.entries(runs).map(([name, { losses }]) => {
    const every = losses.length / 100;
    const y = Array.from({ length: 100 }, (_, i) => mean(losses.slice(i * every, (i + 1) * every)));
    return { name, x: y.map((_, i) => (i + 1) * every), y };
  });
  return lineChart({ title, xLabel: 'step', yLabel: 'cross-entropy', series, logY: true });
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The accuracies of trainings in percent, with what they come to. */
export function accuracyChart(title: string, runs: Runs): string {
  const series = Object.entries(runs).map(([name, { losses, accuracies }]) => {
    const every = losses.length / accuracies.length;
    return { name, x: accuracies.map((_, i) => (i + 1) * every), y: accuracies.map((share) => 100 * share) };
  });
  const points = series.map(({ x, y }) => ({
    x: x.at(-1)!,
    y: y.at(-1)!,
    label: `${y.at(-1)!.toFixed(1)} %`,
  }));
  return lineChart({ title, xLabel: 'step', yLabel: '% guessed right', series, points });
}
