import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { all, numbers, parseXml, words } from './fixtures/xml.ts';
import { type LineChart, lineChart } from './lineChart.ts';

const chart = (changes: Partial<LineChart> = {}) =>
  parseXml(
    lineChart({
      title: 'Loss',
      xLabel: 'step',
      yLabel: 'nats',
      series: [{ name: 'train', x: [0, 50, 100], y: [2, 1, 0] }],
      ...changes,
    }),
  );

const one = (y: readonly number[], x: readonly number[] = y.map((_, i) => i)) => [{ name: 'f', x, y }];

/** The points of all lines, in pixels. */
const drawn = (svg: ReturnType<typeof chart>) =>
  all(svg, 'g')
    .slice(1)
    .map((line) =>
      [...all(line, 'path')[0]!.attributes.d!.matchAll(/[ML](\S+) ([^ML]+)/g)].map(([, x, y]) => [+x!, +y!]),
    );

test('says what it shows, to those who see and to those who hear', () => {
  const svg = chart();
  expect(svg.attributes.role).toBe('img');
  expect(svg.children[0]).toMatchObject({ name: 'title', text: 'Loss' });
  expect(svg.children[1]).toMatchObject({
    name: 'desc',
    text: 'nats against step. train: from 2 to 0 in 3 points',
  });
  expect(words(svg)).toEqual(expect.arrayContaining(['Loss', 'step', 'nats', '0.0', '2.0', '100']));
});

test('values stand where the axes say', () => {
  const svg = chart({ width: 600, height: 400 });
  const [[first, middle, last]] = drawn(svg) as [number[][]];
  const at = (label: string) => all(svg, 'text').find(({ text }) => text === label)!.attributes;
  expect(first![1]).toBeCloseTo(Number(at('2.0').y) - 4, 1);
  expect(middle![1]).toBeCloseTo(Number(at('1.0').y) - 4, 1);
  expect(last![1]).toBeCloseTo(Number(at('0.0').y) - 4, 1);
  expect(last![0]).toBeCloseTo(Number(at('100').x), 1);
  expect(last![0]).toBe(600 - 28);
});

test('on a logarithmic axis equal ratios are equal distances', () => {
  const [points] = drawn(chart({ logY: true, series: one([100, 1, 0.01]) })) as [number[][]];
  expect(points[1]![1]! - points[0]![1]!).toBeCloseTo(points[2]![1]! - points[1]![1]!, 1);
});

test('several series are named in a legend, one alone is not', () => {
  const series = ['train', 'test'].map((name, i) => ({ name, x: [0, 1], y: [i, 2] }));
  expect(words(chart({ series }))).toEqual(expect.arrayContaining(['train', 'test']));
  expect(words(chart())).not.toContain('train');
});

test('in the legend a series of dots has a dot', () => {
  const line = { name: 'f', x: [0, 1, 2], y: [0, 1, 4] };
  const dots = { name: 'path', x: [0, Number.NaN, 2], y: [0, Number.NaN, 4] };
  expect(all(chart({ series: [line, dots] }), 'circle')).toHaveLength(2 + 1);
});

test('a million points take no more room than the pixels they fall on, and the peaks stay', () => {
  const x = Array.from({ length: 1_000_000 }, (_, i) => i);
  const y = x.map((i) => Math.sin(i) + (i === 345_678 ? 50 : 0));
  const svg = lineChart({ title: '', xLabel: 'x', yLabel: 'y', series: [{ name: 'f', x, y }] });
  expect(svg.length).toBeLessThan(60_000);
  const [points] = drawn(parseXml(svg)) as [number[][]];
  const heights = points.map(([, y]) => y!);
  expect(Math.min(...heights)).toBeLessThan(100);
  expect(points.length).toBeLessThanOrEqual(4 * 720);
});

describe('what cannot be drawn as a line', () => {
  test.each([
    { name: 'nothing', series: [] },
    { name: 'a series without points', series: one([]) },
    { name: 'only NaN', series: one([Number.NaN, Number.NaN]) },
    { name: 'only infinities', series: one([Infinity, -Infinity]) },
  ])('$name: "no data"', ({ series }) => {
    const svg = chart({ series });
    expect(words(svg)).toContain('no data');
    expect(numbers(svg).every(Number.isFinite)).toBe(true);
  });

  test('one point is a dot, in the middle', () => {
    const svg = chart({ series: one([3], [7]) });
    const [dot] = all(svg, 'circle');
    expect(Number(dot!.attributes.cx)).toBeGreaterThan(300);
    expect(words(svg)).not.toContain('no data');
  });

  test('a gap parts a line, and a point between gaps is a dot', () => {
    const svg = chart({ series: one([1, 2, Number.NaN, 4, Number.NaN, 6, 7]) });
    expect(all(svg, 'g')[1]!.children[1]!.attributes.d!.match(/M/g)).toHaveLength(2);
    expect(all(svg, 'circle')).toHaveLength(1);
  });

  test('a constant runs through the middle', () => {
    const [points] = drawn(chart({ series: one([5, 5, 5]) })) as [number[][]];
    expect(new Set(points.map(([, y]) => y)).size).toBe(1);
  });
});

describe('marked points', () => {
  test('stand on the line, with their names', () => {
    const svg = chart({ points: [{ x: 50, y: 1, label: 'half' }] });
    const [points] = drawn(svg) as [number[][]];
    const [dot] = all(svg, 'circle');
    expect([Number(dot!.attributes.cx), Number(dot!.attributes.cy)]).toEqual(points[1]);
    expect(words(svg)).toContain('half');
  });

  test('have names that do not cover each other', () => {
    const points = [0, 1, 2].map((i) => ({ x: 50 + i, y: 1, label: `point ${i}` }));
    const names = all(chart({ points }), 'text').filter(({ text }) => text.startsWith('point'));
    const places = new Set(names.map(({ attributes }) => attributes.y));
    expect(places.size).toBe(3);
  });

  test('are left out where the axis has no place for them', () => {
    expect(all(chart({ logY: true, points: [{ x: 1, y: -1, label: 'no' }] }), 'circle')).toHaveLength(0);
  });
});

test('text is escaped, whatever it holds', () => {
  const name = '<script>alert("1")</script> & \u0000 \ud800 ]]>';
  const series = [0, 1].map(() => ({ name, x: [0, 1], y: [0, 1] }));
  const svg = chart({
    title: name,
    xLabel: name,
    yLabel: name,
    series,
    points: [{ x: 0, y: 0, label: name }],
  });
  expect(words(svg)).toContain('<script>alert("1")</script> & \ufffd \ufffd ]]>');
});

test('whatever the data, the document is well-formed and all its numbers are finite', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN, Infinity, 1e308, -1e308, 5e-324));
  const series = fc.record({ name: fc.string({ unit: 'binary' }), x: fc.array(value), y: fc.array(value) });
  fc.assert(
    fc.property(
      fc.array(series, { maxLength: 3 }),
      fc.boolean(),
      fc.string({ unit: 'binary' }),
      (series, logY, title) => {
        const svg = parseXml(lineChart({ title, xLabel: title, yLabel: '', series, logY }));
        expect(numbers(svg).every(Number.isFinite)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
