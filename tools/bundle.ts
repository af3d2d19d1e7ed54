// Bundles the package in the current folder: one ES module per entry of "exports" and "bin", beside the
// declarations that tsc writes. Many small modules cost tens of milliseconds at import.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import { build } from 'vite';

interface Manifest {
  readonly exports: Record<string, { readonly default: string } | string>;
  readonly bin?: Record<string, string>;
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const outputs = [
  ...Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [] : [target.default],
  ),
  ...Object.values(manifest.bin ?? {}),
];
const entry = Object.fromEntries(
  outputs.map((file) => [basename(file, '.js'), `src/${basename(file, '.js')}.ts`]),
);

// What earlier builds left and this one will not write: old chunks, and declarations of sources that are gone.
for (const file of existsSync('dist') ? readdirSync('dist', { recursive: true, encoding: 'utf8' }) : []) {
  const source = /^(.*)\.d\.ts(\.map)?$/.exec(file)?.[1];
  const isStale = source === undefined ? /\.js(\.map)?$/.test(file) : !existsSync(`src/${source}.ts`);
  if (isStale) rmSync(`dist/${file}`);
}

/** As short as it can be, since reading costs time at import; the maps beside it tell the names. */
const SHORT = {
  mangle: { toplevel: true, keepNames: { class: true, function: false } },
  compress: true,
  codegen: { removeWhitespace: true },
};

/** All in ASCII: read faster, and the same whatever encoding a server claims. */
const ascii = {
  name: 'ascii',
  generateBundle(_: unknown, bundle: Record<string, { type: string; code?: string }>) {
    for (const file of Object.values(bundle)) {
      file.code &&= file.code.replaceAll(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/** What several entries need is one file: each further file is read only when the one before it is. */
const ONE_SHARED_CHUNK = { groups: [{ name: 'shared', minShareCount: 2 }] };

await build({
  configFile: false,
  logLevel: 'warn',
  plugins: [ascii],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2023',
    sourcemap: true,
    lib: { entry, formats: ['es'], fileName: (_format, name) => `${name}.js` },
    rolldownOptions: {
      external: [/^node:/, /^[^./]/],
      output: {
        chunkFileNames: 'shared-[hash].js',
        minify: SHORT,
        codeSplitting: ONE_SHARED_CHUNK,
      },
    },
  },
});
