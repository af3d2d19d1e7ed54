// How far a training has come, in one line: redrawn in a terminal, and now and then a new line in a file or a pipe.

/** What one line tells. */
export interface ProgressState {
  readonly step: number;
  readonly total: number;
  /** Images seen in a second. */
  readonly speed: number;
  readonly loss: number;
  /** A share, 0 to 1. */
  readonly accuracy?: number | undefined;
  /** Seconds that the rest will take at this speed. */
  readonly left: number;
}

export interface ProgressStyle {
  /** How many columns there are. Where the line is too long, the bar goes first, then what is least needed. */
  readonly width?: number;
  readonly color?: boolean;
}

/**
 * The line for a state, without an end of line.
 *
 * @example
 * import { progressText } from '@leibniz/trainer';
 *
 * const state = { step: 300, total: 1200, speed: 84_210.5, loss: 0.31234, accuracy: 0.912, left: 10.6 };
 * progressText(state);
 * // =>   300/1,200  25 % ━━━━━───────────────  84,211 images/s  loss 0.3123  accuracy 91.2 %  11 s left
 * progressText(state, { width: 60 });
 * // =>   300/1,200  25 %  84,211 images/s  loss 0.3123  11 s left
 */
export function progressText(
  state: ProgressState,
  { width = Infinity, color = false }: ProgressStyle = {},
): string {
  const share = state.total > 0 ? Math.min(1, state.step / state.total) : 1;
  const total = grouped(state.total);
  const count = `${grouped(state.step).padStart(total.length)}/${total}`;
  const percent = `${Math.floor(100 * share)} %`.padStart(5);
  const parts = {
    count: `${count} ${percent}`,
    bar: bar(share),
    speed: `${grouped(Math.round(state.speed))} images/s`,
    loss: `loss ${state.loss.toPrecision(4)}`,
    accuracy: state.accuracy === undefined ? '' : `accuracy ${(100 * state.accuracy).toFixed(1)} %`,
    left: state.step >= state.total ? 'done' : `${duration(state.left)} left`,
  };
  for (const part of DISPENSABLE) if (joined(parts).length > width) parts[part] = '';
  const line = joined(parts).slice(0, width);
  return color && parts.bar !== '' ? line.replace(DONE, '\u001b[36m$&\u001b[39m') : line;
}

type Part = 'count' | 'bar' | 'speed' | 'loss' | 'accuracy' | 'left';

const DISPENSABLE: readonly Part[] = ['bar', 'accuracy', 'speed'];

const joined = ({ count, bar, ...rest }: Readonly<Record<Part, string>>) =>
  [bar === '' ? count : `${count} ${bar}`, rest.speed, rest.loss, rest.accuracy, rest.left]
    .filter((part) => part !== '')
    .join('  ');

const BAR = 20;
const DONE = /━+/;

const bar = (share: number) => '━'.repeat(Math.floor(BAR * share)).padEnd(BAR, '─');

const grouped = (value: number) => value.toLocaleString('en-US');

/** Seconds as people say them: 11 s, 3:05, 1:02:05. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Where the line is written: `process.stderr`, or anything like it. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  /** How many steps there will be. */
  readonly total: number;
  /** How many were made before, by a run that this one resumes. */
  readonly from?: number;
  readonly stream?: ProgressStream;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

export interface Step {
  /** How many steps have been made. */
  readonly step: number;
  /** How many images have been seen in this run. */
  readonly images: number;
  /** The loss of the last batch; what is shown is smoothed. */
  readonly loss: number;
  readonly accuracy?: number | undefined;
}

/** Milliseconds from one line to the next: a terminal redraws, everything else gets a line more. */
const REDRAW = 66;
const REPEAT = 1000;

/** The weight of the past in the smoothed loss: about the last twenty steps count. */
const MEMORY = 0.95;

/**
 * Writes the progress of a training as it goes: to a terminal one line that is redrawn, elsewhere plain lines, the first
 * and the last and at most one a second between them. The environment variable NO_COLOR keeps colours away.
 *
 * @example
 * import { Progress } from '@leibniz/trainer';
 *
 * const lines: string[] = [];
 * const progress = new Progress({ total: 2, stream: { write: (line: string) => lines.push(line) }, now: () => 1000 });
 * progress.update({ step: 1, images: 100, loss: 2.3 });
 * progress.update({ step: 2, images: 200, loss: 1.1 });
 * progress.end();
 * lines.length; // => 2
 */
export class Progress {
  readonly #options: Required<ProgressOptions>;
  readonly #isTerminal: boolean;
  readonly #hasColor: boolean;
  readonly #start: number;
  #loss = 0;
  #weight = 0;
  #last: ProgressState | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #written: ProgressState | undefined;
  #length = 0;

  constructor({ total, from = 0, stream = process.stderr, env = process.env, now }: ProgressOptions) {
    this.#options = { total, from, stream, env, now: now ?? (() => performance.now()) };
    this.#isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
    this.#hasColor = this.#isTerminal && !env.NO_COLOR;
    this.#start = this.#options.now();
  }

  /** Takes note of a step, and writes if it is time to. */
  update({ step, images, loss, accuracy }: Step): void {
    const { total, from, now } = this.#options;
    const time = now();
    const seconds = (time - this.#start) / 1000;
    // A mean with weights that fade, divided by the sum of its weights: right from the first step on.
    this.#loss = MEMORY * this.#loss + (1 - MEMORY) * loss;
    this.#weight = MEMORY * this.#weight + (1 - MEMORY);
    this.#last = {
      step,
      total,
      speed: seconds > 0 ? images / seconds : 0,
      loss: this.#loss / this.#weight,
      accuracy,
      left: (seconds / (step - from)) * (total - step),
    };
    if (time - this.#writtenAt >= (this.#isTerminal ? REDRAW : REPEAT)) this.#write(this.#last, time);
  }

  /** Writes the last state, if it is not there yet, and ends the line. */
  end(): void {
    if (this.#last && this.#last !== this.#written) this.#write(this.#last, this.#options.now());
    if (this.#isTerminal && this.#written) this.#options.stream.write('\n');
  }

  #write(state: ProgressState, time: number): void {
    const { stream } = this.#options;
    this.#writtenAt = time;
    this.#written = state;
    if (!this.#isTerminal) {
      stream.write(`${progressText(state)}\n`);
      return;
    }
    // One column stays free, so that no terminal begins a new line; spaces cover what was longer before.
    const width = (stream.columns ?? 80) - 1;
    const length = progressText(state, { width }).length;
    const line = progressText(state, { width, color: this.#hasColor });
    stream.write(`\r${line}${' '.repeat(Math.min(width - length, Math.max(0, this.#length - length)))}`);
    this.#length = length;
  }
}
