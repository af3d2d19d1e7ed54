// The command line, apart from the process: arguments in, lines out, an exit code back.

import { parseArgs } from 'node:util';
import type { Assumption, Assumptions } from './assumption.ts';
import { checkClaim, exitOfAll, readClaims, summaryLines } from './claimFile.ts';
import { type Target, toCode } from './code.ts';
import { diff } from './diff.ts';
import { LimitError, SymbolicError, suggestion, visible } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { explain } from './explain.ts';
import { gradient } from './gradient.ts';
import type { Expr } from './node.ts';
import { parse } from './parse.ts';
import { factor, lostConditions } from './rewrites.ts';
import { roots } from './roots.ts';
import { simplify, simplifySteps } from './simplify.ts';
import { toTex } from './tex.ts';
import { type Verification, verify } from './verify.ts';
import { variables } from './walk.ts';

/** 0 done or proved, 1 refuted, 2 usage or unparsable, 3 unknown or limit reached, 4 internal. */
export const EXIT = { done: 0, refuted: 1, usage: 2, unknown: 3, internal: 4 } as const;

export interface Output {
  out(line: string): void;
  error(line: string): void;
  /** What stands in standard input: the formula where `-` is given for one. */
  read?(): string;
  /** The text of a file. */
  readFile?(path: string): string;
  /** Shows how far the work is, over what was shown before. */
  progress?(line: string): void;
}

const HELP = `leibniz — derive it, prove it

Examples
  leibniz diff "log(x^4+x^3+2)"
  leibniz diff "x^2*y" --wrt y --order 2
  leibniz verify "log(x^4+x^3+2)" --claim "(4x^3+3x^2)/log(x^4+x^3+2)"
  leibniz verify --file claims.txt
  leibniz simplify "sqrt(x^2)" --assume x=positive
  leibniz explain "x^2*sin(x)"
  leibniz roots "x^5 - x - 1"
  leibniz eval "x^2 + y" --at x=1/3 --at y=2
  echo "sin(x)/x" | leibniz code - --target python

Commands
  diff FORMULA       the derivative
  verify FORMULA     whether --claim is the derivative: proved, refuted with a point, or unknown
  verify --file PATH all claims of a file: lines d/dx FORMULA = CLAIM, or JSON
  simplify FORMULA   a simpler form, with the conditions under which it is equal
  explain FORMULA    the derivation of the derivative, step by step
  factor FORMULA     numerator and denominator as products of irreducible factors
  roots FORMULA      the real zeros, with their multiplicities
  gradient FORMULA   the derivatives by every variable, or by those of --wrt
  eval FORMULA       its value at the point of --at
  tex FORMULA        the formula in TeX
  code FORMULA       a function in the language of --target

A formula that is - is read from standard input.

Options
  --wrt NAME         the variable to differentiate by (default: the only one); with gradient, NAME,NAME,…
  --order N          how many times (default 1)
  --claim FORMULA    the claimed derivative
  --file PATH        a file of claims; - is standard input
  --at NAME=VALUE    the value of a variable; once for each
  --assume NAME=WHAT what is known of a variable: positive, nonnegative, nonzero, integer; once for each
  --target LANGUAGE  javascript (default), python, c, glsl or wgsl
  --name NAME        the name of the function (default f)
  --tex              print TeX
  --json             print one JSON object
  --help, --version

Exit codes: 0 done or proved, 1 refuted, 2 usage or unparsable, 3 unknown or limit reached, 4 internal error.
For a file of claims: 2 if one is unparsable, else 1 if one is refuted, else 3 if one is unknown.
`;

const OPTIONS = {
  wrt: { type: 'string' },
  order: { type: 'string', default: '1' },
  claim: { type: 'string' },
  file: { type: 'string' },
  at: { type: 'string', multiple: true },
  assume: { type: 'string', multiple: true },
  target: { type: 'string', default: 'javascript' },
  name: { type: 'string', default: 'f' },
  tex: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

/** The words of the command line do not fit together. */
class UsageError extends SymbolicError {
  override readonly code = 'ERR_SYMBOLIC_USAGE';
}

type Arguments = ReturnType<typeof readArguments>;

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const { message } = error as Error;
    const unknown = /^Unknown option '--?([^']+)'/.exec(message)?.[1];
    const near = unknown && suggestion(unknown, Object.keys(OPTIONS));
    const reason = unknown ? `Unknown option --${unknown}` : message.split('. ')[0]!;
    throw new UsageError(near ? `${reason}: did you mean --${near}?` : reason);
  }
}

