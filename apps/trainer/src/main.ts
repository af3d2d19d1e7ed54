#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, run } from './command.ts';

// Beside the folder of this file, as source and as bundle; a URL would be taken for an asset by the bundler.
const manifest = join(dirname(fileURLToPath(import.meta.url)), '..', 'package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
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
