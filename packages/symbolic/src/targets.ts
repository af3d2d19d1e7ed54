// What each target language of `toCode` has: how its functions, choices and numbers are written. `#n` stands for the
// n-th argument, which is grouped where the template does not group it.

export type Target = 'javascript' | 'python' | 'c' | 'glsl' | 'wgsl';

export interface Dialect {
  /** Functions of the table that the language has. Others are composed, helped, or an error. */
  readonly functions: Readonly<Record<string, string>>;
  /** Definitions to put before the function, by the name they are called by. */
  readonly helpers: Readonly<Record<string, string>>;
  readonly pi: string;
  readonly infinity?: string;
  readonly nan?: string;
  /** The largest finite value, where it is less than that of doubles. */
  readonly largest?: number;
  /** A number in the text of which there is no point or exponent. */
  whole(text: string): string;
  /** The signs of and, or, not. */
  readonly connectives: readonly [and: string, or: string, not: string];
  readonly where: string;
  readonly line: (name: string, value: string, isCondition: boolean) => string;
  readonly define: (
    name: string,
    parameters: readonly string[],
    lines: readonly string[],
    result: string,
  ) => string;
  readonly reserved: string;
  /** Names in capitals may be macros. */
  readonly hasMacros?: boolean;
}

const words = (list: string, wrap: (name: string) => string) =>
  Object.fromEntries(list.split(' ').map((name) => [name, wrap(name)] as const));
const call = (name: string) => `${name}({#1})`;
const call2 = (name: string) => `${name}({#1}, {#2})`;

const COMMON = 'sqrt exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh floor ceil';
const C_RESERVED =
  'auto break case char const continue default do double else enum extern float for goto if inline int long register ' +
  'restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false ' +
  'linux unix main asm';
const SHADER_RESERVED =
  `${C_RESERVED} in out inout uniform varying attribute discard vec2 vec3 vec4 mat2 mat3 mat4 precision highp mediump ` +
  'lowp layout flat smooth sample buffer shared texture input output fn let var loop override f32 f16 i32 u32 array ' +
  'ptr sampler filter active half fixed external alias diagnostic enable requires common partition noise1 self mod ' +
  'module move mut of target template this type using where with yield final get set';
const INDENT = '  ';
const body = (lines: readonly string[], result: string) =>
  [...lines, result].map((line) => INDENT + line).join('\n');

const javascript: Dialect = {
  functions: {
    ...words(`${COMMON} cbrt abs sign expm1 log2 log10 log1p`, (name) => call(`Math.${name}`)),
    ...words('min max atan2 hypot', (name) => call2(`Math.${name}`)),
    pow: 'Math.pow({#1}, {#2})',
  },
  helpers: {},
  pi: 'Math.PI',
  infinity: 'Infinity',
  nan: 'NaN',
  whole: (text) => text,
  connectives: ['&&', '||', '!'],
  where: '(#1 ? #2 : #3)',
  line: (name, value) => `const ${name} = ${value};`,
  define: (name, parameters, lines, result) =>
    `export function ${name}(${parameters.join(', ')}) {\n${body(lines, `return ${result};`)}\n}\n`,
  reserved:
    'break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof new null return super switch this throw true try typeof var void while with ' +
    'let static yield await async implements interface package private protected public eval arguments undefined Math ' +
    'NaN Infinity',
};

const python: Dialect = {
  functions: {
    ...words(
      'sqrt exp log sin cos tan sinh cosh tanh floor ceil cbrt abs sign exp2 expm1 log2 log10 log1p',
      (name) => call(`np.${name}`),
    ),
    ...words('asin acos atan asinh acosh atanh', (name) => call(`np.arc${name.slice(1)}`)),
    min: call2('np.minimum'),
    max: call2('np.maximum'),
    atan2: call2('np.arctan2'),
    hypot: call2('np.hypot'),
    pow: call2('np.power'),
    ...words('erf erfc gamma lgamma', (name) => call(`_${name}`)),
  },
  helpers: Object.fromEntries(
    ['erf', 'erfc', 'gamma', 'lgamma'].map((name) => [
      `_${name}`,
      `_${name} = np.vectorize(math.${name}, otypes=[float])\n`,
    ]),
  ),
  pi: 'np.pi',
  infinity: 'np.inf',
  nan: 'np.nan',
  whole: (text) => `${text}.0`,
  connectives: ['&', '|', '~'],
  where: 'np.where({#1}, {#2}, {#3})',
  line: (name, value) => `${name} = ${value}`,
  define: (name, parameters, lines, result) =>
    `def ${name}(${parameters.join(', ')}):\n${[...lines, `return ${result}`].map((line) => `    ${line}`).join('\n')}\n`,
  reserved:
    'False None True and as assert async await break class continue def del elif else except finally for from global ' +
    'if import in is lambda nonlocal not or pass raise return try while with yield match case np math float print',
};

