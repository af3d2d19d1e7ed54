// What a program of this folder finds in a process of its own, which nothing else keeps busy and no other arrays fill.

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The last line that it prints, as JSON. */
export function apart<Found>(program: string): Found {
  const args = ['--conditions=@leibniz/source', join(import.meta.dirname, program)];
  const output = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!) as Found;
}
