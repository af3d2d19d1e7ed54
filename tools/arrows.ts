// Reads every package.json and every import and fails on an arrow that is not in the picture of ARCHITECTURE.md,
// on an import of an undeclared package, and on a cycle of imports between files.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which rooms a room may import. The rooms that see everything are private; so is what tests import. */
const ARROWS: Readonly<Record<string, readonly string[] | 'everything'>> = {
  ops: [],
  gradcheck: [],
  'mnist-data': [],
  kernels: ['ops'],
  symbolic: ['ops', 'kernels'],
  tensor: ['ops', 'kernels'],
  optimizers: ['ops', 'kernels', 'tensor'],
  trainer: ['ops', 'kernels', 'symbolic', 'tensor', 'optimizers', 'mnist-data'],
  crosscheck: 'everything',
  bench: 'everything',
  examples: 'everything',
};

/** `symbolic` reaches `kernels` only from here: who parses and differentiates does not load it. */
const KERNELS_FROM_SYMBOLIC = /^packages\/symbolic\/src\/compile\.ts$/;

/** In every room, what comes from npm; anything else must be declared in its package.json. */
const TEST_LIBRARIES = new Set(['vitest', 'fast-check']);

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
}

export interface Room {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly files: readonly SourceFile[];
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

const IMPORT =
  /^\s*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** The module specifiers that a file imports, types included. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2])!);
}

const isTest = (path: string) => path.endsWith('.test.ts') || path.includes('/fixtures/');

/** Every breach of the rules, as one line each. */
export function breaches(rooms: readonly Room[]): string[] {
  return [...rooms.flatMap(manifestBreaches), ...rooms.flatMap(importBreaches), ...cycles(rooms)];
}

function mayImport(room: Room, target: string): boolean {
  const allowed = ARROWS[room.name];
  return allowed === 'everything' || target === room.name || (allowed?.includes(target) ?? false);
}

function manifestBreaches(room: Room): string[] {
  const { manifest } = room;
  if (!(room.name in ARROWS)) return [`${room.folder}: the room "${room.name}" is not in the picture`];
  if (manifest.private) return [];
  const published = Object.keys(manifest.dependencies ?? {});
  const isApp = room.folder.startsWith('apps/');
  return published.flatMap((name) => {
    const target = name.startsWith('@leibniz/') ? name.slice('@leibniz/'.length) : undefined;
    if (target === undefined) {
      return isApp
        ? []
        : [`${room.folder}/package.json: a required dependency outside the workspace: ${name}`];
    }
    return mayImport(room, target)
      ? []
      : [`${room.folder}/package.json: the arrow ${room.name} -> ${target} is not in the picture`];
  });
}

function importBreaches(room: Room): string[] {
  const { dependencies, devDependencies, peerDependencies } = room.manifest;
  const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
  const declaredForTests = new Set([...declared, ...Object.keys(devDependencies ?? {}), ...TEST_LIBRARIES]);
  return room.files.flatMap((file) =>
    importsOf(file.text).flatMap((specifier) => {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) return [];
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      const target = name.startsWith('@leibniz/') ? name.slice('@leibniz/'.length) : undefined;
      const relaxed = isTest(file.path) || room.manifest.private === true;
      const breach = (why: string) => [`${file.path}: imports ${specifier}, ${why}`];
      if (name === room.manifest.name) return [];
      if (!(relaxed ? declaredForTests : declared).has(name))
        return breach('which its package.json does not declare');
      if (target === undefined) return [];
      if (isTest(file.path) && target === 'gradcheck') return [];
      if (!mayImport(room, target)) return breach(`an arrow that is not in the picture`);
      if (
        room.name === 'symbolic' &&
        target === 'kernels' &&
        !isTest(file.path) &&
        !KERNELS_FROM_SYMBOLIC.test(file.path)
      ) {
        return breach('which only the subpath ./compile may load');
      }
      return [];
    }),
  );
}

/** Cycles of relative imports, each named once by its first file. */
function cycles(rooms: readonly Room[]): string[] {
  const files = new Map(
    rooms.flatMap((room) => room.files.map((file) => [resolve(file.path), file] as const)),
  );
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const targetsOf = (path: string) =>
    importsOf(files.get(path)!.text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => resolve(dirname(path), specifier))
      .filter((target) => files.has(target));
  for (const start of files.keys()) {
    if (state.has(start)) continue;
    const stack = [{ path: start, targets: targetsOf(start) }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const target = top.targets.pop();
      if (target === undefined) {
        state.set(top.path, 'done');
        stack.pop();
      } else if (state.get(target) === 'open') {
        const loop = stack
          .slice(stack.findIndex((frame) => frame.path === target))
          .map((frame) => relative('.', frame.path));
        found.push(`a cycle of imports: ${[...loop, loop[0]].join(' -> ')}`);
      } else if (!state.has(target)) {
        state.set(target, 'open');
        stack.push({ path: target, targets: targetsOf(target) });
      }
    }
  }
  return found;
}

/** Reads the rooms of the workspace at `root`, which must be the current folder. */
export function readRooms(): Room[] {
  const children = (folder: string) => readdirSync(folder, { withFileTypes: true });
  const folders = [
    ...['packages', 'apps'].flatMap((group) =>
      children(group)
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${group}/${entry.name}`),
    ),
    'examples',
  ];
  return folders.map((folder) => ({
    name: folder.split('/').at(-1)!,
    folder,
    manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest,
    files: sourceFiles(folder).map((path) => ({ path, text: readFileSync(path, 'utf8') })),
  }));
}

const SKIPPED = new Set(['node_modules', 'dist', '.examples', '.turbo', 'runs']);

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : sourceFiles(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = breaches(readRooms());
  for (const line of found) console.error(line);
  console.log(
    found.length === 0 ? 'Arrows: every import is in the picture.' : `Arrows: ${found.length} breaches.`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}
