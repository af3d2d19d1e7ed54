import { element, picture } from './svg.ts';

export interface DigitOptions {
  readonly title?: string;
  /** Pixels of the screen for one of the digit. */
  readonly scale?: number;
}

/**
 * A picture of a handwritten digit: ink on paper, as it was written. Pixels are 0 (paper) to 255 (ink).
 *
 * @example
 * import { digitSvg } from '@leibniz/trainer/chart';
 *
 * const svg = digitSvg(Uint8Array.of(0, 255, 255, 0), 2, 2, { title: 'A stroke' });
 * svg.match(/<rect class="ink"/g)?.length; // => 2
 */
export function digitSvg(
  pixels: ArrayLike<number>,
  rows: number,
  cols: number,
  options: DigitOptions = {},
): string {
  const { title = 'A handwritten digit', scale = 10 } = options;
  if (pixels.length !== rows * cols) {
    throw new RangeError(
      `Cannot draw ${pixels.length} pixels as ${rows} rows of ${cols}: those are ${rows * cols}`,
    );
  }
  const inked = Array.from(pixels, (value, i) => ink(value, i, cols));
  const margin = 1;
  const group = {
    transform: `scale(${scale}) translate(${margin} ${margin})`,
    'shape-rendering': 'crispEdges',
  };
  const size = { width: (cols + 2 * margin) * scale, height: (rows + 2 * margin) * scale };
  return picture({ ...size, title }, element('g', group, ...inked));
}

/** One pixel, as opaque as it is dark; values out of range are taken as the nearest that is not. */
function ink(value: number, i: number, cols: number): string {
  if (!(value > 0)) return '';
  const opacity = value < 255 ? value / 255 : undefined;
  const place = { x: i % cols, y: Math.floor(i / cols), width: 1, height: 1 };
  return element('rect', { class: 'ink', ...place, 'fill-opacity': opacity });
}
