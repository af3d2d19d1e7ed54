// The command line of the trainer, apart from the process: arguments and streams in, an exit code out.

import { loadMnist, type Mnist, MnistDataError } from '@leibniz/mnist-data';
import { SymbolicError } from '@leibniz/symbolic';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { smoothed, writeArtefacts } from './artefacts.ts';
import { terminalChart } from './chart.ts';
import { DivergedError, UsageError } from './errors.ts';
import { Progress, type ProgressStream } from './progress.ts';
import { DEFAULTS, OPTIMIZERS, Training, type TrainingOptions } from './train.ts';

/** 0 done, 2 usage, 3 diverged, 4 data or internal; on a signal 130 or 143. */
export const EXIT = { done: 0, usage: 2, diverged: 3, data: 4, SIGINT: 130, SIGTERM: 143 } as const;

export interface Environment {
  readonly out: (line: string) => void;
  readonly progress: ProgressStream;
  /** Aborted on SIGINT or SIGTERM; the reason is the name of the signal. */
  readonly signal: AbortSignal;
  readonly version: string;
}

interface Options extends TrainingOptions {
  readonly data: string;
  readonly out: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

const number =
  (what: string, fits: (value: number) => boolean) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !fits(value)) throw new InvalidArgumentError(`It is ${what}.`);
    return value;
  };
const count = number('a whole number from 1', (value) => Number.isSafeInteger(value) && value >= 1);
const seed = number('a whole number from 0', (value) => Number.isSafeInteger(value) && value >= 0);
const rate = number('a positive number', (value) => value > 0 && Number.isFinite(value));
const share = number('a number from 0 up to 1', (value) => value >= 0 && value < 1);

function program({ version, out, progress }: Environment): Command {
  return new Command('leibniz-train')
    .description('Trains a classifier of handwritten digits on MNIST, tests it, and writes what it learned.')
    .version(version)
    .option('--epochs <n>', 'how often every digit is seen', count, DEFAULTS.epochs)
    .option('--batch <n>', 'digits in a step', count, DEFAULTS.batch)
    .option('--lr <rate>', 'learning rate', rate, DEFAULTS.lr)
    .addOption(
      new Option('--optimizer <name>', 'how steps are made')
        .choices(Object.keys(OPTIMIZERS))
        .default(DEFAULTS.optimizer),
    )
    .option('--momentum <share>', 'momentum of sgd', share, DEFAULTS.momentum)
    .option('--hidden <n>', 'units in the hidden layer', count, DEFAULTS.hidden)
    .option('--activation <formula>', 'a formula in x, such as "x*sigmoid(x)"', DEFAULTS.activation)
    .option('--seed <n>', 'the same seed gives the same weights', seed, DEFAULTS.seed)
    .option('--data <folder>', 'a folder with the four IDX files, or auto', 'auto')
    .option('--out <folder>', 'where the results are written', 'runs/digits')
    .option('--json', 'print the summary as JSON and nothing else on the standard output')
    .option('--quiet', 'no progress line')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => progress.write(text) })
    .addHelpText(
      'before',
      `Examples
  npm start
  npm start -- --epochs 2 --hidden 50
  npm start -- --activation "x*sigmoid(x)"
  npm start -- --optimizer sgd --lr 0.1 --momentum 0.9
`,
    )
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 2 usage, 3 diverged, 4 data or internal, 130 or 143 on a signal.',
    );
}

/** Runs the trainer once. */
export async function run(argv: readonly string[], environment: Environment): Promise<number> {
  try {
    const options = program(environment)
      .parse([...argv], { from: 'user' })
      .opts<Options>();
    return await train(options, environment);
  } catch (error) {
    return exitCodeOf(error, environment);
  }
}

function exitCodeOf(error: unknown, { progress }: Environment): number {
  // Commander has already said what is wrong.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  progress.write(`leibniz-train: ${(error as Error).message}\n`);
  if (error instanceof UsageError || error instanceof SymbolicError) return EXIT.usage;
  if (error instanceof DivergedError) return EXIT.diverged;
  if (!(error instanceof MnistDataError)) progress.write(`${(error as Error).stack}\n`);
  return EXIT.data;
}

async function train(options: Options, environment: Environment): Promise<number> {
  const { out, signal } = environment;
  const say = options.json ? () => undefined : out;
  const digits = await loadMnist({ source: options.data, from: import.meta.url });
  const training = new Training(digits.train, options);
  const { formula, derivative, disagreement } = training.activation;
  say(
    `${digits.train.count} digits to train on, ${digits.test.count} to test on (${digits.provenance.source})`,
  );
  say(`activation  ${formula}`);
  say(`derivative  ${derivative}   symbolic = automatic to ${disagreement.toExponential(1)}`);
  const seconds = await runSteps(training, options, environment);
  const correct = training.classifier.countCorrect(digits.test);
  const summary = summaryOf(options, training, digits, seconds, correct);
  const files = writeArtefacts(options.out, summary, training.losses, training.classifier.parameters);
  if (options.json) out(JSON.stringify({ ...summary, files }));
  else for (const line of closingLines(training, summary, files)) out(line);
  return signal.aborted ? EXIT[signal.reason as 'SIGINT' | 'SIGTERM'] : EXIT.done;
}

/** How long the training may keep the process from hearing an interrupt, in milliseconds. */
const PATIENCE = 50;

async function runSteps(
  training: Training,
  { quiet, batch }: Options,
  { progress, signal }: Environment,
): Promise<number> {
  const line = quiet ? undefined : new Progress({ total: training.total, stream: progress });
  const start = performance.now();
  let listened = start;
  try {
    for (const { step, loss, accuracy } of training.steps()) {
      line?.update({ step, images: step * batch, loss, accuracy });
      if (performance.now() - listened > PATIENCE) {
        await new Promise((resolve) => setImmediate(resolve));
        listened = performance.now();
      }
      if (signal.aborted) break;
    }
  } finally {
    line?.end();
  }
  return (performance.now() - start) / 1000;
}

function summaryOf(
  options: Options,
  training: Training,
  { train, test, provenance }: Mnist,
  seconds: number,
  correct: number,
) {
  const { data: _, out: __, quiet: ___, json: ____, ...chosen } = options;
  const { formula, derivative, disagreement } = training.activation;
  const steps = training.losses.length;
  return {
    options: chosen,
    activation: { formula, derivative, disagreement },
    data: { source: provenance.source, files: provenance.files, train: train.count, test: test.count },
    steps,
    seconds,
    imagesPerSecond: (steps * options.batch) / seconds,
    finalLoss: smoothed(training.losses).at(-1) ?? Number.NaN,
    test: { correct, count: test.count, accuracy: correct / test.count },
    finished: steps === training.total,
    node: process.version,
  };
}

function* closingLines(
  training: Training,
  { seconds, imagesPerSecond, test, finished }: ReturnType<typeof summaryOf>,
  { curve, weights, summary }: ReturnType<typeof writeArtefacts>,
): Generator<string> {
  yield '';
  yield terminalChart(smoothed(training.losses), { title: 'loss, smoothed', xLabel: 'step', logY: true });
  yield '';
  const speed = Math.round(imagesPerSecond).toLocaleString('en-US');
  yield `${finished ? 'trained' : 'interrupted'} after ${training.losses.length} steps in ${seconds.toFixed(1)} s (${speed} images/s)`;
  yield `test accuracy ${(100 * test.accuracy).toFixed(2)} % (${test.correct} of ${test.count})`;
  yield '';
  yield `loss curve  ${curve}`;
  yield `weights     ${weights}`;
  yield `summary     ${summary}`;
}
