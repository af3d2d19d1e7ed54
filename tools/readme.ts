// Runs the examples of the documents: every ```ts block of every README.md, and every @example of a doc comment.
// Usage: node tools/readme.ts [folder of a package ...]
//
// How an example states what it gives:
//
//   expression;               // => value                  what is printed, or else the value, is shown so
//   expression;               // throws Name: message      an error is thrown whose text starts so
//   expression;
//   // => first line          the expectation may stand below, and go on for several lines
//   // => second line
//
// Strings are shown raw, without quotes, and compared to the letter; everything else as node:util's inspect shows it,
// wherever the lines break. A promise is awaited. An expectation belongs to a whole statement of the example, not to
// one inside a function. Each block is a module of its own. A block that must not run is fenced ```ts no-run.
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import type { Failure, Report } from './example.ts';

const RUNTIME = new URL('example.ts', import.meta.url);

/** The code of one example and the line of the document that its first line is. */
export interface Block {
  readonly line: number;
  readonly code: string;
}

/** The ```ts blocks of a Markdown text, except those that are not to run. */
export function markdownBlocks(text: string): Block[] {
  return [...text.matchAll(/^```(?:ts|typescript)[ \t]*(no-run)?[ \t]*\n([\s\S]*?)^```/gm)]
    .filter(([, noRun]) => noRun === undefined)
    .map(({ index, 2: code }) => ({ line: lineAt(text, index) + 1, code: code! }));
}

