// The kernels in a headless Chromium, on a page and in a worker of it, with and without cross-origin isolation, under
// the content security policy that the package promises to run under. Skipped where there is no Chromium.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conformance } from './fixtures/conformance.ts';
import { expectConformance } from './fixtures/conformanceExpected.ts';

const executablePath = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path && existsSync(path),
);
if (!executablePath)
  console.warn('No Chromium found (CHROMIUM names its file): tests in the browser are skipped.');

const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const POLICY = { 'Content-Security-Policy': "default-src 'self' 'wasm-unsafe-eval'" };

/** Bundles the comparison of the kernels, and their threads, as the package is. */
async function bundled(): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'leibniz-browser-'));
  const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@leibniz/source'] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      lib: {
        entry: {
          page: source('fixtures/conformance.ts'),
          conformance: source('fixtures/conformance.worker.ts'),
          worker: source('worker.ts'),
        },
        formats: ['es'],
        fileName: (_format, name) => `${name}.js`,
      },
    },
  });
  return outDir;
}

/** Serves the files of a folder, and an empty page. */
async function serve(folder: string, headers: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer(({ url = '/' }, response) => {
    const file = join(folder, basename(url));
    const isScript = url.endsWith('.js') && existsSync(file);
    const type = isScript ? 'text/javascript' : 'text/html';
    response.writeHead(200, { ...POLICY, ...headers, 'Content-Type': type });
    response.end(isScript ? readFileSync(file) : '<!doctype html><title>kernels</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return server;
}

/** As texts, since they belong to the page. */
const PROGRAMS = {
  page: `import(location.origin + '/page.js').then(({ conformance }) => conformance())`,
  worker: `new Promise((resolve, reject) => {
    const worker = new Worker('/conformance.js', { type: 'module' });
    worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data));
    worker.onerror = ({ message }) => reject(new Error(message));
  })`,
};

describe.skipIf(!executablePath)('in Chromium', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await bundled();
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  test.each([
    { isolated: true, where: 'page', threads: [1] },
    { isolated: true, where: 'worker', threads: [1, 2] },
    { isolated: false, where: 'page', threads: [1] },
    { isolated: false, where: 'worker', threads: [1] },
  ] as const)(
    'every kernel equals its reference: isolated $isolated, in a $where',
    { timeout: 60_000 },
    async ({ isolated, where, threads }) => {
      const server = await serve(folder, isolated ? ISOLATION : {});
      try {
        const { port } = server.address() as AddressInfo;
        const page = await browser.newPage();
        await page.goto(`http://localhost:${port}/empty`);
        expect(await page.evaluate('crossOriginIsolated')).toBe(isolated);
        const found = await page.evaluate<Conformance>(PROGRAMS[where]);
        // Relaxed SIMD came with Chrome 114.
        const relaxed = Number.parseInt(browser.version(), 10) >= 114 ? [false, true] : [false];
        expectConformance(found, { relaxed, threads });
        await page.close();
      } finally {
        server.close();
      }
    },
  );
});
