// The bars that `symbolic` is held to, each measured and printed beside its peer: pnpm bench:symbolic
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tallyDerivatives } from '@leibniz/crosscheck/duals';
import { allocate } from '@leibniz/kernels';
import {
  countNodes,
  diff,
  type Expr,
  gradient,
  parse,
  SymbolicError,
  simplify,
  substitute,
} from '@leibniz/symbolic';
import { compile, compileBatch } from '@leibniz/symbolic/compile';
import * as mathjs from 'mathjs';
import { type Bar, report } from './bar.ts';
import { gzippedSize, PACKAGES } from './bundled.ts';
import { median, race } from './interleaved.ts';
import { nested, nestedText } from './nested.ts';
import { proofBars } from './proofs.ts';
import { derivativeSizes, geometricMean } from './sizes.ts';

const BOOK = 'log(x^4 + x^3 + 2)';

/** The median milliseconds of a few calls. */
function timeOf(work: () => unknown, samples = 7): number {
  work();
  return median(
    Array.from({ length: samples }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
}

const sines = (n: number) => parse(`${'sin('.repeat(n)}x${')'.repeat(n)}`);
const factors = (n: number) => parse(Array.from({ length: n }, (_, k) => `(x + ${k})`).join('*'));

/** Twelve levels of 1 + x·(…). */
const horner = Array.from({ length: 12 }).reduce<string>((text) => `(1 + x*${text})`, 'x');
const HARD = [horner, `${'sin('.repeat(20)}x${')'.repeat(20)}`, nestedText(4), String(factors(50))];

/** Nodes a level, and how the time grows from a fourth of the size. */
function growth(make: (n: number) => Expr, size: number) {
  const [small, large] = [make(size / 4), make(size)];
  const ratio = timeOf(() => diff(large, 'x')) / timeOf(() => diff(small, 'x'));
  return { ratio, nodes: countNodes(diff(large, 'x')) / size };
}

const times = (value: number) => `${value.toFixed(2)}×`;

const BARS: readonly Bar[] = [
  {
    what: 'wrong derivatives of 10,000 random formulas × 20 points, raw, simplified, compiled',
    bar: '0',
    measure() {
      const { wrong, compared } = tallyDerivatives(10_000, 20, 1);
      return { found: `${wrong.length} of ${compared} comparisons`, met: wrong.length === 0 };
    },
  },
  {
    what: 'derivative of f nested 12 deep, against mathjs',
    bar: '≥ 50× faster',
    measure() {
      const [f, node] = [nested(12), mathjs.parse(nestedText(12))];
      const { ratio } = race({
        name: '',
        peer: 'mathjs',
        ours: () => diff(f, 'x'),
        theirs: () => mathjs.derivative(node, 'x', { simplify: false }),
      });
      return { found: times(ratio.median), met: ratio.median >= 50 };
    },
  },
  {
    what: 'f nested 1,000 deep: time against 250 deep, nodes a level',
    bar: 'linear, ≤ 20',
    measure() {
      const { ratio, nodes } = growth(nested, 1000);
      return { found: `${times(ratio)}, ${nodes.toFixed(1)}`, met: ratio <= 6 && nodes <= 20 };
    },
  },
  ...(
    [
      ['sin nested 5,000 deep', sines],
      ['product of 5,000 factors', factors],
    ] as const
  ).map(([what, make]) => ({
    what: `${what}: time against 1,250, nodes a factor`,
    bar: '≤ 6×, ≤ 10',
    measure() {
      const { ratio, nodes } = growth(make, 5000);
      return { found: `${times(ratio)}, ${nodes.toFixed(1)}`, met: ratio <= 6 && nodes <= 10 };
    },
  })),
  {
    what: `8th derivative of ${BOOK}, operations`,
    bar: '≤ 250',
    measure() {
      const operations = operationsOf(String(simplify(diff(BOOK, 'x', 8))));
      return { found: `${operations}`, met: operations <= 250 };
    },
  },
  {
    what: 'size of simplified derivatives against the best of mathjs, SymPy, giac',
    bar: '≤ 1.03',
    measure() {
      const sizes = derivativeSizes();
      const mean = geometricMean(sizes);
      return { found: `${mean.toFixed(3)} over ${sizes.length} functions`, met: mean <= 1.03 };
    },
  },
  {
    what: `d/dx ${BOOK}`,
    bar: 'x^2*(4*x + 3)/(x^4 + x^3 + 2)',
    measure() {
      const found = String(simplify(diff(BOOK, 'x')));
      return { found, met: found === 'x^2*(4*x + 3)/(x^4 + x^3 + 2)' };
    },
  },
  {
    what: 'simplify against mathjs simplify, median over the set',
    bar: '≥ 10× faster',
    measure: simplifyAgainstMathjs,
  },
  { what: 'simplify on the worst cases against the median of the set', bar: '≤ 20×', measure: simplifyWorst },
  {
    what: 'compiled derivative in the loop of listing A.1 against hand-written',
    bar: '≤ 2.5×',
    measure: compiledLoop,
  },
  { what: 'compiled derivative, a lone call against hand-written', bar: '≤ 10×', measure: compiledCall },
  {
    what: 'batch over 1e6 points, in arrays of the kernels, against hand-written',
    bar: '≥ 1.2× as fast',
    measure: () => compiledBatch((length) => allocate('float64', length)),
  },
  {
    what: 'the same in ordinary arrays, copied in and out',
    bar: 'none: what copying alone leaves is printed beside it',
    measure: copiedBatch,
  },
  {
    what: 'gradient of a 1,000-variable function, operations against those of f',
    bar: '≤ 5×',
    measure() {
      const names = Array.from({ length: 1000 }, (_, i) => `x${i}`);
      const f = parse(
        names.map((name, i) => `exp(${name}*${names[(i + 1) % 1000]})*sin(${name})`).join(' + '),
      );
      const sum = substitute('a', {
        a: gradient(f, names).reduce((a, b, i) => substitute(`a + w${i}*b`, { a, b })),
      });
      const ratio = (countNodes(sum) - 2000) / countNodes(f);
      return { found: times(ratio), met: ratio <= 5 };
    },
  },
  {
    what: 'hostile texts, the slowest of parse, print, diff and simplify',
    bar: '≤ 2 s',
    measure() {
      const slowest = Math.max(...Object.values(HOSTILE).map(slowestStep));
      return { found: `${(slowest / 1000).toFixed(1)} s`, met: slowest <= 2000 };
    },
  },
  { what: 'parse + diff + simplify, minified and gzipped', bar: '≤ 30 KB', measure: bundleSize },
  {
    what: 'import and first derivative from the bundled package over bare node',
    bar: '≤ 20 ms',
    measure: startup,
  },
  ...proofBars,
];

/** Texts that overflow, hang or blow up elsewhere. */
const HOSTILE = {
  parentheses: `${'('.repeat(1e5)}x${')'.repeat(1e5)}`,
  signs: `${'-'.repeat(1e5)}x`,
  powers: `${'x^'.repeat(1e5)}x`,
  calls: `${'atan('.repeat(1e5)}x${')'.repeat(1e5)}`,
  fractions: `${'1/(1 + '.repeat(1e5)}x${')'.repeat(1e5)}`,
  ladder: `t0 := x; ${Array.from({ length: 2000 }, (_, i) => `t${i + 1} := t${i}*sin(t${i}) + t${i}^2; `).join('')}t2000`,
  'a huge power': '2^(10^9) + (10^9)! + 9^9^9^9',
};

/** The milliseconds of the slowest step; a typed error is an answer too. */
function slowestStep(text: string): number {
  const times: number[] = [];
  const timed = <T>(step: () => T): T => {
    const start = performance.now();
    try {
      return step();
    } finally {
      times.push(performance.now() - start);
    }
  };
  try {
    const e = timed(() => parse(text));
    for (const step of [String, (f: Expr) => diff(f, 'x'), (f: Expr) => simplify(f)]) timed(() => step(e));
  } catch (error) {
    if (!(error instanceof SymbolicError)) throw error;
  }
  return Math.max(...times);
}

/** Operators and functions of a text. */
function operationsOf(text: string): number {
  let count = 0;
  mathjs.parse(text).traverse((node) => {
    if (node.type === 'OperatorNode' || node.type === 'FunctionNode') count++;
  });
  return count;
}

const SET = derivativeSizes().map(({ formula }) => formula);

const simplifyTimes = () => SET.map((formula) => diff(formula, 'x')).map((e) => timeOf(() => simplify(e), 5));

function simplifyAgainstMathjs() {
  const ratios = SET.flatMap((formula) => {
    try {
      const node = mathjs.derivative(formula, 'x', { simplify: false });
      const raw = diff(formula, 'x');
      simplify(raw);
      mathjs.simplify(node);
      const pairs = Array.from(
        { length: 5 },
        () => [timeOf(() => simplify(raw), 1), timeOf(() => mathjs.simplify(node), 1)] as const,
      );
      return [median(pairs.map(([ours, theirs]) => theirs / ours))];
    } catch {
      return [];
    }
  });
  const found = median(ratios);
  return { found: `${times(found)} over ${ratios.length} functions`, met: found >= 10 };
}

function simplifyWorst() {
  const usual = median(simplifyTimes());
  const worst = HARD.map((formula) => diff(formula, 'x')).map((e) => timeOf(() => simplify(e), 5) / usual);
  return { found: worst.map(times).join(' '), met: Math.max(...worst) <= 20 };
}

const byHand = (x: number) => (4 * x * x * x + 3 * x * x) / (x * x * x * x + x * x * x + 2);

function descend(f: (x: number) => number): number {
  let x = -9.41;
  for (let step = 0; step < 5000; step++) x -= 0.001 * f(x);
  return x;
}

const bookDerivative = simplify(diff(BOOK, 'x'));

function compiledLoop() {
  const f = compile(bookDerivative, ['x']);
  const { ratio } = race({ name: '', peer: 'hand', ours: () => descend(f), theirs: () => descend(byHand) });
  return { found: times(1 / ratio.median), met: 1 / ratio.median <= 2.5 };
}

function compiledCall() {
  const f = compile(bookDerivative, ['x']);
  const { ratio } = race({ name: '', peer: 'hand', ours: () => f(1.5), theirs: () => byHand(1.5) });
  return { found: times(1 / ratio.median), met: 1 / ratio.median <= 10 };
}

/** A million points in arrays made so, against a loop over ordinary ones. */
const POINTS = Float64Array.from({ length: 1e6 }, (_, i) => i / 1e5 - 5);

/** How many times as fast as the loop that one would write. */
function againstLoop(ours: () => unknown): number {
  const out = new Float64Array(POINTS.length);
  const theirs = () => {
    for (let i = 0; i < POINTS.length; i++) out[i] = byHand(POINTS[i]!);
    return out;
  };
  return race({ name: '', peer: 'hand', ours, theirs }).ratio.median;
}

function compiledBatch(make: (length: number) => Float64Array) {
  const f = compileBatch(bookDerivative, ['x']);
  const [column, out] = [make(POINTS.length), make(POINTS.length)];
  column.set(POINTS);
  const ratio = againstLoop(() => f([column], out));
  return { found: times(ratio), met: ratio >= 1.2 };
}

function copiedBatch() {
  const { found } = compiledBatch((length) => new Float64Array(length));
  const [there, back] = [allocate('float64', POINTS.length), new Float64Array(POINTS.length)];
  const roof = againstLoop(() => {
    there.set(POINTS);
    back.set(there);
  });
  return { found: `${found}; copying without computing ${times(roof)}` };
}

async function bundleSize() {
  const size = await gzippedSize("export { parse, diff, simplify } from '@leibniz/symbolic';");
  return { found: `${size.toFixed(1)} KB`, met: size <= 30 };
}

function startup() {
  const built = join(PACKAGES, 'symbolic/dist/index.js');
  if (!existsSync(built)) return { found: 'not built: run pnpm build first', met: false };
  const programs = {
    bare: '',
    ours: `import { diff } from ${JSON.stringify(`file://${built}`)}; diff('log(x^4 + x^3 + 2)', 'x');`,
    mathjs: `import { derivative } from 'mathjs'; derivative('log(x^4 + x^3 + 2)', 'x');`,
  };
  const times = { bare: [] as number[], ours: [] as number[], mathjs: [] as number[] };
  for (let round = 0; round < 15; round++) {
    for (const name of ['bare', 'ours', 'mathjs'] as const) {
      const start = performance.now();
      execFileSync(process.execPath, ['--input-type=module', '-e', programs[name]], {
        cwd: import.meta.dirname,
      });
      times[name].push(performance.now() - start);
    }
  }
  const bare = median(times.bare);
  const [over, peer] = [median(times.ours) - bare, median(times.mathjs) - bare];
  const found = `${over.toFixed(1)} ms; bare node takes ${bare.toFixed(0)} ms, mathjs ${(peer / over).toFixed(0)}× as long`;
  return { found, met: over <= 20 };
}

await report(BARS, process.argv[2]);
