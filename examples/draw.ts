import { mkdirSync, writeFileSync } from 'node:fs';

/** Writes a figure into the folder `figures` beside the examples. */
export function draw(name: string, svg: string): void {
  mkdirSync(new URL('figures/', import.meta.url), { recursive: true });
  writeFileSync(new URL(`figures/${name}.svg`, import.meta.url), svg);
  console.log(`drawn: examples/figures/${name}.svg`);
}
