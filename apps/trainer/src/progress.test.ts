import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { duration, Progress, type ProgressOptions, progressText } from './progress.ts';

const state = { step: 300, total: 1200, speed: 84_210.5, loss: 0.31234, accuracy: 0.912, left: 10.6 };

describe('the line', () => {
  test.each([
    {
      name: 'in full',
      state,
      line: '  300/1,200  25 % ━━━━━───────────────  84,211 images/s  loss 0.3123  accuracy 91.2 %  11 s left',
    },
    {
      name: 'without an accuracy',
      state: { ...state, accuracy: undefined },
      line: '  300/1,200  25 % ━━━━━───────────────  84,211 images/s  loss 0.3123  11 s left',
    },
    {
      name: 'at the end',
      state: { ...state, step: 1200, accuracy: 1 },
      line: '1,200/1,200 100 % ━━━━━━━━━━━━━━━━━━━━  84,211 images/s  loss 0.3123  accuracy 100.0 %  done',
    },
    {
      name: 'of a run that diverged, before anything is known of its speed',
      state: { ...state, step: 0, loss: Number.NaN, accuracy: undefined, speed: 0, left: Number.NaN },
      line: '    0/1,200   0 % ────────────────────  0 images/s  loss NaN  ? left',
    },
    {
      name: 'of no steps at all',
      state: { ...state, step: 0, total: 0, accuracy: undefined },
      line: '0/0 100 % ━━━━━━━━━━━━━━━━━━━━  84,211 images/s  loss 0.3123  done',
    },
  ])('$name', ({ state, line }) => {
    expect(progressText(state)).toBe(line);
  });

  test('gives up what is least needed where there is no room, and is never too long', () => {
    expect(progressText(state, { width: 75 })).toBe(
      '  300/1,200  25 %  84,211 images/s  loss 0.3123  accuracy 91.2 %  11 s left',
    );
    expect(progressText(state, { width: 74 })).not.toContain('accuracy');
    expect(progressText(state, { width: 45 })).toBe('  300/1,200  25 %  loss 0.3123  11 s left');
    for (let width = 0; width < 110; width++)
      expect(progressText(state, { width }).length).toBeLessThanOrEqual(width);
  });

  test('is coloured on request, and reads the same', () => {
    const line = progressText(state, { color: true });
    expect(line).toContain('\u001b[36m━━━━━\u001b[39m');
    expect(stripVTControlCharacters(line)).toBe(progressText(state));
  });
});

test.each([
  [0, '0 s'],
  [0.2, '1 s'],
  [59.5, '1:00'],
  [185, '3:05'],
  [3725, '1:02:05'],
  [360_000, '100:00:00'],
  [Number.NaN, '?'],
  [Infinity, '?'],
])('%d seconds are said %s', (seconds, said) => {
  expect(duration(seconds)).toBe(said);
});

/** A run of `total` steps of 100 images, one every `ms` milliseconds, and what was written of it. */
function run(
  total: number,
  ms: number,
  options: Partial<ProgressOptions> & { isTTY?: boolean; columns?: number } = {},
) {
  const { isTTY = false, columns = 120, env = {}, ...rest } = options;
  const written: string[] = [];
  let time = 5000;
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = new Progress({ total, stream, env, now: () => time, ...rest });
  for (let step = 1 + (rest.from ?? 0); step <= total; step++) {
    time += ms;
    progress.update({ step, images: 100 * (step - (rest.from ?? 0)), loss: 1 / step });
  }
  progress.end();
  return written;
}

describe('in a file or a pipe', () => {
  test('the first line, the last, and one a second between them', () => {
    const lines = run(50, 100);
    expect(lines.map((line) => Number(/\d+/.exec(line)![0]))).toEqual([1, 11, 21, 31, 41, 50]);
    expect(lines.at(-1)).toContain('done');
    for (const line of lines)
      expect(line).toBe(`${stripVTControlCharacters(line).replaceAll('\r', '').trimEnd()}\n`);
  });

  test('nothing is written twice, and nothing of nothing', () => {
    expect(run(1, 100)).toHaveLength(1);
    expect(run(0, 100)).toEqual([]);
  });

  test('a dumb terminal is one', () => {
    expect(run(3, 100, { isTTY: true, env: { TERM: 'dumb' } }).join('')).not.toContain('\r');
  });
});

describe('in a terminal', () => {
  test('one line is redrawn, fifteen times a second at most, and ended', () => {
    const writes = run(100, 10, { isTTY: true });
    expect(writes.length).toBeLessThan(18);
    expect(writes.slice(0, -1).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(true);
    expect(writes.at(-1)).toBe('\n');
    expect(writes.at(-2)).toContain('done');
  });

  test('what was longer before is covered', () => {
    const writes = run(30, 100, { isTTY: true, env: { NO_COLOR: '1' } });
    let screen = '';
    for (const text of writes.slice(0, -1)) screen = text.slice(1) + screen.slice(text.length - 1);
    expect(screen.trimEnd()).toBe(writes.at(-2)!.slice(1).trimEnd());
  });

  test('NO_COLOR leaves no escape in it, and an empty one counts as none', () => {
    expect(run(3, 100, { isTTY: true }).join('')).toContain('\u001b[36m');
    expect(run(3, 100, { isTTY: true, env: { NO_COLOR: '' } }).join('')).toContain('\u001b[36m');
    expect(run(3, 100, { isTTY: true, env: { NO_COLOR: '1' } }).join('')).not.toContain('\u001b');
  });

  test('a narrow one is never overrun', () => {
    for (const text of run(20, 100, { isTTY: true, columns: 30, env: { NO_COLOR: '1' } })) {
      expect(text.replace('\r', '').length).toBeLessThan(30);
    }
  });
});

describe('what it tells', () => {
  test('speed and time left follow the clock', () => {
    const lines = run(40, 500);
    expect(lines[4]).toContain('200 images/s');
    expect(lines[4]).toMatch(/^ 9\/40 .* 16 s left\n$/);
  });

  test('a resumed run counts only its own steps', () => {
    const [first] = run(40, 500, { from: 20 });
    expect(first).toContain('200 images/s');
    expect(first).toMatch(/^21\/40 .* 10 s left\n$/);
  });

  test('the loss is smoothed, without a bias at the start', () => {
    const written: string[] = [];
    const progress = new Progress({
      total: 99,
      stream: { write: (text) => written.push(text) },
      env: {},
      now: () => 0,
    });
    for (let step = 1; step < 99; step++) progress.update({ step, images: 1, loss: step % 2 === 0 ? 1 : 3 });
    progress.end();
    expect(written[0]).toContain('loss 3.000');
    expect(Number(/loss (\S+)/.exec(written.at(-1)!)![1])).toBeCloseTo(2, 1);
  });
});
