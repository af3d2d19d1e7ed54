// The committed claims: of the true ones as many must be proved as each set asks for, of the false ones refuted; no
// verdict may be wrong, and every witness is checked again by the second interval arithmetic.

import { equal } from '@leibniz/symbolic';
import { describe, expect, it } from 'vitest';
import { claimSets, visiblyDiffer } from './claims/claims.ts';
import { confirms } from './witness.ts';

const MOST_MILLISECONDS = 2000;

describe.each(claimSets)('$name', ({ claims, holds, rate }) => {
  const found = claims.map((claim) => {
    const start = performance.now();
    return { claim, ...equal(claim.left, claim.right, claim.options), time: performance.now() - start };
  });

  it('no verdict is wrong', () => {
    const wrong = found.filter(({ verdict, conditions }) =>
      holds ? verdict === 'refuted' : verdict === 'proved' && conditions.length === 0,
    );
    expect(wrong.map(({ claim }) => claim.text)).toEqual([]);
  });

  it('enough is decided, each in time', () => {
    const decided = found.filter(({ verdict }) => verdict === (holds ? 'proved' : 'refuted'));
    expect(decided.length / claims.length).toBeGreaterThanOrEqual(rate);
    expect(found.filter(({ time }) => time > MOST_MILLISECONDS).map(({ claim }) => claim.text)).toEqual([]);
  });

  it('what is proved looks equal in doubles', () => {
    const proved = found.filter(({ verdict, conditions }) => verdict === 'proved' && conditions.length === 0);
    expect(proved.filter(({ claim }) => visiblyDiffer(claim)).map(({ claim }) => claim.text)).toEqual([]);
  });

  it('every witness is confirmed', () => {
    const refuted = found.filter(({ witness }) => witness !== undefined);
    const unconfirmed = refuted.filter(({ claim, witness }) => !confirms(claim, witness!));
    expect(
      unconfirmed.map(({ claim, witness }) => `${claim.text} at ${JSON.stringify(witness!.at)}`),
    ).toEqual([]);
  });
});

it('the sets are as large as they are said to be', () => {
  const sizes = Object.fromEntries(claimSets.map(({ name, claims }) => [name, claims.length]));
  expect(sizes.antiderivatives).toBeGreaterThanOrEqual(200);
  expect(sizes['gradient rules']).toBeGreaterThanOrEqual(100);
  expect(sizes.physics).toBeGreaterThanOrEqual(100);
  expect(sizes.identities).toBeGreaterThanOrEqual(200);
  expect(sizes.traps! + sizes.mutants!).toBeGreaterThanOrEqual(300);
});
