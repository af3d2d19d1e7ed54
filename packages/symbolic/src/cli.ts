#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { run } from './command.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
process.exitCode = run(process.argv.slice(2), version, {
  out: (line) => console.log(line),
  error: (line) => console.error(line),
  read: () => readFileSync(0, 'utf8'),
});
