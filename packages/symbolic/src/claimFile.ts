// Files of claimed derivatives: one a line, as `d/dx FORMULA = CLAIM`, or JSON.

import type { EqualOptions } from './equal.ts';
import { type ParseError, SymbolicError, visible } from './errors.ts';
import { parse } from './parse.ts';
import { type Verification, verify } from './verify.ts';

/** A claim as the file has it. */
export interface FiledClaim {
  /** The line of the file, or the number of the entry of a JSON array, from 1. */
  readonly line: number;
  readonly formula: string;
  readonly claim: string;
  readonly wrt: string;
  readonly order: number;
  readonly assume?: EqualOptions['assume'];
}

/** What became of a claim. */
export type CheckedClaim =
  | { readonly line: number; readonly verdict: 'unparsable'; readonly error: string }
  | ({
      readonly line: number;
      readonly formula: string;
      readonly claim: string;
      readonly wrt: string;
    } & Verification);

/** The claims of a file and the lines that are none. */
export type ReadClaim = FiledClaim | { readonly line: number; readonly error: string };

const HEAD = /^d(?:\^?(\d{1,3}))?\s*\/\s*d\s*([A-Za-z]\w*)(?:\^?\d{1,3})?\s+(.+)$/;

/** Reads a file of claims. Empty lines and those that begin with # say nothing. */
export function readClaims(text: string): ReadClaim[] {
  if (/^\s*\[/.test(text)) return readJson(text);
  return text.split(/\r?\n/).flatMap((line, i): ReadClaim[] => {
    const bare = line.trim();
    return bare === '' || bare.startsWith('#') ? [] : [readLine(bare, i + 1)];
  });
}

function readLine(text: string, line: number): ReadClaim {
  const [, order = '1', wrt, equation] = HEAD.exec(text) ?? [];
  const at = equation === undefined ? -1 : equalsSign(equation);
  if (wrt === undefined || equation === undefined || at < 0)
    return { line, error: `Cannot read ${visible(text)}: a claim is written d/dx FORMULA = CLAIM` };
  return {
    line,
    wrt,
    order: Number(order),
    formula: equation.slice(0, at).trim(),
    claim: equation.slice(at + 1).trim(),
  };
}

/** The equals sign outside all brackets, or else the first, which is not part of a comparison. */
function equalsSign(text: string): number {
  let depth = 0;
  let first = -1;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i]!)) depth++;
    else if (')]}'.includes(text[i]!)) depth--;
    else if (text[i] === '=' && !/[<>!=]/.test(text[i - 1] ?? '') && text[i + 1] !== '=') {
      if (depth === 0) return i;
      if (first < 0) first = i;
    }
  }
  return first;
}

function readJson(text: string): ReadClaim[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (error) {
    return [{ line: 1, error: `Cannot read the JSON: ${(error as Error).message}` }];
  }
  return (entries as unknown[]).map((entry, i): ReadClaim => {
    const { formula, claim, wrt = 'x', order = 1, assume } = (entry ?? {}) as Partial<FiledClaim>;
    if (typeof formula !== 'string' || typeof claim !== 'string' || typeof wrt !== 'string')
      return {
        line: i + 1,
        error: 'An entry needs the texts formula and claim, and may have wrt, order and assume',
      };
    return { line: i + 1, formula, claim, wrt, order, ...(assume && { assume }) };
  });
}

/** Verifies one claim of a file. */
export function checkClaim(read: ReadClaim): CheckedClaim {
  const { line } = read;
  if ('error' in read) return { line, verdict: 'unparsable', error: read.error };
  const { formula, claim, wrt, order, assume } = read;
  try {
    const options = { wrt, order, ...(assume && { assume }) };
    return { line, formula, claim, wrt, ...verify(parse(formula), parse(claim), options) };
  } catch (error) {
    if (!(error instanceof SymbolicError)) throw error;
    return { line, verdict: 'unparsable', error: (error as ParseError).message };
  }
}

export const EXIT_OF = { proved: 0, refuted: 1, unparsable: 2, unknown: 3 } as const;

type FiledVerdict = keyof typeof EXIT_OF;

/** The worst of the verdicts, as an exit code: any 2, else any 1, else any 3. */
export function exitOfAll(verdicts: readonly FiledVerdict[]): number {
  const worst = (['unparsable', 'refuted', 'unknown'] as const).find((verdict) => verdicts.includes(verdict));
  return EXIT_OF[worst ?? 'proved'];
}

/** The lines on the claims that are not proved, and the table of all. */
export function* summaryLines(checked: readonly CheckedClaim[]): Generator<string> {
  for (const found of checked) {
    if (found.verdict === 'unparsable') yield `line ${found.line}: unparsable: ${found.error.split('\n')[0]}`;
    else if (found.verdict !== 'proved') {
      yield `line ${found.line}: ${found.verdict}: d/d${found.wrt} ${found.formula} = ${found.claim}`;
      yield `  derivative  ${found.derivative}`;
      if (found.hint) yield `  hint: ${found.hint}`;
    }
  }
  for (const verdict of Object.keys(EXIT_OF)) {
    const count = checked.filter((found) => found.verdict === verdict).length;
    yield `${verdict.padEnd(10)} ${String(count).padStart(6)}`;
  }
}
