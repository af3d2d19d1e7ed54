import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { add, box, copy, type Diagram, parallel, sequence, swap, typed, wires } from './diagram.ts';
import { all, numbers, parseXml, words } from './fixtures/xml.ts';
import { stringDiagram } from './stringDiagram.ts';

const net = sequence(
  box('W₁', ['784'], ['200']),
  box('relu', ['200'], ['200'], { linear: false }),
  box('W₂', ['200'], ['10']),
);

/** The 2 × 2 matrix (a b; c d) made of its entries. */
const matrix = sequence(
  parallel(copy('ℝ'), copy('ℝ')),
  parallel(...['a', 'c', 'b', 'd'].map((entry) => box(entry, ['ℝ'], ['ℝ']))),
  parallel(wires('ℝ'), swap('ℝ', 'ℝ'), wires('ℝ')),
  parallel(add('ℝ'), add('ℝ')),
);

describe('maps have types', () => {
  test.each([
    { name: 'a network', diagram: net, type: '(W₁ ; relu ; W₂): 784 -> 10' },
    { name: 'a crossing', diagram: swap('a', 'b'), type: 'swap: a × b -> b × a' },
    {
      name: 'maps side by side',
      diagram: parallel(net, wires('n')),
      type: '((W₁ ; relu ; W₂) ⊗ wires): 784 × n -> 10 × n',
    },
    { name: 'a constant', diagram: box('b', [], ['10']), type: 'b:  -> 10' },
  ])('$name', ({ diagram, type }) => {
    expect(typed(diagram)).toBe(type);
  });

  test('a matrix is a map of the plane', () => {
    expect([matrix.from, matrix.to]).toEqual([
      ['ℝ', 'ℝ'],
      ['ℝ', 'ℝ'],
    ]);
  });

  test.each([
    { name: 'another dimension', parts: [box('f', ['2'], ['3']), box('g', ['4'], ['5'])] },
    { name: 'another number of wires', parts: [copy('2'), box('g', ['2'], ['2'])] },
    { name: 'another order', parts: [wires('a', 'b'), swap('b', 'a')] },
  ])('what does not fit is not composed: $name', ({ parts: [first, second] }) => {
    expect(() => sequence(first!, second!)).toThrow(RangeError);
    expect(() => sequence(first!, second!)).toThrow('the wires between them must agree');
  });
});

describe('a drawing', () => {
  test('of a network reads from left to right, dimensions on the wires', () => {
    const svg = parseXml(stringDiagram(net, { title: 'Two layers' }));
    expect(words(svg)).toEqual(['Two layers', '784', 'W₁', '200', 'relu', '200', 'W₂', '10']);
    const places = all(svg, 'text')
      .slice(1)
      .map(({ attributes }) => Number(attributes.x));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('of maps side by side has the first on top', () => {
    const svg = parseXml(stringDiagram(parallel(box('f', ['a'], ['b']), box('g', ['c'], ['d']))));
    const y = (name: string) => Number(all(svg, 'text').find(({ text }) => text === name)!.attributes.y);
    expect(y('f')).toBeLessThan(y('g'));
  });

  test('of a matrix copies, scales, crosses and adds', () => {
    const svg = parseXml(stringDiagram(matrix));
    expect(all(svg, 'rect')).toHaveLength(1 + 4);
    expect(all(svg, 'circle')).toHaveLength(2 + 2);
    expect(words(svg).filter((word) => word === '+')).toHaveLength(2);
  });

  test('wires join: every end inside of the drawing is the beginning of something', () => {
    const svg = parseXml(stringDiagram(net));
    const ends = all(svg, 'path').map(({ attributes }) =>
      /^M(\S+) (\S+)H(\S+)$/.exec(attributes.d!)!.slice(1).map(Number),
    );
    const edges = all(svg, 'rect')
      .slice(1)
      .map(({ attributes }) => [Number(attributes.x), Number(attributes.x) + Number(attributes.width)]);
    expect(ends.slice(1).map(([x]) => x)).toEqual(expect.arrayContaining(edges.map(([, right]) => right)));
    expect(ends.map(([, , x]) => x)).toEqual(expect.arrayContaining(edges.map(([left]) => left)));
  });

  test('whatever is composed is well-formed, escaped, and all its numbers are finite', () => {
    const leaf: fc.Arbitrary<Diagram> = fc.oneof(
      fc
        .tuple(fc.string({ unit: 'binary' }), fc.array(fc.string(), { maxLength: 3 }))
        .map(([label, ends]) => box(label, ends, ends)),
      fc.array(fc.string(), { maxLength: 3 }).map((labels) => wires(...labels)),
      fc.string().map((wire) => sequence(copy(wire), swap(wire, wire), add(wire))),
    );
    const { diagram } = fc.letrec<{ diagram: Diagram }>((tie) => ({
      diagram: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('diagram'), { maxLength: 3 }).map((parts) => parallel(...parts)),
        tie('diagram').map((part) => sequence(part, part)),
      ),
    }));
    fc.assert(
      fc.property(diagram, (diagram) => {
        expect(numbers(parseXml(stringDiagram(diagram))).every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