/** The @example parts of the doc comments of a source text, or the ```ts blocks inside of them. */
export function commentBlocks(text: string): Block[] {
  const comments = [...text.matchAll(/^[ \t]*\/\*\*[\s\S]*?\*\//gm)];
  return comments.flatMap(({ 0: comment, index }) => {
    const bare = comment.replace(/^[ \t]*(\/\*\*|\*\/|\*(?!\/)) ?/gm, '').replace(/\*\/$/, '');
    return [...bare.matchAll(/^@example[^\n]*\n([\s\S]*?)(?=^@\w|(?![\s\S]))/gm)].flatMap((example) => {
      const line = lineAt(text, index) + lineAt(bare, example.index);
      const code = example[1]!;
      if (!code.includes('```')) return [{ line, code }];
      return markdownBlocks(code).map((block) => ({ line: line + block.line - 1, code: block.code }));
    });
  });
}

const lineAt = (text: string, index: number) => text.slice(0, index).split('\n').length;

/** What some comments state, and where the first of them starts. */
interface Expectation {
  readonly kind: 'gives' | 'throws';
  readonly text: string;
  readonly start: number;
}

/**
 * The block as a module that checks its own expectations. Its lines have the numbers that they have in the document,
 * so that the traces of errors point there.
 */
export function instrumented({ line, code }: Block, path: string): string {
  const { program, comments, errors } = parseSync(`${path}.ts`, code);
  if (errors.length > 0) throw new SyntaxError(`${path}:${line}: ${errors[0]!.message}`);
  const statements = program.body.filter((node) => node.type === 'ExpressionStatement');
  let rest = code;
  for (const { kind, text, start } of expectations(code, comments).reverse()) {
    const where = `${path}:${line + lineAt(code, start) - 1}`;
    const statement = statements.findLast(({ end }) => end <= start);
    if (!statement || !/^\s*$/.test(code.slice(statement.end, start))) {
      throw new SyntaxError(`${where}: this expectation does not follow an expression: ${text}`);
    }
    const expression = code.slice(statement.expression.start, statement.expression.end);
    const check = `await example.${kind}(async () => (${expression}), ${JSON.stringify(text)}, '${where}');`;
    rest = rest.slice(0, statement.start) + check + rest.slice(statement.end);
  }
  return `${'\n'.repeat(line - 1)}import * as example from '${RUNTIME}'; ${rest}`;
}

/** The expectations among the comments of `code`, the lines of each joined. */
function expectations(code: string, comments: readonly { value: string; start: number; end: number }[]) {
  const found: Expectation[] = [];
  let end = -1;
  for (const comment of comments) {
    const [, mark, text] = /^ ?(=>|throws(?= [A-Z])) ?([\s\S]*)$/.exec(comment.value) ?? [];
    if (mark === undefined) continue;
    const last = found.at(-1);
    const goesOn =
      mark === '=>' && last?.kind === 'gives' && /^[ \t]*\n[ \t]*$/.test(code.slice(end, comment.start));
    if (goesOn) found[found.length - 1] = { ...last, text: `${last.text}\n${text}` };
    else found.push({ kind: mark === '=>' ? 'gives' : 'throws', text: text!, start: comment.start });
    end = comment.end;
  }
  return found;
}

/** Where the examples of some documents are written to and run: inside a package that may import what they import. */
export interface Room {
  readonly folder: string;
  readonly documents: readonly string[];
}

/** The packages that have examples; those of the front page run where everything may be imported. */
export function rooms(root: string): Room[] {
  const packages = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .sort()
      .map((name) => join(root, group, name)),
  );
  const own = packages.map((folder) => ({
    folder,
    documents: [join(folder, 'README.md'), ...sources(join(folder, 'src'))].filter(existsSync),
  }));
  const front = { folder: join(root, 'examples'), documents: [join(root, 'README.md')].filter(existsSync) };
  return [...own, front].filter(({ documents }) => documents.some((path) => blocksOf(path).length > 0));
}

function sources(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .sort()
    .map((path) => join(folder, path));
}

function blocksOf(path: string): Block[] {
  const text = readFileSync(path, 'utf8');
  return path.endsWith('.md') ? markdownBlocks(text) : commentBlocks(text);
}

export interface Result {
  readonly blocks: number;
  readonly checks: number;
  readonly failures: readonly Failure[];
}

/** Writes the examples of a room to its folder `.examples` and runs them, all in one process. */
export async function runExamples(room: Room): Promise<Result> {
  rmSync(join(room.folder, '.examples'), { recursive: true, force: true });
  const failures: Failure[] = [];
  const modules = room.documents.flatMap((document) =>
    blocksOf(document).flatMap((block) => {
      const path = relative(process.cwd(), document);
      try {
        return [[`${path}:${block.line}`, written(room, document, block, instrumented(block, path))]];
      } catch (error) {
        failures.push({ where: `${path}:${block.line}`, expected: 'an example', actual: String(error) });
        return [];
      }
    }),
  );
  const { checks, failures: found } = await runModules(room.folder, modules);
  return { blocks: modules.length, checks, failures: [...failures, ...found] };
}

/** Writes a module below `.examples`, under the path that its document has in the room (or beside it: `..`). */
function written(room: Room, document: string, block: Block, module: string): string {
  const path = join(
    room.folder,
    '.examples',
    relative(room.folder, document).replaceAll('..', ''),
    `${block.line}.ts`,
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, module);
  return path;
}

const FLAGS = ['--conditions=@leibniz/source', '--disallow-code-generation-from-strings'];
const LIMIT_MS = 120_000;

/** Imports the modules one after the other in a process that is as strict as the tests. */
function runModules(folder: string, modules: readonly string[][]): Promise<Omit<Result, 'blocks'>> {
  const child = fork(RUNTIME, [JSON.stringify(modules)], {
    cwd: folder,
    execArgv: FLAGS,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    timeout: LIMIT_MS,
  });
  const failures: Failure[] = [];
  let checks: number | undefined;
  child.on('message', (report: Report) => {
    if ('failure' in report) failures.push(report.failure);
    else {
      checks = report.checks;
      child.kill();
    }
  });
  return new Promise((done) => {
    child.on('exit', (code, signal) => {
      const ended = `the process ended early, with ${signal ?? `exit code ${code}`}`;
      if (checks === undefined) failures.push({ where: folder, expected: 'the examples run', actual: ended });
      done({ checks: checks ?? 0, failures });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2).map((folder) => resolve(folder));
  const chosen = rooms(process.cwd()).filter(({ folder }) => wanted.length === 0 || wanted.includes(folder));
  let [blocks, checks, failed] = [0, 0, 0];
  for (const room of chosen) {
    const result = await runExamples(room);
    for (const { where, expected, actual } of result.failures) {
      console.error(`${where}\n  expected ${expected}\n  actual   ${actual}`);
    }
    blocks += result.blocks;
    checks += result.checks;
    failed += result.failures.length;
  }
  const outcome = failed === 0 ? 'all as stated' : `${failed} failed`;
  console.log(`Examples: ${blocks} in ${chosen.length} packages with ${checks} expectations, ${outcome}.`);
  process.exitCode = failed === 0 ? 0 : 1;
}
