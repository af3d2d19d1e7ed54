// WebAssembly written at run time. Code is text with a character for each byte, since engines join text without copying
// it. An instruction comes after its operands: `op('f32x4.add', a, op('f32x4.mul', b, c))` reads like the formula it
// computes. Binary format: https://webassembly.github.io/spec/core/binary

/** Instructions as text, a character a byte, or a list of them in turn. */
export type Code = string | readonly Code[];

/** A local variable or parameter of the function under construction. */
export interface Local {
  /** The instructions that read and write it. */
  readonly get: string;
  readonly set: string;
}

/** What an instruction takes: code that leaves a value, a local to read, or an i32 constant. */
export type Operand = Code | Local | number;

const VALUE_TYPES = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof VALUE_TYPES;

/** Opcodes of one byte. */
const SCALAR = {
  'i32.load': 0x28,
  'f32.load': 0x2a,
  'f64.load': 0x2b,
  'i32.store': 0x36,
  'f32.store': 0x38,
  'f64.store': 0x39,
  'i32.eqz': 0x45,
  'i32.eq': 0x46,
  'i32.lt_u': 0x49,
  'i32.popcnt': 0x69,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.div_u': 0x6e,
  'i32.and': 0x71,
  'i32.or': 0x72,
  'i32.shl': 0x74,
  'f32.ne': 0x5c,
  'f64.eq': 0x61,
  'f64.ne': 0x62,
  'f64.lt': 0x63,
  'f64.le': 0x65,
  'f64.abs': 0x99,
  'f64.neg': 0x9a,
  'f64.ceil': 0x9b,
  'f64.floor': 0x9c,
  'f64.sqrt': 0x9f,
  'f64.add': 0xa0,
  'f64.sub': 0xa1,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'f64.min': 0xa4,
  'f64.max': 0xa5,
  'i32.trunc_f64_u': 0xab,
  'f32.demote_f64': 0xb6,
  'f64.promote_f32': 0xbb,
} as const;

/** Opcodes after the SIMD prefix. */
const SIMD = {
  'v128.load': 0,
  'v128.load32_splat': 9,
  'v128.load64_splat': 10,
  'v128.store': 11,
  'v128.const': 12,
  'i8x16.shuffle': 13,
  'i8x16.swizzle': 14,
  'i32x4.splat': 17,
  'f32x4.splat': 19,
  'f64x2.splat': 20,
  'f32x4.extract_lane': 31,
  'f32x4.replace_lane': 32,
  'f64x2.extract_lane': 33,
  'f64x2.replace_lane': 34,
  'i32x4.lt_s': 57,
  'f32x4.eq': 65,
  'f32x4.ne': 66,
  'f32x4.lt': 67,
  'f32x4.le': 69,
  'f64x2.eq': 71,
  'f64x2.ne': 72,
  'f64x2.lt': 73,
  'f64x2.le': 75,
  'v128.not': 77,
  'v128.and': 78,
  'v128.or': 80,
  'v128.xor': 81,
  'v128.bitselect': 82,
  'v128.any_true': 83,
  'v128.store32_lane': 90,
  'v128.store64_lane': 91,
  'f32x4.demote_f64x2_zero': 94,
  'f64x2.promote_low_f32x4': 95,
  'f32x4.ceil': 103,
  'f32x4.floor': 104,
  'f32x4.nearest': 106,
  'f64x2.ceil': 116,
  'f64x2.floor': 117,
  'f64x2.nearest': 148,
  'i32x4.bitmask': 164,
  'i32x4.shl': 171,
  'i32x4.shr_u': 173,
  'i32x4.add': 174,
  'i32x4.sub': 177,
  'i32x4.mul': 181,
  'i64x2.bitmask': 196,
  'i64x2.shl': 203,
  'i64x2.shr_u': 205,
  'i64x2.add': 206,
  'i64x2.sub': 209,
  'i64x2.extmul_low_i32x4_u': 222,
  'i64x2.extmul_high_i32x4_u': 223,
  'f32x4.abs': 224,
  'f32x4.neg': 225,
  'f32x4.sqrt': 227,
  'f32x4.add': 228,
  'f32x4.sub': 229,
  'f32x4.mul': 230,
  'f32x4.div': 231,
  'f32x4.min': 232,
  'f32x4.max': 233,
  'f32x4.pmin': 234,
  'f32x4.pmax': 235,
  'f64x2.abs': 236,
  'f64x2.neg': 237,
  'f64x2.sqrt': 239,
  'f64x2.add': 240,
  'f64x2.sub': 241,
  'f64x2.mul': 242,
  'f64x2.div': 243,
  'f64x2.min': 244,
  'f64x2.max': 245,
  'f64x2.pmin': 246,
  'f64x2.pmax': 247,
  'f32x4.relaxed_madd': 0x105,
  'f64x2.relaxed_madd': 0x107,
} as const;

