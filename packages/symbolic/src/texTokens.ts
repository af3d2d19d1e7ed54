// TeX as another spelling of the tokens of a text, so that both are read by one parser.

import { ParseError, visible } from './errors.ts';
import { FUNCTIONS } from './functions.ts';
import { GREEK, GREEK_NAMES } from './greek.ts';
import { expectShort, type Token } from './tokens.ts';

const LEXEME =
  /(?:\s|~|\\[,;:! ]|\\q?quad(?![a-zA-Z]))+|(?<number>\d+\.?\d*|\.\d+)|(?<command>\\[a-zA-Z]+|\\\\)|(?<character>[\s\S])/uy;

/** Commands and characters that are spelled otherwise in a text; an empty one has no meaning. */
const SPELLINGS: Readonly<Record<string, string>> = {
  '\\cdot': '*',
  '\\times': '*',
  '\\div': '/',
  '\\le': '<=',
  '\\leq': '<=',
  '\\ge': '>=',
  '\\geq': '>=',
  '\\lt': '<',
  '\\gt': '>',
  '\\ne': '!=',
  '\\neq': '!=',
  '\\land': 'and',
  '\\wedge': 'and',
  '\\lor': 'or',
  '\\vee': 'or',
  '\\lnot': 'not',
  '\\neg': 'not',
  '\\left': '',
  '\\right': '',
  '\\displaystyle': '',
  '\\limits': '',
};

/** Delimiters, spelled as they stand after \left and \right. */
const DELIMITERS: Readonly<Record<string, readonly string[]>> = {
  '\\left|': ['abs', '('],
  '\\lvert': ['abs', '('],
  '\\left\\lvert': ['abs', '('],
  '\\lfloor': ['floor', '('],
  '\\left\\lfloor': ['floor', '('],
  '\\lceil': ['ceil', '('],
  '\\left\\lceil': ['ceil', '('],
  '\\right|': [')'],
  '\\rvert': [')'],
  '\\right\\rvert': [')'],
  '\\rfloor': [')'],
  '\\right\\rfloor': [')'],
  '\\rceil': [')'],
  '\\right\\rceil': [')'],
  '\\left[': ['('],
  '\\right]': [')'],
};

