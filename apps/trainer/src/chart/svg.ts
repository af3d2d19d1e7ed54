// What every picture here is made of: elements as text, one theme for light and dark pages, and the size of words.

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element as text; attributes that are undefined are left out, numbers keep two decimals. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? short(value) : escaped(value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** A number with two decimals at most: a hundredth of a pixel cannot be seen. */
export const short = (value: number) => String(Math.round(value * 100) / 100 + 0);

/** What XML 1.0 cannot hold even if escaped, or only just: control characters and halves of surrogate pairs. */
const UNPRINTABLE = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escaped = (text: string) =>
  text.replace(UNPRINTABLE, '\ufffd').replace(/[&<>"]/g, (character) => ENTITIES[character]!);

/** Colours of series, the same hues on white and on black; the rest of the theme follows below. */
const LIGHT = ['#2563b0', '#c2571a', '#1f7a4d', '#8a4fb3', '#8f6a00', '#b8326a'];
const DARK = ['#6cabf0', '#f0955c', '#5cc792', '#c197ea', '#dcb53f', '#f07fac'];
const SERIES = LIGHT.map((_, i) => i);

/** The class that paints the i-th of several things. */
export const series = (i: number) => `s${i % LIGHT.length}`;

const theme = (
  paper: string,
  panel: string,
  ink: string,
  soft: string,
  rule: string,
  hues: readonly string[],
) => `
.lz .paper{fill:${paper}}.lz .panel{fill:${panel}}.lz .halo{stroke:${paper}}
.lz .ink{fill:${ink}}.lz .soft{fill:${soft}}.lz .line{stroke:${ink}}.lz .faint{stroke:${soft}}.lz .rule{stroke:${rule}}
${SERIES.map((i) => `.lz .s${i}{stroke:${hues[i]}}.lz .f${i}{fill:${hues[i]}}`).join('')}`;

const STYLE = `${theme('#ffffff', '#f3f5f8', '#1f2328', '#59636e', '#dfe4ea', LIGHT)}
@media (prefers-color-scheme:dark){${theme('#0d1117', '#1b222c', '#e6edf3', '#9aa4af', '#2a323d', DARK)}}
`;

/** The class that fills with the colour of the i-th of several things. */
export const fill = (i: number) => `f${i % LIGHT.length}`;

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Read aloud instead of the picture, with the description. */
  readonly title: string;
  readonly description?: string;
}

/** A whole SVG document on paper of its own, so that it is legible on any page. */
export function picture(size: Picture, ...body: readonly string[]): string {
  const { title, description } = size;
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    class: 'lz',
    'font-family': "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif",
    'font-size': 13,
  };
  return `${element(
    'svg',
    attributes,
    element('title', {}, escaped(title)),
    ...(description === undefined ? [] : [element('desc', {}, escaped(description))]),
    element('style', {}, STYLE),
    element('rect', { class: 'paper', width, height }),
    ...body,
  )}\n`;
}

/** A line of text, or nothing if there are no words. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return words === '' ? '' : element('text', { x, y, class: 'ink', ...attributes }, escaped(words));
}

const NARROW = /[ijltfrI.,:;'|!()[\] ]/;
const WIDE = /[mwMWQ@%—→⟶]/;

/** About how wide a text is, on the generous side: the font is not known here. */
export function textWidth(words: string, size = 13): number {
  let ems = 0;
  for (const character of words) ems += NARROW.test(character) ? 0.36 : WIDE.test(character) ? 0.92 : 0.62;
  return ems * size;
}
