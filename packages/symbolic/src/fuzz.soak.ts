// Ten million random texts: `pnpm soak`. A number after the command makes it shorter or longer, a second one seeds it.

import { exercise, grammatical, scrambled, seeded } from './fuzz.ts';

const [runs = 1e7, seed = 1] = process.argv.slice(2).map(Number);
const below = seeded(seed);
const started = performance.now();
let read = 0;
for (let i = 1; i <= runs; i++) {
  if (exercise(i % 2 ? grammatical(below) : scrambled(below))) read++;
  if (i % 1e5 === 0) {
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`${i} texts, ${read} of them expressions, no untyped error, ${seconds} s`);
  }
}