const NAME = String.raw`(?:\\(?:mathrm|mathit|text|operatorname)\s*\{[^{}]*\}|\\[a-zA-Z]+|\p{L})`;
const PATTERNS = {
  delimiter:
    /\\(?:left|right)\s*(?:\||\[|\]|\\lvert|\\rvert|\\lfloor|\\rfloor|\\lceil|\\rceil)|\\[lr](?:vert|floor|ceil)(?![a-zA-Z])/uy,
  derivative: /\\[dt]?frac\s*\{\s*(?:d|\\partial)\s*(?:\^[^{}]*)?\}\s*\{\s*(?:d|\\partial)\s*\p{L}/uy,
  partials: /(?:\\partial\s*_\{?\d+\}?\s*)+/uy,
  digits: /\{\s*(\d+)\s*\}|(\d)/uy,
  joined: new RegExp(String.raw`\{\s*(${NAME})\s*\}\s*_\s*\{(\d+)\}`, 'uy'),
  word: /\\(?:mathrm|mathit|operatorname|text)\s*\{([^{}]*)\}/uy,
  subscript: /\s*_\s*(?:\{([\p{L}\d]+)\}|([\p{L}\d]))/uy,
  caret: /\s*\^\s*(?=\S)/uy,
  primes: /'+/y,
  environment: /\\(?:begin|end)\s*\{(cases|aligned|align\*?)\}/uy,
  logBase: /\s*_\s*(?:\{\s*(2|10|e)\s*\}|(2|e))/uy,
  parenthesis: /\s*(?:\\left\s*)?\(/uy,
  brace: /\s*\{/uy,
  bracket: /\s*\[/uy,
  gamma: /\s*\\Gamma(?![a-zA-Z])/uy,
  polygamma: /\\psi\s*\^\s*\{\s*\(/uy,
  afterOrder: /\s*\)\s*\}\s*(?:\\left\s*)?\(/uy,
  dash: /\s*-/uy,
} as const;

/** What ends the argument of a function that is written without parentheses. */
const ENDS_ARGUMENT =
  /^(?:[-+=<>,;)}\]&|/(*:]|\\(?:right|left|cdot|times|div|l[et]q?|g[et]q?|neq?|land|lor|wedge|vee|end|\\|[lr](?:vert|floor|ceil)|operatorname|text)(?![a-zA-Z])|\\\\)/u;

/** Something begun that is not yet ended. `one` ends after one item, `run` where an argument does. */
interface Frame {
  readonly closer: '}' | ']' | ')' | 'one' | 'run' | 'cases';
  readonly start: number;
  readonly finish: () => void;
  readonly cells?: Token[][];
}

class TexReader {
  private readonly text: string;
  private readonly out: Token[] = [];
  private readonly frames: Frame[] = [];
  private index = 0;
  private at = 0;

  constructor(text: string) {
    expectShort(text);
    this.text = text;
  }

  tokens(): Token[] {
    while (this.settle()) this.step();
    if (this.frames.length > 0) throw this.error(`Expected "${this.frames.at(-1)!.closer}"`);
    this.emit('end', '');
    return this.out;
  }

  /** Ends what ends by itself here; whether there is more to read. */
  private settle(): boolean {
    for (;;) {
      const frame = this.frames.at(-1);
      const isFresh = frame?.start === this.out.length;
      const rest = this.text.slice(this.index, this.index + 20).trimStart();
      const isOver =
        (frame?.closer === 'one' && !isFresh) ||
        (frame?.closer === 'run' && !isFresh && (rest === '' || this.endsArgument(rest)));
      if (!isOver) return this.index < this.text.length;
      this.frames.pop();
      frame!.finish();
    }
  }

  private endsArgument(rest: string): boolean {
    const [, command = ''] = /^\\([a-zA-Z]+)/.exec(rest) ?? [];
    return (
      ENDS_ARGUMENT.test(rest) || (FUNCTIONS.has(command) && !GREEK_NAMES.has(command) && command !== 'sqrt')
    );
  }

  private step(): void {
    this.at = this.index;
    if (this.special()) return;
    const match = this.match(LEXEME)!;
    const { number, command, character } = match.groups!;
    if (number !== undefined) this.number(number);
    else if (command !== undefined) this.command(command);
    else if (character !== undefined) this.character(character);
  }

  /** In `\frac12` and `x^23`, each argument is one digit. */
  private number(text: string): void {
    const isOne = this.frames.at(-1)?.closer === 'one';
    if (isOne) this.index = this.at + 1;
    this.emit('number', isOne ? text[0]! : text);
  }

  /** Pieces that are longer than a lexeme; whether there was one. */
  private special(): boolean {
    if (this.match(PATTERNS.derivative)) {
      throw this.error('A derivative cannot be read', 'derivatives are taken by diff');
    }
    const delimiter = this.match(PATTERNS.delimiter);
    if (delimiter) {
      for (const text of DELIMITERS[delimiter[0].replace(/\s/g, '')] ?? []) {
        this.emit(/^\w/.test(text) ? 'name' : 'mark', text);
      }
      return true;
    }
    const environment = this.match(PATTERNS.environment);
    if (environment) {
      this.environment(environment[0].startsWith('\\begin'), environment[1]!);
      return true;
    }
    if (this.match(PATTERNS.polygamma)) {
      this.polygamma();
      return true;
    }
    const partials = this.match(PATTERNS.partials);
    if (partials) {
      this.name(this.nameText(), [...partials[0].matchAll(/\d+/g)].map(([digits]) => `'${digits}`).join(''));
      return true;
    }
    const joined = this.match(PATTERNS.joined);
    if (!joined) return false;
    this.name(wordOf(joined[1]!) + joined[2]!, '');
    return true;
  }

  private polygamma(): void {
    this.emit('name', 'polygamma');
    this.emit('mark', '(');
    this.frame(')', () => {
      this.index--;
      if (!this.match(PATTERNS.afterOrder))
        throw this.error('Expected the argument of \\psi', 'write \\psi^{(n)}(x)');
      this.emit('mark', ',');
    });
  }

  private environment(begins: boolean, name: string): void {
    const frame = this.frames.at(-1);
    if (name !== 'cases') return;
    if (begins) {
      this.frames.push({ closer: 'cases', start: this.out.length, finish: () => {}, cells: [[]] });
    } else {
      if (frame?.closer !== 'cases') throw this.error('Unexpected "\\end{cases}"');
      this.frames.pop();
      this.cell(frame);
      this.cases(frame.cells!.filter((cell) => cell.length > 0));
    }
  }

  /** Moves what was written since the last cell into the last cell. */
  private cell({ start, cells }: Frame): void {
    cells!.at(-1)!.push(...this.out.splice(start));
  }

  /** where(condition, value, …): the last row holds everywhere else. */
  private cases(cells: readonly Token[][]): void {
    const rows = Math.floor(cells.length / 2);
    for (let row = 0; row < rows; row++) {
      const [value, condition] = [cells[2 * row]!, cells[2 * row + 1]!];
      const isLast = row === rows - 1;
      const isOtherwise = condition.length === 1 && condition[0]!.text === 'otherwise';
      if (isLast !== isOtherwise || cells.length % 2 === 1) {
        throw this.error(
          'Cases need \\text{otherwise} in the last row',
          'and a condition in every other row',
        );
      }
      if (isLast) this.group(value);
      else {
        this.emit('name', 'where');
        this.emit('mark', '(');
        this.group(condition);
        this.emit('mark', ',');
        this.group(value);
        this.emit('mark', ',');
      }
    }
    for (let row = 1; row < rows; row++) this.emit('mark', ')');
  }

  private group(tokens: readonly Token[]): void {
    this.emit('mark', '(');
    for (const token of tokens) this.out.push(token);
    this.emit('mark', ')');
  }

  private command(command: string): void {
    const word = command.slice(1);
    if (Object.hasOwn(SPELLINGS, command)) {
      if (SPELLINGS[command]) this.emit('mark', SPELLINGS[command]);
    } else if (command === '\\\\') this.nextRow();
    else if (/^[dt]?frac$/.test(word)) this.fraction();
    else if (word === 'sqrt') this.root();
    else if (['mathrm', 'mathit', 'operatorname', 'text'].includes(word)) this.word();
    else if (GREEK_NAMES.has(word) || word === 'pi') this.name(word, '', true);
    else if (FUNCTIONS.has(word)) this.functionCall(word);
    else throw this.error(`Unknown command "${visible(command)}"`, 'see parseTex for what is read');
  }

  private nextRow(): void {
    const frame = this.frames.at(-1);
    if (frame?.closer === 'cases') this.nextCell(frame);
    else this.emit('mark', ';');
  }

  private nextCell(frame: Frame): void {
    this.cell(frame);
    frame.cells!.push([]);
  }

  private fraction(): void {
    this.marks('((');
    this.argument(() => {
      this.marks(')/(');
      this.argument(() => this.marks('))'));
    });
  }

  private root(): void {
    if (!this.match(PATTERNS.bracket)) {
      this.applied('sqrt', []);
      return;
    }
    const start = this.out.length;
    this.frame(']', () => {
      const degree = this.out.splice(start);
      if (degree.length === 1 && degree[0]!.text === '3') this.applied('cbrt', []);
      else this.applied('root', [{ type: 'mark', text: ',', index: this.at }, ...degree]);
    });
  }

  private applied(name: string, further: readonly Token[]): void {
    this.emit('name', name);
    this.emit('mark', '(');
    this.argument(() => {
      this.out.push(...further);
      this.emit('mark', ')');
    });
  }

  private word(): void {
    this.index = this.at;
    const match = this.match(PATTERNS.word);
    if (!match) throw this.error('Expected a name in braces');
    const word = match[1]!.replaceAll('\\_', '_').trim();
    if (word === '' || word === 'if' || word === 'for') return;
    if (word === 'and' || word === 'or') this.emit('mark', word);
    else if (/^(?:otherwise|else)$/.test(word)) this.emit('mark', 'otherwise');
    else if (!/^[\p{L}_][\p{L}\d_]*$/u.test(word)) throw this.error(`Unexpected "${visible(word)}"`);
    else if (FUNCTIONS.has(word)) this.functionCall(word);
    else this.name(word, '');
  }

  private functionCall(command: string): void {
    let name = command;
    if (command === 'log') {
      const base = this.match(PATTERNS.logBase);
      if (base) name = { 2: 'log2', 10: 'log10', e: 'log' }[(base[1] ?? base[2]) as '2' | '10' | 'e'];
      else if (this.match(PATTERNS.gamma)) name = 'lgamma';
    }
    if (/^\s*_/.test(this.text.slice(this.index, this.index + 9))) {
      throw this.error('A logarithm to this base cannot be read', 'write \\frac{\\log x}{\\log b}');
    }
    this.emit('name', name);
    if (this.match(PATTERNS.caret)) {
      const exponent = this.match(PATTERNS.digits);
      if (!exponent)
        throw this.error(
          `Ambiguous power of \\${command}`,
          `write \\left(\\${command} x\\right)^{…}, or \\arc… for the inverse`,
        );
      this.emit('mark', '^');
      this.emit('number', exponent[1] ?? exponent[2]!);
    }
    if (this.sees(PATTERNS.parenthesis)) return;
    this.emit('mark', '(');
    const close = () => this.emit('mark', ')');
    if (this.match(PATTERNS.brace)) this.frame('}', close);
    else {
      if (this.match(PATTERNS.dash)) this.emit('mark', '-');
      this.frame('run', close);
    }
  }

  /** A name that was written as a command or a letter, with its subscript and primes. */
  private name(stem: string, indices: string, letter = [...stem].length === 1): void {
    const subscript = this.match(PATTERNS.subscript);
    const primes = this.match(PATTERNS.primes)?.[0] ?? '';
    const text = stem + (subscript ? `_${subscript[1] ?? subscript[2]}` : '') + indices + primes;
    this.out.push({ type: 'name', text, index: this.at, letter: letter && primes === '' && indices === '' });
  }

  private nameText(): string {
    const match = this.match(new RegExp(NAME, 'uy'));
    if (!match) throw this.error('Expected a name');
    return wordOf(match[0]);
  }

  private character(character: string): void {
    const frame = this.frames.at(-1);
    if (character === frame?.closer) {
      this.frames.pop();
      frame.finish();
    } else if (character === '{') {
      this.emit('mark', '(');
      this.frame('}', () => this.emit('mark', ')'));
    } else if (character === '^') {
      this.marks('^(');
      this.argument(() => this.emit('mark', ')'));
    } else if (character === '&') {
      if (frame?.closer === 'cases') this.nextCell(frame);
    } else if (character === ':' && this.text[this.index] === '=') {
      this.index++;
      this.emit('mark', ':=');
    } else if (/\p{L}/u.test(character)) this.name(GREEK.get(character) ?? character, '', true);
    else if (/[-+*/(),<>=!|;]/.test(character)) this.emit('mark', character);
    else throw this.error(`Unexpected "${visible(character)}"`);
  }

  /** Reads a group in braces, or one item, and goes on with `finish`. */
  private argument(finish: () => void): void {
    this.frame(this.match(PATTERNS.brace) ? '}' : 'one', finish);
  }

  private frame(closer: Frame['closer'], finish: () => void): void {
    this.frames.push({ closer, start: this.out.length, finish });
  }

  private marks(text: string): void {
    for (const mark of text) this.emit('mark', mark);
  }

  private emit(type: Token['type'], text: string): void {
    this.out.push({ type, text, index: Math.min(this.at, this.text.length) });
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.index;
    const match = pattern.exec(this.text);
    if (match) this.index = pattern.lastIndex;
    return match;
  }

  private sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.index;
    return pattern.test(this.text);
  }

  private error(problem: string, hint?: string): ParseError {
    return new ParseError(problem, this.text, Math.min(this.at, this.text.length), hint);
  }
}

const wordOf = (written: string) =>
  written
    .replace(/^\\(?:mathrm|mathit|text|operatorname)\s*\{([^{}]*)\}$/, '$1')
    .replace(/^\\/, '')
    .replaceAll('\\_', '_');

export const texTokens = (text: string): Token[] => new TexReader(text).tokens();
