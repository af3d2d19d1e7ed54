// Greek letters and their names: α is another spelling of alpha.

const LETTERS = (
  'α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta ϑ theta ι iota κ kappa λ lambda ' +
  'μ mu µ mu ν nu ξ xi π pi ρ rho σ sigma τ tau υ upsilon φ phi ϕ phi χ chi ψ psi ω omega ' +
  'Γ Gamma Δ Delta Θ Theta Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega'
).split(' ');

/** The name of each letter. */
export const GREEK: ReadonlyMap<string, string> = new Map(
  LETTERS.flatMap((letter, i) => (i % 2 === 0 ? [[letter, LETTERS[i + 1]!] as const] : [])),
);

/** The names, which TeX writes as commands. */
export const GREEK_NAMES: ReadonlySet<string> = new Set(GREEK.values());

/** The letter of each name. */
export const GREEK_LETTERS: ReadonlyMap<string, string> = new Map(
  [...GREEK].map(([letter, name]) => [name, letter] as const).reverse(),
);

/** Functions that print calls by a letter; before a parenthesis, the letter is the function. */
export const LETTER_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['Gamma', 'gamma'],
  ['psi', 'digamma'],
  ['sigma', 'sigmoid'],
]);
