#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { EXIT, run } from './command.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const interrupt = new AbortController();
// The first signal ends the training after its step and writes what there is; the second ends the process at once.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => (interrupt.signal.aborted ? process.exit(EXIT[name]) : interrupt.abort(name)));
}

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => console.log(line),
  progress: process.stderr,
  signal: interrupt.signal,
  version,
});
