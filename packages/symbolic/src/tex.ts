import { ops } from '@leibniz/ops';
import { GREEK_NAMES } from './greek.ts';
import { type Input, toExpr } from './input.ts';
import { grouped, type Piece, type Style, written } from './layout.ts';
import { HELD_DERIVATIVE } from './node.ts';
import { LEVEL } from './precedence.ts';

export const style: Style = {
  integer: (value) => `${value}`,
  name: texName,
  parenthesised: (text) => `\\left(${text}\\right)`,
  sum: (terms) =>
    terms
      .map(({ negative, text }, i) =>
        i === 0 ? (negative ? `-${text}` : text) : `${negative ? ' - ' : ' + '}${text}`,
      )
      .join(''),
  product: (factors) =>
    factors
      .map((factor, i) => (i === 0 ? '' : needsDot(factors[i - 1]!, factor) ? ' \\cdot ' : ' ') + factor)
      .join(''),
  fraction: (above, below) => ({
    text: `\\frac{${above.text}}{${below.text}}`,
    level: LEVEL.product,
    degree: above.degree - below.degree,
  }),
  power: (base, exponent) => `${base}^{${exponent.text}}`,
  root: (degree, radicand) => `\\sqrt${degree === 2n ? '' : `[${degree}]`}{${radicand.text}}`,
  call: writeCall,
};

/** Whether two factors side by side would be read as one number, or as a call. */
const needsDot = (text: string, factor: string) =>
  /^[\d-]/.test(factor) ||
  (/(\\(sigma|Gamma|psi)|\\mathrm\{[^{}]*\})$/.test(text) && factor.startsWith('\\left('));

/** x, \alpha, \mathrm{loss}; x_{1} for x_1 and {x}_{1} for x1, which look alike and read back apart. */
export function texName(name: string): string {
  const [, stem = name, underscore, index] = /^(\p{L}+)(_?)(\d+)$/u.exec(name) ?? [];
  const isLetter = /^\p{L}$/u.test(stem);
  const body = GREEK_NAMES.has(stem)
    ? `\\${stem}`
    : isLetter
      ? stem
      : `\\mathrm{${stem.replaceAll('_', '\\_')}}`;
  if (!index) return body;
  return underscore ? `${body}_{${index}}` : `{${body}}_{${index}}`;
}

/** f, f'', and \partial_{1}\partial_{2}f for the derivative of a declared function by two of its arguments. */
function texFunction(name: string): string {
  const [stem, ...indices] = name.split("'");
  const partials = indices.filter((index) => index !== '').map((index) => `\\partial_{${index}}`);
  return partials.join('') + texName(stem!) + "'".repeat(indices.length - partials.length);
}

/** Templates of what is not in the table; `#n` is grouped where needed, `{#n}` never. */
const TEMPLATES: Readonly<Record<string, { readonly tex: string; readonly level: number } | undefined>> = {
  less: { tex: '#1 < #2', level: LEVEL.compare },
  lessEqual: { tex: '#1 \\le #2', level: LEVEL.compare },
  equal: { tex: '#1 = #2', level: LEVEL.compare },
  notEqual: { tex: '#1 \\ne #2', level: LEVEL.compare },
  not: { tex: '\\lnot #1', level: LEVEL.not },
  and: { tex: '#1 \\land #2', level: LEVEL.and },
  or: { tex: '#1 \\lor #2', level: LEVEL.or },
  [HELD_DERIVATIVE]: { tex: '\\frac{d}{d {#2}} \\left[{#1}\\right]', level: LEVEL.product },
  where: { tex: '\\begin{cases}{#2} & {#1} \\\\ {#3} & \\text{otherwise}\\end{cases}', level: LEVEL.atom },
};

const ENTRIES: Readonly<Record<string, { readonly tex: string }>> = { ...ops.unary, ...ops.binary };

function writeCall(name: string, args: readonly Piece[]): Piece {
  const template = TEMPLATES[name];
  if (!template && !Object.hasOwn(ENTRIES, name)) {
    const list = args.map(({ text }) => text).join(', ');
    return { text: `${texFunction(name)}\\left(${list}\\right)`, level: LEVEL.power, degree: 0 };
  }
  const { tex, level } = template ?? { tex: ENTRIES[name]!.tex, level: LEVEL.power };
  const inner = template ? level + 0.5 : LEVEL.atom + 1;
  const text = tex.replace(/\{#(\d)\}|#(\d)/g, (_, braced: string | undefined, bare: string) => {
    const piece = args[Number(braced ?? bare) - 1]!;
    return braced ? piece.text : grouped(style, piece, inner);
  });
  return { text, level, degree: 0 };
}

/**
 * TeX for people and typesetters: fractions, roots and function names as in print. `parseTex` reads it back. Parts
 * that a large expression shares are defined first, in an `aligned` environment.
 *
 * @example
 * import { toTex } from '@leibniz/symbolic';
 * toTex('x^2/sqrt(x + 1)'); // => \frac{x^{2}}{\sqrt{x + 1}}
 */
export function toTex(e: Input): string {
  const { definitions, text } = written(toExpr(e), style);
  if (definitions.length === 0) return text;
  const lines = definitions.map(([name, value]) => `${name} &:= ${value} \\\\`);
  return ['\\begin{aligned}', ...lines, `& ${text}`, '\\end{aligned}'].join('\n');
}