export type Instruction = keyof typeof SCALAR | keyof typeof SIMD;

const byte = String.fromCharCode;

/** An unsigned integer in LEB128: seven bits a byte, the low ones first. */
export function unsigned(n: number): string {
  let bytes = '';
  let rest = n;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes += byte((rest % 128) | 0x80);
  return bytes + byte(rest);
}

/** A signed 32-bit integer in LEB128; bit 6 of the last byte is its sign. */
export function signed(n: number): string {
  let bytes = '';
  let rest = n;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes += byte((rest & 0x7f) | 0x80);
  return bytes + byte(rest & 0x7f);
}

/** The bytes of the numbers in an array, in the order of memory. */
const raw = ({ buffer }: Float64Array | Int32Array): string => byte(...new Uint8Array(buffer));

const opcodes = new Map<Instruction, string>();

function opcode(name: Instruction): string {
  const known = opcodes.get(name);
  if (known !== undefined) return known;
  const code =
    name in SIMD
      ? `\xfd${unsigned(SIMD[name as keyof typeof SIMD])}`
      : byte(SCALAR[name as keyof typeof SCALAR]);
  opcodes.set(name, code);
  return code;
}

/** All of the code as one text. */
function joined(code: Code): string {
  if (typeof code === 'string') return code;
  let text = '';
  for (let at = 0; at < code.length; at++) text += joined(code[at]!);
  return text;
}

/** Code that leaves the operand's value. */
export function get(operand: Operand): string {
  if (typeof operand === 'string') return operand;
  if (typeof operand === 'number') return `\x41${signed(operand)}`;
  return 'get' in operand ? operand.get : joined(operand);
}

function inTurn(operands: readonly Operand[]): string {
  let text = '';
  for (let at = 0; at < operands.length; at++) text += get(operands[at]!);
  return text;
}

/** An instruction without immediates after its operands. */
export const op = (name: Instruction, ...operands: Operand[]): string => inTurn(operands) + opcode(name);

/** A lane of a vector: `extract_lane` of one operand, `replace_lane` of a vector and a scalar. */
export const lane = (name: Instruction, index: number, ...operands: Operand[]): string =>
  op(name, ...operands) + byte(index);

export const set = (local: Local, value: Operand): string => get(value) + local.set;
export const increase = (local: Local, by: Operand): string => set(local, op('i32.add', local, by));

/** Alignment is a mere hint, so every access declares none. */
const access = (offset: number): string => `\0${unsigned(offset)}`;

export const load = (name: Instruction, address: Operand, offset = 0): string =>
  op(name, address) + access(offset);
export const store = (name: Instruction, address: Operand, value: Operand, offset = 0): string =>
  op(name, address, value) + access(offset);

/** Stores one lane of a vector. */
export const storeLane = (
  name: 'v128.store32_lane' | 'v128.store64_lane',
  address: Operand,
  vector: Operand,
  index: number,
  offset = 0,
): string => store(name, address, vector, offset) + byte(index);

/** The bytes of two vectors, picked by 16 indices: 0 to 15 of `a`, 16 to 31 of `b`. */
export const shuffle = (indices: readonly number[], a: Operand, b: Operand): string =>
  op('i8x16.shuffle', a, b) + byte(...indices);

/** A constant double. */
export const double = (x: number): string => `\x44${raw(Float64Array.of(x))}`;

/** A vector constant of four 32-bit integers. */
export const vector128 = (...lanes: readonly [number, number, number, number]): string =>
  opcode('v128.const') + raw(Int32Array.of(...lanes));

/** `a` where the condition is not zero, else `b`. */
export const select = (condition: Operand, a: Operand, b: Operand): string =>
  `${inTurn([a, b, condition])}\x1b`;

/** The smaller of two unsigned numbers, each written twice. */
export const minimum = (a: Operand, b: Operand): string => select(op('i32.lt_u', a, b), a, b);