const c: Dialect = {
  functions: {
    ...words(`${COMMON} cbrt exp2 expm1 log2 log10 log1p erf erfc lgamma`, call),
    abs: call('fabs'),
    gamma: call('tgamma'),
    sign: call('sign_of'),
    min: call2('fmin'),
    max: call2('fmax'),
    ...words('atan2 hypot pow', call2),
  },
  helpers: {
    sign_of: 'static double sign_of(double x) {\n  return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;\n}\n',
  },
  pi: '3.141592653589793',
  infinity: 'INFINITY',
  nan: 'NAN',
  whole: (text) => `${text}.0`,
  connectives: ['&&', '||', '!'],
  where: '(#1 ? #2 : #3)',
  line: (name, value, isCondition) => `const ${isCondition ? 'int' : 'double'} ${name} = ${value};`,
  define: (name, parameters, lines, result) =>
    `double ${name}(${parameters.map((parameter) => `double ${parameter}`).join(', ') || 'void'}) {\n` +
    `${body(lines, `return ${result};`)}\n}\n`,
  reserved: C_RESERVED,
  hasMacros: true,
};

/** What shaders compute by other functions, in single precision. */
const shaderHelp = (define: (name: string, parameters: string, value: string) => string) => ({
  log10_of: define('log10_of', 'x', '0.4342944819 * log(x)'),
  cbrt_of: define('cbrt_of', 'x', 'sign(x) * pow(abs(x), 0.3333333333)'),
  expm1_of: define('expm1_of', 'x', 'tanh(0.5 * x) * (exp(x) + 1.0)'),
  log1p_of: define('log1p_of', 'x', '2.0 * atanh(x / (2.0 + x))'),
  hypot_of: define('hypot_of', 'x, y', 'sqrt(x * x + y * y)'),
});

const shader = {
  ...words(`${COMMON} abs sign exp2 log2`, call),
  ...words('log10 cbrt expm1 log1p', (name) => call(`${name}_of`)),
  ...words('min max pow', call2),
  hypot: call2('hypot_of'),
};

const glsl: Dialect = {
  ...c,
  functions: { ...shader, atan2: call2('atan') },
  helpers: shaderHelp((name, parameters, value) => {
    const typed = parameters.replace(/\w+/g, 'float $&');
    return `float ${name}(${typed}) {\n  return ${value};\n}\n`;
  }),
  largest: 3.4028234663852886e38,
  line: (name, value, isCondition) => `${isCondition ? 'bool' : 'float'} ${name} = ${value};`,
  define: (name, parameters, lines, result) =>
    `float ${name}(${parameters.map((parameter) => `float ${parameter}`).join(', ')}) {\n` +
    `${body(lines, `return ${result};`)}\n}\n`,
  reserved: SHADER_RESERVED,
  hasMacros: true,
};

const wgsl: Dialect = {
  ...glsl,
  functions: { ...shader, atan2: call2('atan2') },
  helpers: shaderHelp((name, parameters, value) => {
    const typed = parameters.replace(/\w+/g, '$&: f32');
    return `fn ${name}(${typed}) -> f32 {\n  return ${value};\n}\n`;
  }),
  where: 'select({#3}, {#2}, {#1})',
  line: (name, value) => `let ${name} = ${value};`,
  define: (name, parameters, lines, result) =>
    `fn ${name}(${parameters.map((parameter) => `${parameter}: f32`).join(', ')}) -> f32 {\n` +
    `${body(lines, `return ${result};`)}\n}\n`,
};

export const TARGETS: Readonly<Record<Target, Dialect>> = { javascript, python, c, glsl, wgsl };
