// Side by side with peers, in one run, then the bars of speed: pnpm bench [part of a name]
import { cpus } from 'node:os';
import { report } from './bar.ts';
import { elementwiseContests } from './elementwise.ts';
import { race } from './interleaved.ts';
import { kernelContests } from './kernels.ts';
import { speedBars } from './speedBars.ts';
import { symbolicContests } from './symbolic.ts';

const wanted = process.argv[2] ?? '';
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`);
console.log('theirs / ours above 1: we are faster; medians of interleaved pairs\n');
const contests = [...symbolicContests, ...(await kernelContests()), ...(await elementwiseContests())];
const outcomes = contests
  .filter((contest) => contest.name.includes(wanted))
  .map((contest) => {
    const outcome = race(contest);
    const { name, peer, ours, theirs, ratio } = outcome;
    const spread = `${ratio.least.toFixed(2)} to ${ratio.greatest.toFixed(2)}`;
    console.log(
      `${name.padEnd(38)} ours ${ours.toPrecision(3).padStart(9)} ms   ${peer.padEnd(8)} ${theirs.toPrecision(3).padStart(9)} ms   ratio ${ratio.median.toFixed(2).padStart(8)}  (${spread})`,
    );
    return outcome;
  });
console.log();
await report(speedBars(outcomes), wanted);
process.exit();