/** Calls the function of this index: imports come first, in their order. */
export const call = (index: number, ...operands: Operand[]): string =>
  `${inTurn(operands)}\x10${unsigned(index)}`;

/** Blocks, by what they leave: nothing, or a vector. */
const IF = { nothing: '\x04\x40', vector: '\x04\x7b' } as const;
const LOOP = '\x03\x40';
const ELSE = '\x05';
const REPEAT_IF = '\x0d\0';
const END = '\x0b';

/** Runs the body as long as the condition holds, which is tested before each round. */
export const loopWhile = (condition: Code, body: Code): Code => [
  [condition, IF.nothing],
  [LOOP, body, condition, REPEAT_IF, END],
  END,
];

/** Runs the body if the condition holds. */
export const when = (condition: Code, body: Code): Code => [condition, IF.nothing, body, END];

/** Runs one code if the condition holds, else the other. */
export const whether = (condition: Code, then: Code, otherwise: Code): Code => [
  [condition, IF.nothing, then],
  [ELSE, otherwise, END],
];

/** The vector that one or the other code leaves; only that code is run. */
export const choose = (condition: Code, then: Code, otherwise: Code): Code => [
  [condition, IF.vector, then],
  [ELSE, otherwise, END],
];

/** Counts `i` from `from` up to, not including, `to`. */
export const loop = (i: Local, from: Operand, to: Operand, step: Operand, body: Code): Code => [
  set(i, from),
  loopWhile(op('i32.lt_u', i, to), [body, increase(i, step)]),
];

/** Hands out further locals to the body of a function. */
export type Allocate = (type: ValueType) => Local;

export interface FunctionSpec {
  readonly name: string;
  readonly params: readonly ValueType[];
  /** The type of the value that the body leaves, if it leaves one. */
  readonly result?: ValueType;
  readonly body: (local: Allocate, params: readonly Local[]) => Code;
}

/** A function from outside, of doubles to one double. */
export interface Import {
  readonly name: string;
  readonly arity: number;
}

const sized = (bytes: string): string => unsigned(bytes.length) + bytes;
const list = (items: readonly string[]): string => unsigned(items.length) + items.join('');
const section = (id: number, items: readonly string[]): string => byte(id) + sized(list(items));
const valueType = (type: ValueType): string => byte(VALUE_TYPES[type]);

const functionType = (params: readonly ValueType[], results: readonly ValueType[]): string =>
  `\x60${list(params.map(valueType))}${list(results.map(valueType))}`;

function numbered(local: number): Local {
  const index = unsigned(local);
  return { get: `\x20${index}`, set: `\x21${index}` };
}

function functionBody({ params, body }: FunctionSpec): string {
  const locals: string[] = [];
  const allocate: Allocate = (type) => {
    locals.push(`\x01${valueType(type)}`);
    return numbered(params.length + locals.length - 1);
  };
  const code = body(
    allocate,
    params.map((_, index) => numbered(index)),
  );
  const bytes = joined(code);
  return sized(list(locals) + bytes + END);
}

/** The imported memory: a shared one has a maximum, in pages. */
export type MemoryImport = { readonly shared: false } | { readonly shared: true; readonly maximum: number };

const limits = (memory: MemoryImport): string =>
  memory.shared ? `\x03\0${unsigned(memory.maximum)}` : '\0\0';

/** The bytes of a module that imports `env.memory` and the given functions, and exports its own. Names are in ASCII. */
export function assemble(
  functions: readonly FunctionSpec[],
  imports: readonly Import[] = [],
  memory: MemoryImport = { shared: false },
): Uint8Array<ArrayBuffer> {
  const env = sized('env');
  const types = [
    ...imports.map(({ arity }) => functionType(new Array<ValueType>(arity).fill('f64'), ['f64'])),
    ...functions.map(({ params, result }) => functionType(params, result ? [result] : [])),
  ];
  const indices = functions.map((_, index) => unsigned(imports.length + index));
  const module = [
    '\0asm\x01\0\0\0',
    section(1, types),
    section(2, [
      `${env}${sized('memory')}\x02${limits(memory)}`,
      ...imports.map(({ name }, type) => `${env}${sized(name)}\0${unsigned(type)}`),
    ]),
    section(3, indices),
    section(
      7,
      functions.map(({ name }, index) => `${sized(name)}\0${indices[index]}`),
    ),
    section(10, functions.map(functionBody)),
  ].join('');
  const { length } = module;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = module.charCodeAt(at);
  return bytes;
}
