// Sets everything up on a machine that has only Node and npm, then runs one script of package.json.
// Usage: node tools/run.mjs <script> [arguments]. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version: pnpm } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).devEngines
  .packageManager;

/** SHA-256 of the binaries inside npm's node-<platform>-<arch>@26.10.0, the Node that development runs on. */
const NODE_SHA256 = {
  'linux-x64': 'ab9c8eecf9f82d6693cdc3accced17034065c8d96213b0aa76a7e803d20ae1da',
  'linux-arm64': '71b004f18a82f3ea8f26109798564a12e5e4c7989a4c35b93851830b5815dd03',
  'darwin-arm64': '56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
  'darwin-x64': '083775c8c778a1ab7aee1c9971ba2dac29032b5f60da9db9a2b8e9d050544c31',
  'win32-x64': 'cea6ac365f9bb9586dafd2084d996e092e7d3e7d07ab52d1f76bf53d1fca9bc4',
};

function fail(message, code = 4) {
  console.error(message);
  process.exit(code);
}

/** Runs pnpm by npx, so that nothing has to be installed beforehand. */
function runPnpm(args, stdio) {
  const { status, signal, error } = spawnSync('npx', ['-y', `pnpm@${pnpm}`, ...args], {
    cwd: root,
    stdio,
    shell: process.platform === 'win32',
  });
  if (error) fail(`Cannot run npx: ${error.message}. Install npm, which comes with Node.`);
  if (signal) process.exit(signal === 'SIGINT' ? 130 : 143);
  return status;
}

/** The install step of the pinned Node fetches its binary outside the lockfile, so the bytes are checked here. */
function checkNode() {
  const platform = `${process.platform}-${process.arch}`;
  const wanted = NODE_SHA256[platform];
  const binary = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (!existsSync(binary))
    fail(`The pinned Node is missing at ${binary}. Delete node_modules and run again.`);
  if (!wanted) {
    console.error(
      `Note: no SHA-256 is committed for Node on ${platform}; using the installed binary unchecked.`,
    );
    return;
  }
  const found = createHash('sha256').update(readFileSync(binary)).digest('hex');
  if (found !== wanted) fail(`The pinned Node at ${binary} has SHA-256 ${found}, expected ${wanted}.`);
}

const [script, ...rest] = process.argv.slice(2);
if (!script) fail('Usage: node tools/run.mjs <script> [arguments]', 2);
if (runPnpm(['install', '--frozen-lockfile', '--reporter=silent'], ['ignore', 'ignore', 'inherit']) !== 0) {
  runPnpm(['install', '--frozen-lockfile'], 'inherit');
  fail('Setting up failed: see the lines above.');
}
checkNode();
process.exit(runPnpm(['--silent', 'run', script, ...rest], 'inherit') ?? 4);
