// False claims made of true ones by one edit, the same for the same seed.

/** Numbers in [0, n), deterministic: a linear congruential generator's high bits. */
function randomizer(seed: number): (n: number) => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const SWAPPED: Readonly<Record<string, string>> = {
  sin: 'cos',
  cos: 'sin',
  tan: 'sin',
  sec: 'csc',
  csc: 'sec',
  cot: 'tan',
  sinh: 'cosh',
  cosh: 'sinh',
  tanh: 'sinh',
  sech: 'tanh',
  exp: 'log',
  log: 'exp',
  sqrt: 'cbrt',
  asin: 'atan',
  acos: 'asin',
  atan: 'asin',
  asinh: 'acosh',
  erf: 'tanh',
  erfc: 'erf',
  gamma: 'digamma',
  digamma: 'lgamma',
  max: 'min',
  min: 'max',
  abs: 'relu',
  sign: 'abs',
  sigmoid: 'tanh',
};

const EDITS: readonly { readonly of: RegExp; readonly edit: (found: string) => string }[] = [
  { of: /(?<=[\w)] )[+](?= )/g, edit: () => '-' },
  { of: /(?<=[\w)] )-(?= )/g, edit: () => '+' },
  { of: /(?<![\w.])\d+(?![\d.])/g, edit: (n) => `${Number(n) + 1}` },
  { of: /(?<=[\w)])\*(?=[\w(])/g, edit: () => '/' },
  { of: /(?<=[\w)])\/(?=[\w(])/g, edit: () => '*' },
  { of: new RegExp(`\\b(${Object.keys(SWAPPED).join('|')})(?=\\()`, 'g'), edit: (name) => SWAPPED[name]! },
];

/** The text with one edit, chosen by the seed; nothing where there is nothing to edit. */
export function mutant(text: string, seed: number): string | undefined {
  const random = randomizer(seed);
  const places = EDITS.flatMap(({ of, edit }) => [...text.matchAll(of)].map((match) => ({ match, edit })));
  const place = places[random(places.length)];
  if (!place) return undefined;
  const { match, edit } = place;
  return `${text.slice(0, match.index)}${edit(match[0])}${text.slice(match.index + match[0].length)}`;
}
