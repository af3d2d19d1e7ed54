// Packs every package that is published and judges what a user would get: the files in the tarball, publint, attw,
// and whether all entries load from an installation in an empty folder, on the pinned Node and on the machine's own.
// Usage: pnpm pack:check, which builds first.
import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin?: Readonly<Record<string, string>>;
}

interface Packed {
  readonly manifest: Manifest;
  readonly tarball: string;
  readonly files: readonly string[];
}

const root = fileURLToPath(new URL('..', import.meta.url));

/** Settings of the pnpm that runs this script are not to reach the npm that a user would run. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_/i.test(name)));

/** What a program prints, or an error with everything it printed. */
async function run(program: string, args: readonly string[], cwd = root): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd, env, maxBuffer: 2 ** 26 });
  return stdout;
}

/** What a program that judges has to say if it fails, and nothing if it does not. */
async function complaint(
  judge: string,
  program: string,
  args: readonly string[],
  cwd = root,
): Promise<string[]> {
  try {
    await run(program, args, cwd);
    return [];
  } catch (error) {
    const { stdout, stderr, message } = error as Error & { stdout?: string; stderr?: string };
    return [`${judge}:\n${(`${stdout ?? ''}${stderr ?? ''}`.trim() || message).replace(/^/gm, '    ')}`];
  }
}

async function pack(folder: string, destination: string): Promise<Packed> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const printed = await run('pnpm', ['pack', '--json', '--pack-destination', destination], folder);
  const { filename, files } = JSON.parse(printed) as { filename: string; files: { path: string }[] };
  return { manifest, tarball: filename, files: files.map(({ path }) => path) };
}

/** What must be in a tarball, and what must not. */
export function fileBreaches({ manifest, files }: Pick<Packed, 'manifest' | 'files'>): string[] {
  const promised = [
    ...Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : [entry.types, entry.default],
    ),
    ...Object.values(manifest.bin ?? {}),
    'LICENSE',
  ].map((path) => path.replace(/^\.\//, ''));
  const missing = promised.filter((path) => !files.includes(path));
  const unwanted = files.filter((path) => UNWANTED.test(path));
  return [
    ...missing.map((path) => `${path} is promised by package.json and is not in the tarball`),
    ...unwanted.map((path) => `${path} is in the tarball and of no use to a user`),
  ];
}

const UNWANTED = /\.test\.|\/fixtures\/|\.tsbuildinfo$|^\.|node_modules/;

async function judge(packed: Packed): Promise<string[]> {
  const bin = (name: string) => join(root, 'node_modules/.bin', name);
  const found = await Promise.all([
    fileBreaches(packed),
    complaint('publint', bin('publint'), ['run', packed.tarball, '--strict']),
    complaint('attw', bin('attw'), [packed.tarball, ...ATTW]),
  ]);
  return found.flat().map((line) => `${packed.manifest.name}: ${line}`);
}

const ATTW = ['--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-definitely-typed'];

/** Installs all tarballs in an empty folder, where they depend on each other, and loads every entry of each. */
async function loads(packages: readonly Packed[], nodes: readonly string[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leibniz-user-'));
  try {
    const dependencies = Object.fromEntries(
      packages.map((one) => [one.manifest.name, `file:${one.tarball}`]),
    );
    const user = { private: true, type: 'module', dependencies };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(user));
    writeFileSync(join(folder, 'load.js'), loading(packages.flatMap(({ manifest }) => entries(manifest))));
    const failed = await complaint('npm install', 'npm', ['install', ...NPM], folder);
    if (failed.length > 0) return failed;
    const loaded = nodes.map((node) => complaint(node, node, ['load.js'], folder));
    const commands = packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));
    // A bin is run by the Node at hand; each must start, and know its version.
    const started = nodes.flatMap((node) =>
      commands.map((name) =>
        complaint(name, node, [join('node_modules', '.bin', name), '--version'], folder),
      ),
    );
    return (await Promise.all([...loaded, ...started])).flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const NPM = [
  '--prefer-offline',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--no-package-lock',
  '--silent',
];

const entries = ({ name, exports }: Manifest) =>
  Object.keys(exports)
    .filter((path) => !path.endsWith('.json'))
    .map((path) => name + path.slice(1));

/** A program that imports each entry and names those that fail. */
const loading = (names: readonly string[]) => `for (const name of ${JSON.stringify(names)}) {
  await import(name).catch((error) => {
    process.exitCode = 1;
    console.error(\`\${name} does not load on Node \${process.version}: \${error.stack}\`);
  });
}
`;

/** The Node that runs this script and, if it is another, the first on the PATH that no package brought along. */
export function nodes(): string[] {
  const own = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, process.platform === 'win32' ? 'node.exe' : 'node'))
    .find(isExecutable);
  return [...new Set([process.execPath, ...(own ? [own] : [])].map((path) => realpathSync(path)))];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folders of the packages that are published. */
export function published(): string[] {
  return ['packages', 'apps']
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)))
    .filter((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
      return manifest.private !== true;
    });
}

async function main(): Promise<void> {
  const destination = mkdtempSync(join(tmpdir(), 'leibniz-pack-'));
  const failures: string[] = [];
  const packages: Packed[] = [];
  for (const folder of published()) {
    const packed = await pack(folder, destination);
    packages.push(packed);
    failures.push(...(await judge(packed)));
  }
  failures.push(...(await loads(packages, nodes())));
  rmSync(destination, { recursive: true });
  for (const line of failures) console.error(line);
  const versions = await Promise.all(nodes().map((node) => run(node, ['--version'])));
  const on = versions.map((version) => version.trim()).join(' and ');
  const outcome =
    failures.length === 0 ? `as they should be, and load on Node ${on}` : 'not as they should be';
  console.log(`Packages: ${packages.length} are ${outcome}.`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
