// The bars on proofs, over the committed sets of claims.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Claim, claimSets } from '@leibniz/crosscheck/claims';
import { confirms } from '@leibniz/crosscheck/witness';
import { equal, variables } from '@leibniz/symbolic';
import type { Bar } from './bar.ts';
import { median } from './interleaved.ts';

const check = ({ left, right, options }: Claim) => {
  const start = performance.now();
  return { ...equal(left, right, options), time: performance.now() - start };
};

const sets: readonly Bar[] = claimSets.map(({ name, claims, holds, rate }) => ({
  what: `prove: ${claims.length} ${name}, ${holds ? 'proved' : 'refuted'} within 2 s, none the wrong way`,
  bar: `≥ ${rate * 100} %, 0 wrong`,
  measure() {
    const found = claims.map(check);
    const wanted = holds ? 'proved' : 'refuted';
    const right = found.filter(({ verdict, time }) => verdict === wanted && time <= 2000).length;
    const wrong = found.filter(({ verdict, conditions }) =>
      holds ? verdict === 'refuted' : verdict === 'proved' && conditions.length === 0,
    ).length;
    const unknown = found.filter(({ verdict }) => verdict === 'unknown').length;
    const times = found.map(({ time }) => time);
    const speed = `median ${median(times).toFixed(2)} ms, slowest ${Math.max(...times).toFixed(0)} ms`;
    return {
      found: `${((100 * right) / claims.length).toFixed(1)} %, ${wrong} wrong, ${unknown} unknown; ${speed}`,
      met: right / claims.length >= rate && wrong === 0,
    };
  },
}));

const witnesses: Bar = {
  what: 'prove: witnesses confirmed by the second interval arithmetic',
  bar: '100 %',
  measure() {
    const refuted = claimSets
      .flatMap(({ claims }) => claims)
      .flatMap((claim) => {
        const { witness } = check(claim);
        return witness ? [confirms(claim, witness)] : [];
      });
    const confirmed = refuted.filter(Boolean).length;
    return { found: `${confirmed} of ${refuted.length}`, met: confirmed === refuted.length };
  },
};

/** Every so manyeth claim is timed beside SymPy. */
const STEP = 12;

/** Milliseconds after which SymPy is stopped; such a pair counts with this time. */
const PATIENCE = 20_000;

const againstSympy: Bar = {
  what: `prove: time of equal against SymPy's equals, every ${STEP}th claim`,
  bar: '≥ 20× faster in the median',
  measure() {
    const chosen = claimSets.flatMap(({ claims }) => claims.filter((_, i) => i % STEP === 0));
    const theirs = sympyTimes(chosen);
    if (!theirs) return { found: 'skipped: python3 with SymPy is not installed' };
    const pairs = chosen.flatMap((claim, i) => {
      const time = theirs[i];
      check(claim);
      return typeof time === 'number' ? [{ ours: check(claim).time, theirs: time }] : [];
    });
    const [ours, other] = [median(pairs.map((pair) => pair.ours)), median(pairs.map((pair) => pair.theirs))];
    return {
      found: `${ours.toFixed(2)} ms against ${other.toFixed(0)} ms over ${pairs.length} claims that SymPy reads: ${(other / ours).toFixed(0)}×`,
      met: other / ours >= 20,
    };
  },
};

/** Milliseconds of each claim, null where SymPy cannot read it; nothing where there is no SymPy. */
function sympyTimes(claims: readonly Claim[]): (number | null)[] | undefined {
  const script = fileURLToPath(new URL('sympyEquals.py', import.meta.url));
  const input = claims.map(({ left, right, options: { assume = {} } }) => ({
    left: String(left),
    right: String(right),
    names: [...new Set([...variables(left), ...variables(right)])],
    positive: Object.keys(assume),
  }));
  try {
    const found = execFileSync('python3', [script, String(PATIENCE / 1000)], {
      input: JSON.stringify(input),
      maxBuffer: 2 ** 26,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return JSON.parse(found.toString());
  } catch {
    return undefined;
  }
}

export const proofBars: readonly Bar[] = [...sets, witnesses, againstSympy];
