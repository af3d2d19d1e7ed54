import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terminalChart } from './terminalChart.ts';

test('a curve with its axes', () => {
  const values = Array.from({ length: 100 }, (_, i) => 2 * Math.exp(-i / 25));
  expect(terminalChart(values, { width: 24, height: 4, title: 'loss', xLabel: 'step' })).toBe(
    [
      '     loss',
      '2.0 ┤⠳⣄',
      '    │ ⠈⠓⢤⡀',
      '1.0 ┤    ⠈⠒⠦⢄⣀',
      '0.0 ┤         ⠉⠙⠒⠒⠒⠤⠤⠤⠤⠤⠤⢄⣀⣀⣀',
      '    └────────────────────────',
      '     1         step       100',
    ].join('\n'),
  );
});

/** The lines of the plot without its axes. */
const plot = (values: readonly number[], options = {}) =>
  terminalChart(values, { width: 8, height: 3, ...options })
    .split('\n')
    .slice(0, 3)
    .map((line) => line.replace(/^.*[│┤]/, ''));

test.each([
  { name: 'a rising line', values: [0, 1], lines: ['     ⢀⠔⠊', '  ⢀⡠⠊⠁', '⡠⠔⠁'] },
  { name: 'a falling line', values: [1, 0], lines: ['⠑⠢⡀', '  ⠈⠑⢄⡀', '     ⠈⠢⢄'] },
  { name: 'a constant', values: [5, 5], lines: ['', '⠤⠤⠤⠤⠤⠤⠤⠤', ''] },
  { name: 'one value', values: [5], lines: ['', '⠄', ''] },
  { name: 'nothing', values: [], lines: ['', '', ''] },
  { name: 'nothing that is finite', values: [Number.NaN, Infinity], lines: ['', '', ''] },
])('$name', ({ values, lines }) => {
  expect(plot(values)).toEqual(lines);
});

test('a gap stays a gap', () => {
  expect(plot([1, 1, Number.NaN, 1, 1])[1]).toBe('⠤⠤⠄  ⠠⠤⠤');
});

test('peaks are not lost among a million values', () => {
  const values = new Float64Array(1_000_000);
  values[500_000] = 1;
  expect(plot(Array.from(values))[0]).not.toBe('');
});

test('the ends of the axis are what the caller says', () => {
  expect(
    terminalChart([1, 2], { x: [0, 5000], width: 20 })
      .split('\n')
      .at(-1),
  ).toMatch(/^ +0 +5,000$/);
});

test('nothing to draw is said', () => {
  expect(terminalChart([])).toContain('no data');
});

test('whatever the values, the lines are as many and as wide as they should be', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), fc.boolean(), (values, logY) => {
      const lines = terminalChart(values, { width: 30, height: 5, logY, title: 't' }).split('\n');
      expect(lines).toHaveLength(8);
      const margin = lines[6]!.indexOf('└');
      for (const line of lines.slice(1, 6))
        expect(line).toMatch(new RegExp(`^.{${margin}}[│┤][ \u2801-\u28ff]{0,30}$`));
      expect(lines.join()).not.toMatch(/NaN|undefined|Infinity/);
    }),
    { numRuns: 500 },
  );
});
