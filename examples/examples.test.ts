import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as a1 from './a1-gradient-descent.ts';
import { stationaryPoints } from './a1-stationary-points.ts';
import * as a2 from './a2-forward-pass.ts';
import * as a3 from './a3-gradients.ts';
import { derivativeOfASquare } from './derivative-of-a-square.ts';
import { loadDigits } from './digits.ts';
import { committed, told } from './fixtures/committed.ts';
import { gradientOfTwoVariables } from './gradient-of-two-variables.ts';
import * as maps from './linear-maps.ts';

const data = await loadDigits();
const pages = readdirSync(new URL('.', import.meta.url)).filter((name) =>
  /^(?!.*\.(test|d)\.ts$).*\.ts$/.test(name),
);

describe('a page', () => {
  test.each(pages)('%s is shorter than 60 lines', (page) => {
    expect(committed(page).split('\n').length).toBeLessThan(60);
  });

  test.each(pages)('%s is in the table of contents', (page) => {
    expect(told).toContain(`[\`${page}\`](${page})`);
  });
});

test.each(readdirSync(new URL('figures/', import.meta.url)))('figures/%s is shown', (figure) => {
  expect(told).toContain(`figures/${figure}`);
});

test.each([
  ['a1-gradient-descent', a1.figure],
  ['a2-digit', () => a2.digit(data)],
  ['a2-network', a2.diagram],
  ['a3-graph', a3.graph],
  ['linear-map', maps.figure],
])('figures/%s.svg is what the example draws', (name, figure) => {
  expect(figure() === committed(`figures/${name}.svg`), 'run the example to draw it again').toBe(true);
});

describe('Listing A.1', () => {
  const found = a1.gradientDescent();

  test('as printed arrives at the minimum', () => {
    expect(found.endAsPrinted).toBeCloseTo(-0.75000001345, 11);
    expect(told).toContain(`its program gives ${found.endAsPrinted.toFixed(11)}.`);
  });

  test('with the right derivative has a long way to go', () => {
    expect(found.endAsDerived).toBeCloseTo(-6.868, 3);
    expect(found.stepsNeeded).toBe(26_648);
    expect(told).toContain(`lead to ${found.endAsDerived.toFixed(3)} only; it takes 26,648 to`);
  });

  test('has a derivative that is refuted, by a point and a factor', () => {
    const { x, claimed, correct } = found.witness;
    expect(found.printedDerivative).toBe('refuted');
    expect(told).toContain(`at x = ${x} it claims ${claimed}, and ${correct} is true`);
    expect(found.offByFactor).toBe('(x^4 + x^3 + 2)/log(x^4 + x^3 + 2)');
    expect(found.hint).toBe('using x^4 + x^3 + 2 instead of log(x^4 + x^3 + 2) makes it right');
  });
});

test('x = 0 is no minimum of f, and -3/4 is', () => {
  const { isTheDerivative, points } = stationaryPoints();
  expect(isTheDerivative).toBe('proved');
  expect(points).toMatchObject([
    { x: '-3/4', derivatives: ['0', '576/485'], behaviour: 'minimum' },
    { x: '0', derivatives: ['0', '0', '3'], behaviour: 'rising' },
  ]);
  const [minimum, level] = points.map(({ f }) => f.toFixed(6));
  expect(told).toContain(`f(-0.75) = ${minimum} < f(0) = ${level}`);
});

describe('linear maps', () => {
  const found = maps.linearMaps();
  const proved = { sums: 'proved', multiples: 'proved' };

  test('are told from affine ones', () => {
    expect(found['3x']).toEqual(proved);
    expect(found['2x + 1'].sums).toMatch(/^refuted: [\d.]+ is not [\d.]+ at a = /);
    expect(found['2x + 1'].multiples).toMatch(/^refuted: /);
    expect(found['(2x + 1) - 1']).toEqual(proved);
  });

  test('of the plane are matrices', () => {
    expect(found.matrix).toEqual([
      ['2', '3'],
      ['4', '5'],
    ]);
    expect(found.matrixTimesVector).toEqual(['proved', 'proved']);
  });
});

test('the derivative of a square is the same in three ways', () => {
  expect(derivativeOfASquare()).toEqual({
    ratios: { '(2.9, 3.1)': '6', '(2.99, 3.01)': '6', '(3, 3.1)': '61/10', '(3, 3.01)': '601/100' },
    aroundTheMiddle: 'proved',
    infinitesimal: { value: 9, tangent: 6 },
    rule: '2*x',
    ruleAt3: 6,
  });
});

test('the gradient of two variables has a part for each', () => {
  const { formulas, byFormulas, byInfinitesimals, backwards } = gradientOfTwoVariables();
  expect(formulas).toEqual(['4*x^3', '2*y']);
  expect(byFormulas).toEqual([32, 6]);
  expect(byInfinitesimals).toEqual(byFormulas);
  expect(backwards).toEqual(byFormulas);
});

test('Listing A.2 has logits in the hundreds, which a softmax must bear', () => {
  const { shape, greatestLogit, spoiledRows, loss, accuracy } = a2.forwardPass(data);
  expect(shape).toEqual([100, 10]);
  expect(accuracy).toBeLessThan(0.2);
  expect(told).toContain(`logits of up to ${greatestLogit.toFixed(0)} in a batch of 100 digits`);
  expect(told).toContain(`spoils ${spoiledRows.naive} of the 100;`);
  expect(spoiledRows).toEqual({ naive: expect.toSatisfy((rows) => rows > 50), stable: 0 });
  expect(told).toContain(`The loss is ${loss.toFixed(0)},`);
});

test('Listing A.3 has the gradients that one finds by hand, and adds them up', () => {
  const { norms, distancesByHand, normsAfterTwice } = a3.gradients(data);
  for (const [i, norm] of norms.entries()) {
    expect(distancesByHand[i]! / norm).toBeLessThan(1e-6);
    expect(normsAfterTwice[i]! / norm).toBeCloseTo(2, 6);
  }
});
