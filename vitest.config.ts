import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['@leibniz/source'] },
  ssr: { resolve: { conditions: ['@leibniz/source'] } },
  test: {
    include: ['{packages,apps,examples,tools}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.examples/**'],
    pool: 'forks',
    maxWorkers: '100%', // the long trainings run beside the rest
    execArgv: ['--disallow-code-generation-from-strings', '--conditions=@leibniz/source'],
    testTimeout: 30_000,
  },
});
