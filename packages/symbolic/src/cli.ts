#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.ts';

// Beside the folder of this file, as source and as bundle; a URL would be taken for an asset by the bundler.
const manifest = join(dirname(fileURLToPath(import.meta.url)), '..', 'package.json');
const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
process.exitCode = run(process.argv.slice(2), version, {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  read: () => readFileSync(0, 'utf8'),
  readFile: (path) => readFileSync(path, 'utf8'),
  progress(line) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  },
});
