import { ops } from '@leibniz/ops';
import { GREEK_NAMES } from './greek.ts';
import { type Input, toExpr } from './input.ts';
import { grouped, type Piece, render, type Style } from './layout.ts';
import { HELD_DERIVATIVE } from './node.ts';
import { LEVEL } from './precedence.ts';

const style: Style = {
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
    factors.reduce((text, factor) => `${text}${/^[\d-]/.test(factor) ? ' \\cdot ' : ' '}${factor}`),
  fraction: (above, below) => ({
    text: `\\frac{${above.text}}{${below.text}}`,
    level: LEVEL.product,
    degree: above.degree - below.degree,
  }),
  power: (base, exponent) => `${base}^{${exponent.text}}`,
  root: (degree, radicand) => `\\sqrt${degree === 2n ? '' : `[${degree}]`}{${radicand.text}}`,
  call: writeCall,
};

/** x, \alpha, \mathrm{loss}, x_{1}. */
function texName(name: string): string {
  const [, stem = name, index] = /^(\p{L}+?)_?(\d+)$/u.exec(name) ?? [];
  const plain = stem.replaceAll('_', '\\_');
  const body = GREEK_NAMES.has(stem) ? `\\${stem}` : [...stem].length === 1 ? stem : `\\mathrm{${plain}}`;
  return index ? `${body}_{${index}}` : body;
}

/** Templates of what is not in the table; `#n` is grouped where needed, `{#n}` never. */
const TEMPLATES: Readonly<Record<string, { readonly tex: string; readonly level: number }>> = {
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

function writeCall(name: string, args: readonly Piece[]): Piece {
  const entry = ({ ...ops.unary, ...ops.binary } as Record<string, { readonly tex: string }>)[name];
  const { tex, level } = TEMPLATES[name] ?? {
    tex: entry?.tex ?? `${texName(name)}\\left({#1}\\right)`,
    level: LEVEL.power,
  };
  const inner = TEMPLATES[name] ? level + 0.5 : LEVEL.atom + 1;
  const text = tex.replace(/\{#(\d)\}|#(\d)/g, (_, braced: string | undefined, bare: string) => {
    const piece = args[Number(braced ?? bare) - 1]!;
    return braced ? piece.text : grouped(style, piece, inner);
  });
  return { text, level, degree: 0 };
}

/**
 * TeX for people and typesetters: fractions, roots and function names as in print.
 *
 * @example
 * import { toTex } from '@leibniz/symbolic';
 * toTex('x^2/sqrt(x + 1)'); // => \frac{x^{2}}{\sqrt{x + 1}}
 */
export function toTex(e: Input): string {
  return render(toExpr(e), style);
}