/** Runs one command. */
export function run(argv: readonly string[], version: string, output: Output): number {
  try {
    return dispatch(readArguments(argv), version, output);
  } catch (error) {
    output.error(`leibniz: ${(error as Error).message}`);
    if (error instanceof LimitError) return EXIT.unknown;
    if (error instanceof UsageError) output.error('Try leibniz --help');
    return error instanceof SymbolicError || error instanceof TypeError ? EXIT.usage : EXIT.internal;
  }
}

type Values = Arguments['values'];
type Command = (e: Expr, values: Values, output: Output) => number;

const COMMANDS: Readonly<Record<string, Command>> = {
  diff: runDiff,
  verify: runVerify,
  simplify: runSimplify,
  explain: runExplain,
  factor: runFactor,
  roots: runRoots,
  gradient: runGradient,
  eval: runEval,
  tex: runTex,
  code: runCode,
};

function dispatch({ values, positionals }: Arguments, version: string, output: Output): number {
  const [command, formula, ...rest] = positionals;
  if (values.version) output.out(version);
  else if (values.help || command === undefined) output.out(HELP.trimEnd());
  if (values.version || values.help) return EXIT.done;
  if (command === undefined) return EXIT.usage;
  if (!Object.hasOwn(COMMANDS, command)) {
    const near = suggestion(command, Object.keys(COMMANDS));
    throw new UsageError(`Unknown command ${command}${near ? `: did you mean ${near}?` : ''}`);
  }
  if (command === 'verify' && values.file !== undefined) return verifyFile(values.file, values, output);
  if (formula === undefined) throw new UsageError(`${command} needs a formula`);
  if (rest.length > 0)
    throw new UsageError(`One formula at a time: put "${formula} ${rest.join(' ')}" in quotes`);
  const text = formula === '-' ? (output.read?.() ?? '') : formula;
  return COMMANDS[command]!(parse(text, { assume: assumptionsOf(values) }), values, output);
}

function assumptionsOf({ assume = [] }: Values): Assumptions {
  const assumptions: Record<string, Assumption[]> = {};
  for (const text of assume) {
    const [, name, what] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (!name || !what) throw new UsageError(`--assume takes NAME=WHAT, found ${text}`);
    assumptions[name] = [...(assumptions[name] ?? []), ...(what.split(',') as Assumption[])];
  }
  return assumptions;
}

/** The variable asked for, or the only one there is. */
function variableOf(e: Expr, { wrt }: Values): string {
  const names = variables(e);
  if (wrt !== undefined) return wrt;
  if (names.length > 1) throw new UsageError(`Say by which variable: --wrt ${names.join(' or --wrt ')}`);
  return names[0] ?? 'x';
}

function orderOf({ order }: Values): number {
  if (!/^\d{1,3}$/.test(order)) throw new UsageError(`--order takes a whole number, found ${order}`);
  return Number(order);
}

function runDiff(e: Expr, values: Values, output: Output): number {
  const wrt = variableOf(e, values);
  const derivative = simplify(diff(e, wrt, orderOf(values)));
  if (values.json) output.out(JSON.stringify({ formula: e, wrt, derivative, tex: toTex(derivative) }));
  else output.out(values.tex ? toTex(derivative) : String(derivative));
  return EXIT.done;
}

function runSimplify(e: Expr, values: Values, output: Output): number {
  const { result, conditions, stopped } = simplifySteps(e);
  if (values.json)
    output.out(JSON.stringify({ formula: e, result, conditions, stopped, tex: toTex(result) }));
  else output.out(`${values.tex ? toTex(result) : result}${conditionText(conditions)}`);
  return EXIT.done;
}

function runExplain(e: Expr, values: Values, output: Output): number {
  const wrt = variableOf(e, values);
  const { result, conditions, steps } = explain(e, wrt);
  if (values.json) {
    output.out(JSON.stringify({ formula: e, wrt, result, conditions, steps }));
    return EXIT.done;
  }
  const width = Math.max(...steps.map(({ rule }) => rule.length));
  steps.forEach(({ rule, before, after, tex, verdict }, i) => {
    const number = `${i + 1}.`.padStart(String(steps.length).length + 1);
    const doubt = verdict === 'proved' ? '' : '  (not refuted, no proof found)';
    output.out(`${number} ${rule.padEnd(width)}  ${values.tex ? tex : `${before} = ${after}`}${doubt}`);
  });
  output.out(`${values.tex ? toTex(result) : result}${conditionText(conditions)}`);
  return EXIT.done;
}

function runFactor(e: Expr, values: Values, output: Output): number {
  const result = factor(e);
  const conditions = lostConditions(e, result);
  if (values.json) output.out(JSON.stringify({ formula: e, result, conditions, tex: toTex(result) }));
  else output.out(`${values.tex ? toTex(result) : result}${conditionText(conditions)}`);
  return EXIT.done;
}

