import { bytesOf } from './bytes.ts';
import type { DType } from './dtype.ts';
import { type Field, message } from './protobuf.ts';
import type { Shape } from './shape.ts';
import { internals, type Tensor } from './tensor.ts';

/** ONNX's numbers of the types. */
export const ONNX_TYPES = {
  float32: 1,
  uint8: 2,
  int32: 6,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
} as const satisfies Record<DType, number>;
const INT64 = 7;

const IR_VERSION = 8;
const OPSET = 18;

export interface OnnxValue {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** Nodes and constants in the making. Each value has a name of its own. */
export class OnnxGraph {
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #names: Set<string>;
  readonly #known = new Map<string, string>();

  constructor(reserved: readonly string[]) {
    this.#names = new Set(reserved);
  }

  #named(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#names.has(name); i++) name = `${wanted}_${i}`;
    this.#names.add(name);
    return name;
  }

  /** A node with one result; gives the name of that. Attributes are integers, or lists of them. */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
    output = this.#named(`v${this.#nodes.length}`),
  ): string {
    const fields: Field[] = inputs.map((name): Field => [1, name]);
    fields.push([2, output], [4, type]);
    for (const [name, value] of Object.entries(attributes)) {
      const values: Field[] =
        typeof value === 'number'
          ? [
              [3, value],
              [20, 2],
            ]
          : [...value.map((each): Field => [8, each]), [20, 7]];
      fields.push([5, message([1, name], ...values)]);
    }
    this.#nodes.push(message(...fields));
    return output;
  }

  /** The elements of a tensor as a part of the model. */
  constant(x: Tensor, name = 'c'): string {
    return this.#initializer(name, x.shape, ONNX_TYPES[x.dtype], bytesOf(internals.data(x)));
  }

  /** A vector of 64-bit integers, as shapes and axes are given. */
  integers(values: readonly number[]): string {
    const key = `integers ${values}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const raw = new DataView(new ArrayBuffer(values.length * 8));
    for (const [i, value] of values.entries()) raw.setBigInt64(i * 8, BigInt(value), true);
    const name = this.#initializer('i', [values.length], INT64, new Uint8Array(raw.buffer));
    this.#known.set(key, name);
    return name;
  }

  /** A number of a floating-point type. */
  number(value: number, dtype: 'float32' | 'float64'): string {
    const key = `${dtype} ${Object.is(value, -0) ? '-0' : value}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const array = dtype === 'float32' ? Float32Array.of(value) : Float64Array.of(value);
    const name = this.#initializer('n', [], ONNX_TYPES[dtype], bytesOf(array));
    this.#known.set(key, name);
    return name;
  }

  #initializer(wanted: string, shape: Shape, type: number, raw: Uint8Array): string {
    const name = this.#named(wanted);
    this.#constants.push(message(...shape.map((n): Field => [1, n]), [2, type], [8, name], [9, raw]));
    return name;
  }

  /** The bytes of the whole model. */
  bytes(inputs: readonly OnnxValue[], output: OnnxValue): Uint8Array {
    const described = ({ name, dtype, shape }: OnnxValue) => {
      const lengths = message(...shape.map((n): Field => [1, message([1, n])]));
      return message([1, name], [2, message([1, message([1, ONNX_TYPES[dtype]], [2, lengths])])]);
    };
    const graph = message(
      ...this.#nodes.map((node): Field => [1, node]),
      [2, 'graph'],
      ...this.#constants.map((constant): Field => [5, constant]),
      ...inputs.map((input): Field => [11, described(input)]),
      [12, described(output)],
    );
    return message([1, IR_VERSION], [2, 'leibniz'], [7, graph], [8, message([1, ''], [2, OPSET])]);
  }
}
