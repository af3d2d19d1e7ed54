import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { all, numbers, parseXml, words, type XmlElement } from './fixtures/xml.ts';
import { type Graph, graphSvg } from './graphSvg.ts';

const graph = (names: string, ...edges: string[]): Graph => ({
  nodes: [...names].map((id) => ({ id, label: id })),
  edges: edges.map(([from, to]) => ({ from: from!, to: to! })),
});

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The boxes of a drawing in the order of the nodes; the first rectangle is the paper. */
const boxes = (svg: XmlElement): Box[] =>
  all(svg, 'rect')
    .slice(1)
    .map(({ attributes }) => {
      const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((key) => Number(attributes[key]));
      return { left: x!, right: x! + width!, top: y!, bottom: y! + height! };
    });

const overlap = (a: Box, b: Box) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

test('edges lead to the right, or down', () => {
  const net = graph('abcd', 'ab', 'bc', 'ac', 'cd');
  const right = boxes(parseXml(graphSvg(net)));
  const down = boxes(parseXml(graphSvg(net, { direction: 'down' })));
  for (let i = 1; i < 4; i++) {
    expect(right[i]!.left).toBeGreaterThan(right[i - 1]!.right);
    expect(down[i]!.top).toBeGreaterThan(down[i - 1]!.bottom);
  }
});

test('a chain is straight', () => {
  expect(new Set(boxes(parseXml(graphSvg(graph('abc', 'ab', 'bc')))).map(({ top }) => top)).size).toBe(1);
});

test('what is given stands just before its first use', () => {
  const [, , c, w] = boxes(parseXml(graphSvg(graph('abcwd', 'ab', 'bc', 'cd', 'wd'))));
  expect(Math.abs((w!.left + w!.right) / 2 - (c!.left + c!.right) / 2)).toBeLessThan(1);
});

test('edges that need not cross do not', () => {
  const [, , c, d] = boxes(parseXml(graphSvg(graph('abcd', 'ad', 'bc'))));
  const [a, b] = boxes(parseXml(graphSvg(graph('abcd', 'ad', 'bc'))));
  expect((a!.top - b!.top) * (d!.top - c!.top)).toBeGreaterThan(0);
});

test('labels of several lines and of edges are written, escaped', () => {
  const svg = parseXml(
    graphSvg(
      {
        nodes: [
          { id: 'w', label: 'w<1>\n784×200', kind: 'parameter' },
          { id: 'y', label: 'a & b', kind: 'output' },
        ],
        edges: [{ from: 'w', to: 'y', label: '∂"y"' }],
      },
      { title: 'T < U' },
    ),
  );
  expect(words(svg)).toEqual(['T < U', '∂"y"', 'w<1>', '784×200', 'a & b']);
  expect(all(svg, 'desc')[0]!.text).toBe('2 nodes, 1 edges: w<1> 784×200 to a & b');
});

describe('what is no drawing', () => {
  test.each([
    { name: 'a cycle', graph: graph('abc', 'ab', 'bc', 'cb'), message: 'with a cycle: b -> c -> b' },
    { name: 'a loop', graph: graph('a', 'aa'), message: 'with a cycle: a -> a' },
    { name: 'an edge from nowhere', graph: graph('a', 'xa'), message: 'a node that is not there: "x"' },
    { name: 'an edge to nowhere', graph: graph('a', 'ax'), message: 'a node that is not there: "x"' },
    { name: 'two nodes of one name', graph: graph('aa'), message: 'two nodes of the same id' },
  ])('$name is refused', ({ graph, message }) => {
    expect(() => graphSvg(graph)).toThrow(RangeError);
    expect(() => graphSvg(graph)).toThrow(message);
  });
});

test.each(['right', 'down'] as const)(
  'whatever the graph, boxes do not overlap and edges lead %s',
  (direction) => {
    const arcs = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 24 });
    fc.assert(
      fc.property(fc.nat(12), arcs, fc.string({ unit: 'binary' }), (count, arcs, label) => {
        const nodes = Array.from({ length: count }, (_, i) => ({ id: `${i}`, label: `${label}${i}` }));
        const edges = arcs
          .filter(([a, b]) => a < b && b < count)
          .map(([a, b]) => ({ from: `${a}`, to: `${b}`, label }));
        const svg = parseXml(graphSvg({ nodes, edges }, { direction }));
        expect(numbers(svg).every(Number.isFinite)).toBe(true);
        const found = boxes(svg);
        expect(found).toHaveLength(count);
        for (const [i, box] of found.entries()) {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(Number(svg.attributes.width));
          expect(box.bottom).toBeLessThanOrEqual(Number(svg.attributes.height));
          expect(found.slice(i + 1).filter((other) => overlap(box, other))).toEqual([]);
        }
        for (const { from, to } of edges) {
          const [a, b] = [found[Number(from)]!, found[Number(to)]!];
          expect(direction === 'right' ? b.left - a.right : b.top - a.bottom).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  },
);
