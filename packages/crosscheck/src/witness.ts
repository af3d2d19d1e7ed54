import { fold, type Witness } from '@leibniz/symbolic';
import type { Claim } from './claims/claims.ts';
import { areApart, type Interval, intervals } from './intervals.ts';

/** Whether the second interval arithmetic tells the sides of a claim apart at a witness too. */
export function confirms({ left, right }: Claim, { at }: Witness): boolean {
  const bindings = Object.fromEntries(
    Object.entries(at).map(([name, { p, q }]) => [name, intervals.rational(p, q)]),
  );
  const [a, b] = [left, right].map((side) => fold(side, intervals, bindings)) as (Interval | undefined)[];
  return a !== undefined && b !== undefined && areApart(a, b);
}