function runRoots(e: Expr, values: Values, output: Output): number {
  const found = roots(e, variableOf(e, values)).map(({ value, approximate, multiplicity }) => ({
    ...(value && { value }),
    approximate,
    multiplicity,
  }));
  if (values.json) output.out(JSON.stringify({ formula: e, roots: found }));
  else if (found.length === 0) output.out('no real roots');
  else
    for (const { value, approximate, multiplicity } of found) {
      const times = multiplicity === 1 ? '' : `   ${multiplicity} times`;
      output.out(`${value === undefined ? approximate : values.tex ? toTex(value) : value}${times}`);
    }
  return EXIT.done;
}

function runGradient(e: Expr, values: Values, output: Output): number {
  const names = values.wrt?.split(',').map((name) => name.trim()) ?? variables(e);
  const partials = gradient(e, names).map((partial) => simplify(partial));
  const byName = Object.fromEntries(names.map((name, i) => [name, partials[i]!]));
  if (values.json) output.out(JSON.stringify({ formula: e, gradient: byName }));
  else
    for (const [name, partial] of Object.entries(byName))
      output.out(`${name}: ${values.tex ? toTex(partial) : partial}`);
  return EXIT.done;
}

function runEval(e: Expr, values: Values, output: Output): number {
  const at = Object.fromEntries(
    (values.at ?? []).map((text) => {
      const [, name, value] = /^\s*([^=\s]+)\s*=(.+)$/.exec(text) ?? [];
      if (!name || !value) throw new UsageError(`--at takes NAME=VALUE, found ${visible(text)}`);
      return [name, evaluate(parse(value))];
    }),
  );
  const value = evaluate(e, at);
  output.out(
    values.json
      ? JSON.stringify({ formula: e, at, value: Number.isFinite(value) ? value : `${value}` })
      : `${value}`,
  );
  return EXIT.done;
}

function runTex(e: Expr, values: Values, output: Output): number {
  output.out(values.json ? JSON.stringify({ formula: e, tex: toTex(e) }) : toTex(e));
  return EXIT.done;
}

function runCode(e: Expr, { target, name, json }: Values, output: Output): number {
  const code = toCode(e, { target: target as Target, name });
  output.out(json ? JSON.stringify({ formula: e, target, code }) : code.trimEnd());
  return EXIT.done;
}

const conditionText = (conditions: readonly Expr[]) =>
  conditions.length === 0 ? '' : `   where ${conditions.join(' and ')}`;

const VERDICT_EXIT = { proved: EXIT.done, refuted: EXIT.refuted, unknown: EXIT.unknown } as const;

function runVerify(e: Expr, values: Values, output: Output): number {
  if (values.claim === undefined)
    throw new UsageError('verify needs the claimed derivative: --claim FORMULA');
  const wrt = variableOf(e, values);
  const claim = parse(values.claim);
  const verification = verify(e, claim, { wrt, order: orderOf(values) });
  if (values.json) output.out(JSON.stringify({ formula: e, wrt, claim, ...verification }));
  else for (const line of verificationLines(claim, verification)) output.out(line);
  return VERDICT_EXIT[verification.verdict];
}

function verifyFile(path: string, { json }: Values, output: Output): number {
  const claims = readClaims(textOf(path, output));
  if (claims.length === 0) throw new UsageError(`${visible(path)} has no claims`);
  const checked = claims.map((claim, i) => {
    output.progress?.(`${i + 1} of ${claims.length}`);
    return checkClaim(claim);
  });
  output.progress?.('');
  if (json) output.out(JSON.stringify(checked));
  else for (const line of summaryLines(checked)) output.out(line);
  return exitOfAll(checked.map(({ verdict }) => verdict));
}

function textOf(path: string, output: Output): string {
  if (path === '-') return output.read?.() ?? '';
  try {
    return output.readFile?.(path) ?? '';
  } catch (error) {
    throw new UsageError(`Cannot read ${visible(path)}: ${(error as Error).message}`);
  }
}

function* verificationLines(claim: Expr, found: Verification): Generator<string> {
  const { verdict, derivative, conditions, witness, ratio, hint, why } = found;
  yield `${verdict}${conditionText(conditions)}`;
  yield `  claimed     ${claim}`;
  yield `  derivative  ${derivative}`;
  if (verdict === 'unknown') yield `  why         ${why}`;
  if (verdict !== 'refuted') return;
  const at = Object.entries(witness!.at).map(([name, value]) => `${name} = ${value}`);
  yield `  at ${at.join(', ') || 'every point'}: claimed ${witness!.left}, true ${witness!.right}`;
  if (ratio) yield `  the claim is off by the factor ${ratio}`;
  if (hint) yield `  hint: ${hint}`;
}
