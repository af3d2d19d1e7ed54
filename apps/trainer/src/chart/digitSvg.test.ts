import { expect, test } from 'vitest';
import { digitSvg } from './digitSvg.ts';
import { all, numbers, parseXml } from './fixtures/xml.ts';

const ink = (svg: string) =>
  all(parseXml(svg), 'rect').filter(({ attributes }) => attributes.class === 'ink');

test('every pixel that is not paper is a square where it stands, as dark as it is', () => {
  const [grey, black] = ink(digitSvg(Uint8Array.of(0, 51, 0, 0, 0, 255), 2, 3));
  expect(grey!.attributes).toMatchObject({ x: '1', y: '0', 'fill-opacity': '0.2' });
  expect(black!.attributes).toMatchObject({ x: '2', y: '1' });
  expect(black!.attributes).not.toHaveProperty('fill-opacity');
});

test('has the size asked for, with a margin of one pixel', () => {
  const { attributes } = parseXml(digitSvg(new Uint8Array(784), 28, 28, { scale: 4, title: 'A "5" & more' }));
  expect([attributes.width, attributes.height]).toEqual(['120', '120']);
});

test.each([
  { name: 'an empty picture', pixels: [], rows: 0, cols: 0, count: 0 },
  { name: 'a blank one', pixels: [0, 0], rows: 1, cols: 2, count: 0 },
  { name: 'values out of range', pixels: [Number.NaN, -1, 300, Infinity], rows: 2, cols: 2, count: 2 },
])('$name is drawn', ({ pixels, rows, cols, count }) => {
  const svg = digitSvg(pixels, rows, cols);
  expect(ink(svg)).toHaveLength(count);
  expect(numbers(parseXml(svg)).every(Number.isFinite)).toBe(true);
});

test('pixels that do not fill the picture are refused', () => {
  expect(() => digitSvg(new Uint8Array(783), 28, 28)).toThrow(
    'Cannot draw 783 pixels as 28 rows of 28: those are 784',
  );
});
