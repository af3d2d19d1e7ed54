// What a written-out example imports, and the program that runs a list of them in a process of their own.
import { fileURLToPath } from 'node:url';
import { format, inspect } from 'node:util';

/** An expectation that did not hold, where it stands in the document. */
export interface Failure {
  readonly where: string;
  readonly expected: string;
  readonly actual: string;
}

/** What the process tells the one that started it. */
export type Report = { readonly failure: Failure } | { readonly checks: number };

type Expression = () => unknown;

let checks = 0;

/** Expects that `expression` prints, or else gives, `expected`. */
export async function gives(expression: Expression, expected: string, where: string): Promise<void> {
  const outcome = await evaluated(expression);
  if (outcome.error !== undefined) report(where, expected, `throws ${outcome.error}`);
  else if (!isShownAs(expected, outcome)) report(where, expected, outcome.text);
}

/** Expects that `expression` throws an error whose `Name: message` starts with `expected`. */
export async function throws(expression: Expression, expected: string, where: string): Promise<void> {
  const { error = 'nothing is thrown' } = await evaluated(expression);
  if (!error.startsWith(expected)) report(where, `throws ${expected}`, error);
}

interface Outcome {
  readonly text: string;
  readonly isLiteral: boolean;
  readonly error?: string;
}

async function evaluated(expression: Expression): Promise<Outcome> {
  checks += 1;
  const { log } = console;
  const printed: string[] = [];
  console.log = (...values: unknown[]) => void printed.push(format(...values));
  try {
    const value = await expression();
    if (printed.length > 0) return { text: printed.join('\n'), isLiteral: true };
    return { text: typeof value === 'string' ? value : inspect(value), isLiteral: typeof value === 'string' };
  } catch (error) {
    return { text: '', isLiteral: true, error: described(error) };
  } finally {
    console.log = log;
  }
}

/** Text must be the same to the letter, but for spaces at the ends of lines; other values wherever their lines break. */
function isShownAs(expected: string, { text, isLiteral }: Outcome): boolean {
  const tidy = isLiteral
    ? (shown: string) => shown.replace(/[ \t]+$/gm, '').replace(/\n+$/, '')
    : (shown: string) => shown.replace(/\s+/g, ' ').trim();
  return tidy(text) === tidy(expected);
}

const described = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);

function report(where: string, expected: string, actual: string): void {
  send({ failure: { where, expected, actual } });
}

const send = (message: Report) => void process.send?.(message);

async function main(modules: readonly [where: string, path: string][]): Promise<void> {
  for (const [where, path] of modules) {
    try {
      await import(path);
    } catch (error) {
      const actual = error instanceof Error ? (error.stack ?? described(error)) : inspect(error);
      report(where, 'the example runs', actual);
    }
  }
  send({ checks });
}

// Not awaited at the top: the examples import this module, and would wait for it while it waits for them.
if (process.argv[1] === fileURLToPath(import.meta.url)) void main(JSON.parse(process.argv[2]!));
