import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  camelCase,
  differentiableNames,
  exported,
  presentNames,
  README,
  standardNames,
  withList,
} from './fixtures/arrayApiList.ts';

test('160 names at least of the array API standard are there', () => {
  expect(presentNames().length).toBeGreaterThanOrEqual(160);
  expect(new Set(standardNames()).size).toBe(standardNames().length);
});

test('the list of the README is the generated one', () => {
  const readme = readFileSync(README, 'utf8');
  expect(readme).toBe(withList(readme));
});

/** What the gradients of a name are checked under, where it is not its own. */
const CHECKED_AS: Readonly<Record<string, string>> = {
  'linalg.eigh': 'eighProjector',
  'linalg.inv': 'inverse',
  'linalg.svd': 'svdProjector',
  var: 'variance',
};

test('each name that the list calls differentiable is checked against PyTorch', () => {
  const cases = JSON.parse(readFileSync(new URL('../fixtures/gradients.json', import.meta.url), 'utf8')) as [
    string,
  ][];
  const checked = new Set(cases.map(([name]) => name));
  const unchecked = differentiableNames().filter(
    (name) => !checked.has(CHECKED_AS[name] ?? camelCase(name).replace(/^\w+\./, '')),
  );
  expect(unchecked).toEqual([]);
  expect(differentiableNames().filter((name) => exported(name) === undefined)).toEqual([]);
});
