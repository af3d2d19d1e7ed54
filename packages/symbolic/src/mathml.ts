import { ops } from '@leibniz/ops';
import { GREEK_LETTERS } from './greek.ts';
import { type Input, toExpr } from './input.ts';
import { grouped, type Piece, type Style, written } from './layout.ts';
import { LEVEL } from './precedence.ts';

const row = (...parts: readonly string[]) => `<mrow>${parts.join('')}</mrow>`;
const operator = (sign: string) => `<mo>${sign}</mo>`;
const INVISIBLE_TIMES = operator('&#x2062;');
const APPLY_FUNCTION = operator('&#x2061;');

const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => ESCAPES[character]!);

/** x, α, loss; x with the subscript 1 for x_1 and x1. */
function name(text: string): string {
  const [, stem = text, index] = /^(\p{L}+)_?(\d+)$/u.exec(text) ?? [];
  const body = `<mi>${escaped(GREEK_LETTERS.get(stem) ?? stem)}</mi>`;
  return index ? `<msub>${body}<mn>${index}</mn></msub>` : body;
}

const style: Style = {
  integer: (value) => `<mn>${value}</mn>`,
  name,
  parenthesised: (text) => row(operator('('), text, operator(')')),
  sum: (terms) =>
    row(
      ...terms.map(
        ({ negative, text }, i) => (negative ? operator('&#x2212;') : i > 0 ? operator('+') : '') + text,
      ),
    ),
  product: (factors) =>
    row(
      ...factors.map(
        (factor, i) =>
          (i === 0 ? '' : factor.startsWith('<mn>') ? operator('&#x22C5;') : INVISIBLE_TIMES) + factor,
      ),
    ),
  fraction: (above, below) => ({
    text: `<mfrac>${above.text}${below.text}</mfrac>`,
    level: LEVEL.product,
    degree: above.degree - below.degree,
  }),
  power: (base, exponent) => `<msup>${base}${exponent.text}</msup>`,
  root: (_, radicand) => `<msqrt>${radicand.text}</msqrt>`,
  call: writeCall,
};

/** The signs between the arguments of comparisons and connectives. */
const INFIX: Readonly<Record<string, readonly [sign: string, level: number]>> = {
  less: ['&lt;', LEVEL.compare],
  lessEqual: ['&#x2264;', LEVEL.compare],
  equal: ['=', LEVEL.compare],
  notEqual: ['&#x2260;', LEVEL.compare],
  and: ['&#x2227;', LEVEL.and],
  or: ['&#x2228;', LEVEL.or],
};

const fenced = (left: string, right: string) => (x: string) => row(operator(left), x, operator(right));

/** Calls that are not written as a name before parentheses. */
const FORMS: Readonly<Record<string, (...args: string[]) => string>> = {
  abs: fenced('|', '|'),
  floor: fenced('&#x230A;', '&#x230B;'),
  ceil: fenced('&#x2308;', '&#x2309;'),
  exp: (x) => `<msup><mi>e</mi>${x}</msup>`,
  cbrt: (x) => `<mroot>${x}<mn>3</mn></mroot>`,
  where: (condition, a, b) =>
    row(
      operator('{'),
      `<mtable><mtr><mtd>${a}</mtd><mtd>${condition}</mtd></mtr>` +
        `<mtr><mtd>${b}</mtd><mtd><mtext>otherwise</mtext></mtd></mtr></mtable>`,
    ),
};

/** Functions whose name is more than letters. */
const HEADS: Readonly<Record<string, string>> = {
  log2: '<msub><mi>log</mi><mn>2</mn></msub>',
  log10: '<msub><mi>log</mi><mn>10</mn></msub>',
  gamma: '<mi>Γ</mi>',
  lgamma: '<mrow><mi>log</mi><mi>Γ</mi></mrow>',
  digamma: '<mi>ψ</mi>',
  sigmoid: '<mi>σ</mi>',
};

const ENTRIES: Readonly<Record<string, { readonly tex: string }>> = { ...ops.unary, ...ops.binary };

/** The name that TeX writes, as in arcsin, or the function's own. */
const headOf = (call: string) =>
  HEADS[call] ??
  `<mi>${escaped(/^\\(?:operatorname\{)?([a-z0-9]+)/.exec(ENTRIES[call]?.tex ?? '')?.[1] ?? call)}</mi>`;

function writeCall(call: string, args: readonly Piece[]): Piece {
  const infix = INFIX[call];
  if (infix) {
    const [sign, level] = infix;
    const text = row(args.map((arg) => grouped(style, arg, level + 0.5)).join(operator(sign)));
    return { text, level, degree: 0 };
  }
  if (call === 'not') {
    const text = row(operator('&#xAC;'), grouped(style, args[0]!, LEVEL.not + 0.5));
    return { text, level: LEVEL.not, degree: 0 };
  }
  const texts = args.map(({ text }) => text);
  const form = Object.hasOwn(FORMS, call) ? FORMS[call] : undefined;
  if (form) return { text: form(...texts), level: LEVEL.power, degree: 0 };
  const list = row(operator('('), texts.join(operator(',')), operator(')'));
  return { text: row(headOf(call), APPLY_FUNCTION, list), level: LEVEL.power, degree: 0 };
}

/**
 * Presentation MathML for browsers: one `math` element. Parts that a large expression shares are defined first, in
 * the rows of a table.
 *
 * @example
 * import { toMathml } from '@leibniz/symbolic';
 * toMathml('x^2'); // => <math><msup><mi>x</mi><mn>2</mn></msup></math>
 */
export function toMathml(e: Input): string {
  const { definitions, text } = written(toExpr(e), style);
  if (definitions.length === 0) return `<math>${text}</math>`;
  const rows = definitions.map(([shared, value]) => row(shared, operator(':='), value));
  const cells = [...rows, text].map((line) => `<mtr><mtd>${line}</mtd></mtr>`);
  return `<math><mtable>${cells.join('')}</mtable></math>`;
}
