import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Interval, intervals, toNumbers } from './intervals.ts';

type Row = readonly [name: keyof typeof intervals, x: number, value: string];
const fixture = new URL('../../symbolic/fixtures/balls.json', import.meta.url);
const rows = JSON.parse(readFileSync(fixture, 'utf8')) as Row[];

/** Those that recurrence carries, from [1, 2], only so far. */
const CARRIED = new Set<string>(['gamma', 'lgamma', 'digamma']);
const within = rows.filter(([name, x]) => !CARRIED.has(name) || Math.abs(x) < 150);

it.each(within)('%s(%d) lies around the value of mpmath, and closely', (name, x, text) => {
  const argument = intervals.rational(x * 2 ** 20, 2 ** 20);
  const [low, high] = toNumbers((intervals[name] as (x: Interval) => Interval)(argument as Interval));
  const value = Number(text);
  const ulps = 4e-16 * Math.abs(value);
  expect(low).toBeLessThanOrEqual(value + ulps);
  expect(high).toBeGreaterThanOrEqual(value - ulps);
  expect(high - low).toBeLessThanOrEqual(1e-14 * Math.max(1e-30, Math.abs(value)));
});

it('is nothing outside a domain', () => {
  const minusOne = intervals.int(-1);
  expect([intervals.log(minusOne), intervals.sqrt(minusOne), intervals.inv(intervals.int(0))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
