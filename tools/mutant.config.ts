// The tests, run on a source with one change: LEIBNIZ_MUTANT holds it as JSON.
import { resolve } from 'node:path';
import { env } from 'node:process';
import { defineConfig, mergeConfig } from 'vitest/config';
import base from '../vitest.config.ts';
import { applied, type Mutant } from './mutants.ts';

const mutant = JSON.parse(env.LEIBNIZ_MUTANT ?? 'null') as Mutant | null;
const path = mutant && resolve(mutant.file);

export default mergeConfig(
  base,
  defineConfig({
    root: process.cwd(),
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        transform: (source, id) => (mutant !== null && id === path ? applied(source, mutant) : undefined),
      },
    ],
    test: {
      // What was transformed once must not be taken from the disk.
      fsModuleCache: false,
      // One process for all files is quicker by far, and a first failure is enough.
      maxWorkers: 1,
      isolate: false,
      bail: 1,
      reporters: [],
    },
  }),
);
