// What a package weighs in an application.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export const PACKAGES = fileURLToPath(new URL('../../../packages', import.meta.url));

const alias = Object.fromEntries(
  ['ops', 'kernels', 'symbolic', 'tensor'].map((room) => [
    `@leibniz/${room}`,
    `${PACKAGES}/${room}/src/index.ts`,
  ]),
);

/** Kilobytes of a program with everything it imports, minified and gzipped as an application would be. */
export async function gzippedSize(code: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'leibniz-program-'));
  const program = join(folder, 'main.js');
  writeFileSync(program, code);
  const size = await gzippedFileSize(program);
  rmSync(folder, { recursive: true });
  return size;
}

export async function gzippedFileSize(program: string): Promise<number> {
  return gzipSync(await bundled(program), { level: 9 }).length / 1024;
}

async function bundled(entry: string): Promise<string> {
  const { build } = await import('vite');
  const folder = mkdtempSync(join(tmpdir(), 'leibniz-bundle-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: dirname(entry),
    resolve: { alias },
    build: {
      outDir: folder,
      target: 'es2023',
      // A library's ES format keeps its white space unless told so here.
      rolldownOptions: { output: { minify: true } },
      lib: { entry, formats: ['es'], fileName: 'main' },
    },
  });
  const files = readdirSync(folder);
  const text = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('');
  rmSync(folder, { recursive: true });
  return text;
}
