// Side by side with peers, in one run: pnpm bench [part of a name]
import { cpus } from 'node:os';
import { elementwiseContests } from './elementwise.ts';
import { race, wasUsed } from './interleaved.ts';
import { kernelContests } from './kernels.ts';
import { symbolicContests } from './symbolic.ts';

const wanted = process.argv[2] ?? '';
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
console.log('theirs / ours above 1: we are faster; medians of interleaved pairs\n');
for (const contest of [...symbolicContests, ...(await kernelContests()), ...(await elementwiseContests())]) {
  if (!contest.name.includes(wanted)) continue;
  const { name, peer, ours, theirs, ratio } = race(contest);
  const spread = `${ratio.least.toFixed(2)} to ${ratio.greatest.toFixed(2)}`;
  console.log(
    `${name.padEnd(38)} ours ${ours.toPrecision(3).padStart(9)} ms   ${peer.padEnd(8)} ${theirs.toPrecision(3).padStart(9)} ms   ratio ${ratio.median.toFixed(2).padStart(8)}  (${spread})`,
  );
}
if (!wasUsed()) console.log(`No contest has ${wanted} in its name.`);
