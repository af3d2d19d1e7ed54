// The errors of this package. Each has a stable `code`; messages stay under 300 characters.

/** Anything wrong that this package says of its input. */
export class SymbolicError extends Error {
  override readonly name: string = 'SymbolicError';
  readonly code: string = 'ERR_SYMBOLIC';
}

/** The text is not an expression; `index` counts UTF-16 units from 0, `line` and `column` from 1. */
export class ParseError extends SymbolicError {
  override readonly name: string = 'ParseError';
  override readonly code: string = 'ERR_SYMBOLIC_PARSE';
  readonly index: number;
  readonly line: number;
  readonly column: number;
  readonly hint: string | undefined;

  constructor(problem: string, text: string, index: number, hint?: string) {
    const before = text.slice(0, index).split('\n');
    const column = before.at(-1)!.length + 1;
    super(
      `${problem} at line ${before.length}, column ${column}${hint ? `: ${hint}` : ''}\n${caret(text, index)}`,
    );
    this.index = index;
    this.line = before.length;
    this.column = column;
    this.hint = hint;
  }
}

/** A call of a function that is neither in the table nor declared. */
export class UnknownFunctionError extends ParseError {
  override readonly name = 'UnknownFunctionError';
  override readonly code = 'ERR_SYMBOLIC_UNKNOWN_FUNCTION';
}

/** A variable without a value. */
export class UnboundSymbolError extends SymbolicError {
  override readonly name = 'UnboundSymbolError';
  override readonly code = 'ERR_SYMBOLIC_UNBOUND';
  readonly symbol: string;
  constructor(symbol: string) {
    super(`Cannot evaluate: the variable ${visible(symbol)} has no value; give it one in the bindings`);
    this.symbol = symbol;
  }
}

/** A bound on work or size was met. */
export class LimitError extends SymbolicError {
  override readonly name = 'LimitError';
  override readonly code = 'ERR_SYMBOLIC_LIMIT';
  readonly limit: string;
  constructor(limit: string, allowed: number, found: number | string) {
    super(`Cannot go on: ${limit} is limited to ${allowed}, found ${found}`);
    this.limit = limit;
  }
}

/** An operation that has no meaning for the expression it was given. */
export class DomainError extends SymbolicError {
  override readonly name = 'DomainError';
  override readonly code = 'ERR_SYMBOLIC_DOMAIN';
}

/** Control and formatting characters written out as U+…, and never more than 60 characters of input. */
export function visible(text: string): string {
  const shown = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  return shown.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

/** The neighbourhood of a position with a caret below it. */
function caret(text: string, index: number): string {
  const start = Math.max(text.lastIndexOf('\n', index - 1) + 1, index - 25);
  const end = text.indexOf('\n', index);
  const line = text.slice(start, Math.min(end === -1 ? text.length : end, index + 25));
  const before = visible(line.slice(0, index - start));
  return `  ${before}${visible(line.slice(index - start))}\n  ${' '.repeat(before.length)}^`;
}

/** The nearest of the names, if one is near enough to be what was meant. */
export function suggestion(name: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = name.length <= 4 ? 2 : 3;
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** How many insertions, deletions, substitutions and swaps of neighbours turn one text into the other. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substituted, previous[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, older[j - 2]! + 1);
      row.push(cost);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length]!;
}
